"""The command `velora` against the simulator: what it prints, sends and leaves behind."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.simulator import SCOPES, Client, Fault, Simulator
from tests.tooling.environment import ROOT
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.cli.arguments import SHELLS
from velora_core.cli.main import main
from velora_core.messages import Program, speak_for
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

KEY = "live_test_of_the_account"


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    yield
    speak_for(Program.PANEL)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, velora: Simulator) -> Path:
    """Where the command keeps things; there is no keyring."""
    velora.account.stream_key = KEY
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("VELORA_API_URL", velora.api_url)
    monkeypatch.delenv("VELORA_ACCESS_TOKEN", raising=False)
    monkeypatch.delenv("VELORA_CLIENT_ID", raising=False)
    return tmp_path / "XDG_CONFIG_HOME" / "velora-obs"


@pytest.fixture
def token(velora: Simulator, monkeypatch: pytest.MonkeyPatch) -> str:
    issued: str = velora.issue_token()
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", issued)
    return issued


def signed_in(velora: Simulator, folder: Path, left: float = 3600.0) -> str:
    """Store a sign-in as the OBS script does; return its refresh token."""
    registered = velora.register(Client())
    client = ClientCredentials(registered.client_id, Secret(registered.client_secret or ""))
    token = velora.issue_sign_in(expires_in=left)
    assert token.refresh
    tokens = Tokens(
        Secret(token.access), Secret(token.refresh), time.time() + left, frozenset(SCOPES)
    )
    grant = Grant(client, tokens, "Ada", 0.0)
    origin = velora.api_url.partition("/api/")[0]
    Storage(folder, None, origin=origin).save_sign_in(grant)
    return token.refresh


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def command(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "velora_core", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **more,
    )


# -- what is shown -----------------------------------------------------------------------------


def test_info__is_one_request(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.title = "Hello"
    code, out, err = run(capsys, "info")
    assert (code, err) == (0, "")
    assert "The channel is offline.\n" in out
    assert re.search(r"^Title +Hello$", out, re.MULTILINE)
    assert [entry.path for entry in velora.journal.find()] == [
        "/api/integrations/oauth/stream/info"
    ]


def test_info__as_json(velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    velora.account.title = "Ünïcode"
    velora.account.go_live(KEY)
    code, data = as_json(capsys, "info")
    assert code == 0
    assert set(data) == {"live", "title", "category", "tags", "viewers", "started_at"}
    assert data["live"] is True
    assert data["title"] == "Ünïcode"


def test_status__says_who_is_signed_in(
    velora: Simulator, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(velora, folder)
    code, data = as_json(capsys, "status")
    assert code == 0
    assert data["account"]["from"] == "signed_in"
    assert sorted(data["account"]["scopes"]) == sorted(SCOPES)


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_setup__shows_the_key_only_when_asked(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    code, out, err = run(capsys, "setup", *how)
    assert code == 0
    assert KEY not in out + err
    code, out, err = run(capsys, "setup", "--show-key", *how)
    assert code == 0
    assert KEY in out
    assert KEY not in err


def test_categories__first_hundred_and_search(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, listed = as_json(capsys, "categories")
    assert len(listed["categories"]) == 100
    _, found = as_json(capsys, "categories", "--search", "minecraft")
    assert "minecraft" in {one["slug"] for one in found["categories"]}
    code, out, _ = run(capsys, "categories", "--search", "nothing of that name")
    assert code == 0
    assert out == "Velora has no category with “nothing of that name” in its name.\n"


def test_check__says_what_is_wrong(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.streaming_enabled = False
    code, data = as_json(capsys, "check")
    assert code == 1
    assert data["ok"] is False
    assert {"name", "ok", "sentence"} == set(data["checks"][0])


# -- what is sent ------------------------------------------------------------------------------


def test_set__sends_what_is_given(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--title", " Hello ", "--category", "MINECRAFT", "--tag", "english"]
    code, out, _ = run(capsys, "set", *arguments)
    assert code == 0
    assert out == (
        "Velora now has the title “Hello”, the category Minecraft and the tags english.\n"
    )
    (put,) = velora.journal.find("PUT")
    assert put.json == {"title": "Hello", "categorySlug": "minecraft", "tags": ["english"]}


def test_set__clear_tags(velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "set", "--clear-tags") == (
        0,
        {"sent": {"title": None, "category": None, "tags": []}},
    )
    (put,) = velora.journal.find("PUT")
    assert put.json == {"tags": []}


def test_set__part_of_a_name_is_a_question(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "set", "--title", "x", "--category", "minecr")
    assert code == 2
    assert "Did you mean “Minecraft (minecraft)”" in err
    assert velora.journal.find("PUT") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["set"], 2),
        (["set", "--title", "x" * 141], 2),
        (["set", "--title", "two\nlines"], 2),
        (["set", "--tag", "a\x00b"], 2),
        (["regenerate-key"], 2),
    ],
)
def test_nothing_is_sent(
    velora: Simulator,
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    found, out, err = run(capsys, *arguments)
    assert found == code
    assert out == ""
    assert err
    assert velora.journal.find() == []


@pytest.mark.parametrize("arguments", [["set", "--tag", "a", "--clear-tags"], ["no"], []])
def test_usage__is_said(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: velora" in capsys.readouterr().err


def test_regenerate__hides_the_key(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "regenerate-key", "--yes")
    assert code == 0
    assert velora.account.stream_key != KEY
    assert velora.account.stream_key not in out
    assert velora.account.stream_key[-4:] in out


# -- what goes wrong ---------------------------------------------------------------------------

COMMANDS = (
    ["status"], ["setup"], ["info"], ["categories"], ["categories", "--search", "zelda"],
    ["set", "--title", "x"], ["regenerate-key", "--yes"], ["watch"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_not_signed_in__is_said(
    velora: Simulator, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    sentence = "You are not signed in to Velora: run velora sign-in."
    assert run(capsys, *arguments) == (3, "", sentence + "\n")
    code, data = as_json(capsys, *arguments)
    assert code == 3
    assert data == {"error": {"kind": "NotSignedIn", "message": sentence, "transient": False}}


@pytest.mark.parametrize("arguments", COMMANDS[:-1], ids=" ".join)
@pytest.mark.parametrize(
    ("status", "code"), [(401, 3), (403, 3), (429, 4), (500, 4), (503, 4), (418, 1)]
)
def test_error_status__has_its_exit_code(
    velora: Simulator,
    token: str,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    code: int,
) -> None:
    velora.faults.add(Fault.status("*", "", status=status))
    found, data = as_json(capsys, *arguments)
    assert found == code
    assert data["error"]["transient"] is (code == 4)
    assert token not in str(data)


def test_unreachable__is_for_later(
    token: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("VELORA_API_URL", f"http://127.0.0.1:{port}/api/integrations/oauth")
    code, out, err = run(capsys, "info")
    assert (code, out) == (4, "")
    assert err == "Velora can't be reached: check your internet connection, then try again.\n"


# -- signing in --------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found: int = server.getsockname()[1]
        return found


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


def test_sign_in__with_a_token(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    code, data = as_json(capsys, "sign-in", "--with-token")
    assert code == 0
    assert data["signed_in"] is True
    assert run(capsys, "info")[0] == 0


def test_sign_in__without_an_app_says_how_to_get_one(
    velora: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "sign-in")
    assert code == 3
    assert "velora sign-in --client-id ID" in err


# -- in the middle of it -----------------------------------------------------------------------


def wait_for(done: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_watch__shows_changes_until_it_is_stopped(
    velora: Simulator, token: str, number: int, code: int
) -> None:
    with command("watch", "--json", "--every", "5") as process:
        assert process.stdout
        assert process.stderr
        first = json.loads(process.stdout.readline())
        assert first["live"] is False
        velora.account.go_live(KEY)
        assert json.loads(process.stdout.readline())["live"] is True
        process.send_signal(number)
        assert process.wait(20) == code
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def test_interrupted_refresh__is_stored(velora: Simulator, folder: Path) -> None:
    """Ctrl-C while Velora is refreshing the sign-in: the old refresh token is dead by then."""
    old = signed_in(velora, folder, left=0.0)
    velora.faults.add(Fault.latency("POST", "/api/developer/oauth/token", 0.5))
    with command("info") as process:
        wait_for(lambda: velora.refreshes == 1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr
        assert process.stderr.read() == ""
    origin = velora.api_url.partition("/api/")[0]
    stored = Storage(folder, None, origin=origin).sign_in
    assert stored is not None
    assert stored.tokens.refresh is not None
    assert stored.tokens.refresh.reveal() != old
    assert velora.tokens.find_refresh(stored.tokens.refresh.reveal()) is not None


def test_pipe_that_closes__ends_it_quietly(velora: Simulator, token: str) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "velora_core", "categories"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_two_at_once__refresh_once(velora: Simulator, folder: Path) -> None:
    signed_in(velora, folder, left=0.0)
    codes: list[int] = []

    def one() -> None:
        with command("info") as process:
            process.communicate(timeout=30)
            codes.append(process.returncode)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0, 0]
    assert velora.refused_refreshes == 0


# -- the rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_completion__has_every_command(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for name in ("sign-in", "regenerate-key", "clear-tags"):
        assert name in script


def test_completion__in_bash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"])
    script = capsys.readouterr().out
    asked = (
        "COMP_WORDS=(velora set --t); COMP_CWORD=2; _velora; echo ${COMPREPLY[@]}; "
        "COMP_WORDS=(velora reg); COMP_CWORD=1; _velora; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(
        ["bash", "-c", script + asked], capture_output=True, text=True, check=True
    )
    assert done.stdout == "--title --tag\nregenerate-key\n"


def test_no_colour__in_a_pipe(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "check")
    assert "\x1b" not in out
