"""The command `velora` against the simulator: signing in."""

from __future__ import annotations

import codecs
import io
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.command_line.steps import as_json, command, run
from tests.simulator import SCOPES, Client, Fault, Simulator
from velora_core.storage.storage import Storage


def answer(line: str, pages: list[requests.Response], **form: Any) -> None:
    """Answer Velora's page whose address is in a line, as a browser does."""
    found = re.search(r"http\S+", line)
    assert found, line
    query = dict(parse_qs(urlsplit(found[0]).query))
    pages.append(requests.post(found[0].partition("?")[0], data={**query, **form}, timeout=10))


def test_sign_in__and_the_obs_script_is_signed_in_too(
    velora: Simulator, port: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registered = velora.register(Client(redirect_uris=(f"http://localhost:{port}/",)))
    with command(
        "sign-in", "--no-browser", "--port", str(port), "--client-id", registered.client_id,
        "--client-secret", stdin=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write((registered.client_secret or "") + "\n")
        process.stdin.close()
        pages: list[requests.Response] = []
        answer(process.stderr.readline(), pages, answer="allow", allowed=list(SCOPES))
        out = process.stdout.read()
        assert process.wait(20) == 0
    assert "You are signed in to Velora as " in out
    assert "go back to the terminal" in pages[0].text
    origin = velora.api_url.partition("/api/")[0]
    assert Storage(folder, None, origin=origin).sign_in is not None
    assert run(capsys, "info")[0] == 0
    assert run(capsys, "sign-out")[0] == 0
    assert run(capsys, "info")[0] == 3


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp936", "cp932"])
def test_sign_in__with_a_token(
    velora: Simulator,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
) -> None:
    piped = codecs.BOM_UTF8 + velora.issue_token().encode() + b"\r\n"  # as PowerShell may
    stdin = io.TextIOWrapper(io.BytesIO(piped), encoding=encoding)
    monkeypatch.setattr("sys.stdin", stdin)
    code, data = as_json(capsys, "sign-in", "--with-token")
    assert code == 0
    assert data["signed_in"] is True
    assert run(capsys, "info")[0] == 0


@pytest.mark.parametrize(
    ("why", "code", "words"),
    [
        (EOFError(), 2, "There is no access token on standard input"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), 3, "That is not an access token"),
    ],
    ids=["Ctrl-D", "no letter"],
)
def test_sign_in__with_what_a_terminal_can_not_read(
    velora: Simulator,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    why: Exception,
    code: int,
    words: str,
) -> None:
    def ask(_: str) -> str:
        raise why

    monkeypatch.setattr("getpass.getpass", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    found, out, err = run(capsys, "sign-in", "--with-token")
    assert (found, out) == (code, "")
    assert words in err


def test_sign_in__beside_the_variable_is_about_what_is_given(
    velora: Simulator,
    folder: Path,
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("test_token_of_nobody\n"))
    code, out, err = run(capsys, "sign-in", "--with-token")
    assert (code, out) == (3, "")
    assert err.startswith("Velora does not accept your access token (it is wrong")
    assert not (folder / "secrets.json").exists()
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    code, _, err = run(capsys, "sign-in", "--with-token")
    assert (code, err) == (
        0,
        "The access token in VELORA_ACCESS_TOKEN takes precedence, though: remove the variable to "
        "use this sign-in.\n",
    )
    assert (folder / "secrets.json").exists()


def test_sign_in__with_what_no_encoding_fits(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("\ufefftoken\n".encode("utf-16-le")), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(capsys, "sign-in", "--with-token")[0] == 3


def test_damaged_file__is_named_and_kept(
    velora: Simulator,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.mkdir(parents=True)
    file = folder / "secrets.json"
    file.write_text('{"version": 1, "sign_in": {"acc')
    sentence = (
        f"Your sign-in can't be read because the file {file} is damaged: run velora sign-in. "
        f"That keeps the damaged one as {file}.damaged.\n"
    )
    for arguments in (["info"], ["status"], ["set", "--title", "x"], ["watch"]):
        assert run(capsys, *arguments) == (3, "", sentence)
    assert f"!! {sentence}" in run(capsys, "check")[1]
    assert file.read_text().startswith('{"version"')
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    assert run(capsys, "sign-in", "--with-token")[0] == 0
    assert Path(f"{file}.damaged").read_text() == '{"version": 1, "sign_in": {"acc'
    assert run(capsys, "info")[0] == 0


def test_newer_file__is_said_and_left_alone_until_somebody_signs_in(
    velora: Simulator,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.mkdir(parents=True)
    file = folder / "secrets.json"
    newer = '{"version": 2, "sign_in": ["live_test_newer"]}'
    file.write_text(newer)
    sentence = (
        "Your sign-in can't be read because a newer version of this program has written the file "
        f"{file}. Nothing was changed: install that version again, or run velora sign-in, which "
        f"keeps that file as {file}.newer.\n"
    )
    for arguments in (["info"], ["status"], ["set", "--title", "x"], ["watch"]):
        assert run(capsys, *arguments) == (3, "", sentence)
    assert f"!! {sentence}" in run(capsys, "check")[1]
    assert file.read_text() == newer
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    assert run(capsys, "sign-in", "--with-token")[0] == 0
    assert Path(f"{file}.newer").read_text() == newer
    assert run(capsys, "info")[0] == 0


@pytest.mark.parametrize(
    ("typed", "fault", "code"),
    [
        ("test_token_of_nobody\n", None, 3),
        ("test_token_of_nobody\n", 503, 4),
        ("", None, 2),
        ("\n", None, 2),
        ("two words\n", None, 3),
    ],
)
def test_sign_in__with_a_bad_token_keeps_the_stored_one(
    velora: Simulator,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    fault: int | None,
    code: int,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    assert run(capsys, "sign-in", "--with-token")[0] == 0
    if fault:
        velora.faults.add(Fault.status("*", "", status=fault))
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert run(capsys, "sign-in", "--with-token")[0] == code
    velora.faults.clear()
    assert run(capsys, "info")[0] == 0


def test_sign_in__with_a_token_that_may_not_say_whose_it_is(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = velora.issue_token(frozenset({"stream:read"}))
    monkeypatch.setattr("sys.stdin", io.StringIO(token + "\n"))
    assert as_json(capsys, "sign-in", "--with-token") == (
        0,
        {"signed_in": True, "name": None, "withheld": []},
    )
    assert run(capsys, "info")[0] == 0


def test_sign_in__without_an_app_says_how_to_get_one(
    velora: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "sign-in")
    assert code == 3
    assert "velora sign-in --client-id ID" in err
