"""A text that a program of the system holds: real processes, as on Linux."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import KEY, wait_for
from velora_core.app.clipboard import Clipboard
from velora_core.errors import ClipboardRefused

HOLDS = 'printf "%s " "$@" >"$0.arguments"; /bin/cat >"$0.text"; exec /bin/sleep 60'
"""As xclip does: it offers the text for as long as it runs."""
FAILS = "/bin/cat >/dev/null; exit 1"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """What was started, and is ended where it has not ended by itself."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr("subprocess.Popen", start)
    yield started
    for item in started:
        item.kill()
        item.wait()


@pytest.fixture
def programs(tmp_path: Path) -> Callable[..., Clipboard]:
    """Make a Linux that has these programs, by name."""

    def make(**scripts: str) -> Clipboard:
        for name, script in scripts.items():
            file = tmp_path / name
            file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            file.chmod(0o755)
        return Clipboard({"PATH": str(tmp_path), "DISPLAY": ":7"}, "linux")

    return make


def test_held__through_a_pipe_and_until_it_is_taken_back(
    programs: Callable[..., Clipboard], tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    timeout = 'echo "$1" >"$0.seconds"; shift; exec "$@"'
    copied = programs(timeout=timeout, xclip=HOLDS).copy(KEY, seconds=30.0)
    text = tmp_path / "xclip.text"
    wait_for(lambda: text.exists() and text.read_text(encoding="utf-8") == KEY)
    assert (tmp_path / "timeout.seconds").read_text(encoding="utf-8") == "30\n"
    assert KEY not in (tmp_path / "xclip.arguments").read_text(encoding="utf-8")
    assert started[0].poll() is None
    copied.take_back()
    wait_for(lambda: started[0].poll() is not None)


def test_something_else_was_copied__nothing_is_taken_back(
    programs: Callable[..., Clipboard], started: list[subprocess.Popen[bytes]]
) -> None:
    copied = programs(xclip=HOLDS).copy(KEY)
    started[0].kill()  # as if another program had the clipboard now
    started[0].wait()
    copied.take_back()


def test_that_ends_at_once__has_failed(
    programs: Callable[..., Clipboard],
    monkeypatch: pytest.MonkeyPatch,
    started: list[subprocess.Popen[bytes]],
) -> None:
    monkeypatch.setattr("velora_core.app.clipboard._STARTS", 60.0)  # however late it gets its turn
    with pytest.raises(ClipboardRefused):
        programs(xclip=FAILS).copy(KEY)
