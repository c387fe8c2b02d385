"""The programs in docs/examples, run as a reader runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.simulator import SCOPES, Client, Simulator
from tests.tooling.environment import ROOT
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.secret import Secret

EXAMPLES = ROOT / "docs" / "examples"
KEY = "live_test_of_the_account"

# Stands in for ffmpeg or GStreamer, and writes down how it was called.
_PROGRAM = """\
#!/bin/sh
printf '%s\\n' "$@" > "$0.called"
"""


@pytest.fixture(autouse=True)
def _environment(velora: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    velora.account.stream_key = KEY
    monkeypatch.setenv("VELORA_API_URL", velora.api_url)
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", velora.issue_token())
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_example__is_run_here_and_named_in_the_docs() -> None:
    here, docs = Path(__file__).read_text(), (ROOT / "docs" / "library.md").read_text()
    names = [path.name for path in EXAMPLES.glob("*.py")]
    assert len(names) == 5
    for name in names:
        assert f'"{name}"' in here
        assert f"(examples/{name})" in docs


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that do nothing but write down how they were called."""
    for name in ("ffmpeg", "gst-launch-1.0"):
        program = tmp_path / name
        program.write_text(_PROGRAM)
        program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def test_ffmpeg__title_first_then_the_stream(velora: Simulator, called: Path) -> None:
    done = run("ffmpeg_stream.py", "film.mp4", "Hello", "minecraft")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (velora.account.title, velora.account.category_slug) == ("Hello", "minecraft")
    words = (called / "ffmpeg.called").read_text().split("\n")
    assert words[-2] == f"{velora.account.rtmp_url}/{KEY}"
    assert words[words.index("-bf") + 1] == "0"


def test_gstreamer__title_first_then_the_stream(velora: Simulator, called: Path) -> None:
    done = run("gstreamer_stream.py", "a film.mp4", "Hello", "minecraft")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (velora.account.title, velora.account.category_slug) == ("Hello", "minecraft")
    words = (called / "gst-launch-1.0.called").read_text().split("\n")
    assert f"location={velora.account.rtmp_url}/{KEY}" in words
    assert [word for word in words if word.startswith("uri=file:///") and "a%20film.mp4" in word]
    assert "bframes=0" in words


def test_ffmpeg__what_velora_refuses_is_one_sentence(velora: Simulator) -> None:
    done = run("ffmpeg_stream.py", "film.mp4", "x" * 141)
    assert done.returncode == 1
    assert done.stderr == (
        "The title has 141 characters, and Velora allows 140: shorten it by 1.\n"
    )


def signed_in_users(velora: Simulator, folder: Path, count: int) -> dict[Path, str]:
    """Sign users in whose access tokens have run out; return their files and refresh tokens."""
    registered = velora.register(Client())
    client = ClientCredentials(registered.client_id, Secret(registered.client_secret or ""))
    found = {}
    for number in range(count):
        token = velora.issue_sign_in(expires_in=0)
        assert token.refresh
        tokens = Tokens(Secret(token.access), Secret(token.refresh), time.time(), frozenset(SCOPES))
        file = folder / f"user{number:02}.json"
        file.write_text(json.dumps(Grant(client, tokens, "", 0.0).to_json()))
        found[file] = token.refresh
    return found


def assert_each_was_refreshed_once(velora: Simulator, before: dict[Path, str]) -> None:
    assert velora.refreshes == len(before)
    assert velora.refused_refreshes == 0
    for file, refresh in before.items():
        grant = Grant.from_json(json.loads(file.read_text()))
        assert grant is not None
        kept = grant.tokens.refresh
        assert kept is not None
        assert kept.reveal() != refresh
        assert velora.tokens.find_refresh(kept.reveal()) is not None


def test_many_users__each_refreshed_and_stored(velora: Simulator, tmp_path: Path) -> None:
    before = signed_in_users(velora, tmp_path, 20)
    done = run("many_users.py", str(tmp_path), "Together")
    assert done.returncode == 0
    assert done.stdout.split("\n")[:-1] == [f"user{number:02}: done" for number in range(20)]
    assert_each_was_refreshed_once(velora, before)


def test_web_service__many_at_once(velora: Simulator, tmp_path: Path) -> None:
    before = signed_in_users(velora, tmp_path, 10)
    arguments = [sys.executable, str(EXAMPLES / "web_service.py"), str(tmp_path), "0"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        address = service.stdout.readline().strip()

        def put(name: str, title: str = "Hello") -> tuple[int, str]:
            url = f"{address}/users/{name}/title"
            answer = requests.put(url, data=title, timeout=30)
            return answer.status_code, answer.text

        with ThreadPoolExecutor(20) as pool:  # several requests for each user, all at once
            answers = list(pool.map(put, [file.stem for file in before] * 3))
        assert answers == [(200, "Done.\n")] * 30
        assert put("nobody") == (404, "nobody has not signed in.\n")
        assert put("user00", "x" * 141) == (
            422,
            "The title has 141 characters, and Velora allows 140: shorten it by 1.\n",
        )
        assert put("user00", "")[0] == put("../user00")[0] == 400
        service.terminate()
    assert velora.account.title == "Hello"
    assert len(velora.journal.find("PUT")) == 30
    assert_each_was_refreshed_once(velora, before)
    if os.name == "posix":
        assert all(file.stat().st_mode & 0o077 == 0 for file in before)


def test_asyncio__two_calls_at_once(velora: Simulator) -> None:
    velora.account.title = "Hello"
    done = run("asyncio_status.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(" is offline: Hello\n")
