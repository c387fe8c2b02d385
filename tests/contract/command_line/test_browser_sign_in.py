"""`velora sign-in` through a browser, whose user allows, denies or does nothing."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.command_line.steps import as_json, run
from tests.simulator import SCOPES, Client, Simulator
from velora_core.auth.browser_flow import BrowserFlow
from velora_core.auth.scopes import FREE_SCOPES
from velora_core.cli.exit_codes import ExitCode
from velora_core.cli.output import Output
from velora_core.errors import BrowserMissing

Answer = Callable[..., list[dict[str, list[str]]]]


def visit(address: str, **form: Any) -> None:
    """Open Velora's page, and answer it."""
    query = parse_qs(urlsplit(address).query)
    requests.post(address.partition("?")[0], data={**query, **form}, timeout=10)


@pytest.fixture
def arguments(velora: Simulator, port: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command line with an app of the user's own; its secret is on standard input."""
    registered = velora.register(Client(redirect_uris=(f"http://localhost:{port}/",)))
    monkeypatch.setattr("sys.stdin", io.StringIO((registered.client_secret or "") + "\n"))
    app = ("--client-id", registered.client_id, "--client-secret")
    return ["sign-in", "--port", str(port), *app]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Have the browser's user answer so; what the page was asked for is added to the list."""

    def answering(**form: Any) -> list[dict[str, list[str]]]:
        asked: list[dict[str, list[str]]] = []

        def browse(address: str) -> None:
            asked.append(parse_qs(urlsplit(address).query))
            threading.Thread(target=visit, args=(address,), kwargs=form, daemon=True).start()

        monkeypatch.setattr("velora_core.cli.sign_in.open_browser", browse)
        return asked

    return answering


def test_allowed__is_signed_in(
    answering: Answer, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(answer="allow", allowed=list(SCOPES))
    code, data = as_json(capsys, *arguments)
    assert code == ExitCode.OK
    assert data["signed_in"] is True
    assert data["withheld"] == []
    assert run(capsys, "info")[0] == ExitCode.OK


def test_allowed_in_part__says_what_is_withheld(
    answering: Answer, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(answer="allow", allowed=[scope for scope in SCOPES if scope != "stream:key"])
    code, out, _ = run(capsys, *arguments)
    assert code == ExitCode.OK
    assert "You are signed in to Velora as " in out
    assert "stream:key" in out


def test_without_approval__asks_for_less(
    answering: Answer, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answering(answer="allow", allowed=list(SCOPES))
    assert run(capsys, *arguments, "--without-approval")[0] == ExitCode.OK
    assert asked[0]["scope"][0].split() == list(FREE_SCOPES)


def test_denied__is_said(
    answering: Answer, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answering(answer="deny")
    code, out, err = run(capsys, *arguments)
    assert code != ExitCode.OK
    assert out == ""
    assert "http" in err.splitlines()[0]  # where to sign in
    assert len(err.splitlines()) > 1
    assert run(capsys, "info")[0] == ExitCode.SIGN_IN


def test_code_that_is_refused__is_said_and_nobody_is_signed_in(
    answering: Answer,
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("test_not_the_secret_of_the_app\n"))
    answering(answer="allow", allowed=list(SCOPES))
    code, out, err = run(capsys, *arguments)
    assert code != ExitCode.OK
    assert out == ""
    assert "test_not_the_secret" not in err
    assert run(capsys, "info")[0] == ExitCode.SIGN_IN


def test_nobody_answers__ends(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.cli.sign_in.TIMEOUT", 0.2)
    code, out, err = run(capsys, *arguments, "--no-browser")
    assert code != ExitCode.OK
    assert out == ""
    assert len(err.splitlines()) == 2  # where to sign in, and that nobody did


def test_no_browser_opens__is_said_and_the_address_still_counts(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses: list[str] = []
    hint = Output.hint

    def browse(address: str) -> None:
        addresses.append(address)
        raise BrowserMissing

    def read(output: Output, sentence: str) -> None:
        hint(output, sentence)
        if sentence == str(BrowserMissing()):
            visit(addresses[0], answer="allow", allowed=list(SCOPES))

    monkeypatch.setattr("velora_core.cli.sign_in.open_browser", browse)
    monkeypatch.setattr(Output, "hint", read)
    code, _, err = run(capsys, *arguments)
    assert code == ExitCode.OK
    assert addresses[0] in err.splitlines()[0]
    assert err.splitlines()[1] == str(BrowserMissing())


def test_answered_at_once__the_address_is_said_all_the_same(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, answered = BrowserFlow.begin, threading.Event()

    def begin_slowly(flow: BrowserFlow, *values: Any, **options: Any) -> None:
        begin(flow, *values, **options)
        answered.wait(0.5)  # which a browser that is open already may need less than

    def browse(address: str) -> None:
        visit(address, answer="deny")
        answered.set()

    monkeypatch.setattr(BrowserFlow, "begin", begin_slowly)
    monkeypatch.setattr("velora_core.cli.sign_in.open_browser", browse)
    _, _, err = run(capsys, *arguments)
    assert "http" in err.splitlines()[0]


def test_that_cannot_be_stored__is_no_success(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("velora_core.storage.private_file.os.replace", fail)
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    code, out, err = run(capsys, "sign-in", "--with-token")
    assert code == ExitCode.FAILED
    assert out == ""
    assert err


def test_terminal__does_not_show_what_is_typed(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []
    token = velora.issue_token()
    monkeypatch.setattr("sys.stdin", Terminal())

    def type_token(prompt: str) -> str:
        asked.append(prompt)
        return token

    monkeypatch.setattr("getpass.getpass", type_token)
    assert run(capsys, "sign-in", "--with-token")[0] == ExitCode.OK
    assert len(asked) == 1
