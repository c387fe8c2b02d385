"""The programs in docs/examples, run as a reader runs them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulator import SCOPES, Client, Simulator
from tests.tooling.environment import ROOT
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.secret import Secret

EXAMPLES = ROOT / "docs" / "examples"
KEY = "live_test_of_the_account"

# Stands in for ffmpeg, and writes down how it was called.
_FFMPEG = """\
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
    assert len(names) == 3
    for name in names:
        assert f'run("{name}"' in here
        assert f"(examples/{name})" in docs


def test_ffmpeg__title_first_then_the_stream(
    velora: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ffmpeg = tmp_path / "ffmpeg"
    ffmpeg.write_text(_FFMPEG)
    ffmpeg.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    done = run("ffmpeg_stream.py", "film.mp4", "Hello", "minecraft")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (velora.account.title, velora.account.category_slug) == ("Hello", "minecraft")
    called = (tmp_path / "ffmpeg.called").read_text().split("\n")
    assert called[-2] == f"{velora.account.rtmp_url}/{KEY}"
    assert called[called.index("-bf") + 1] == "0"


def test_ffmpeg__what_velora_refuses_is_one_sentence(velora: Simulator) -> None:
    done = run("ffmpeg_stream.py", "film.mp4", "x" * 141)
    assert done.returncode == 1
    assert done.stderr == (
        "The title has 141 characters, and Velora allows 140: shorten it by 1.\n"
    )


def test_many_users__each_refreshed_and_stored(velora: Simulator, tmp_path: Path) -> None:
    registered = velora.register(Client())
    client = ClientCredentials(registered.client_id, Secret(registered.client_secret or ""))
    refresh_before = {}
    for number in range(20):
        token = velora.issue_sign_in(expires_in=0)
        assert token.refresh
        tokens = Tokens(Secret(token.access), Secret(token.refresh), time.time(), frozenset(SCOPES))
        file = tmp_path / f"user{number:02}.json"
        file.write_text(json.dumps(Grant(client, tokens, "", 0.0).to_json()))
        refresh_before[file] = token.refresh
    done = run("many_users.py", str(tmp_path), "Together")
    assert done.returncode == 0
    assert done.stdout.split("\n")[:-1] == [f"user{number:02}: done" for number in range(20)]
    assert velora.refreshes == 20
    assert velora.refused_refreshes == 0
    for file, before in refresh_before.items():
        grant = Grant.from_json(json.loads(file.read_text()))
        assert grant is not None
        kept = grant.tokens.refresh
        assert kept is not None
        assert kept.reveal() != before
        assert velora.tokens.find_refresh(kept.reveal()) is not None


def test_asyncio__two_calls_at_once(velora: Simulator) -> None:
    velora.account.title = "Hello"
    done = run("asyncio_status.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(" is offline: Hello\n")
