"""The clipboard of each system: what is put there, by whom, and how it is taken out again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import KEY, wait_for
from velora_core.app.clipboard import Clipboard
from velora_core.errors import ClipboardMissing, ClipboardRefused

HOLDS = 'printf "%s " "$@" >"$0.arguments"; /bin/cat >"$0.text"; exec /bin/sleep 60'
"""As xclip does: it offers the text for as long as it runs."""
FAILS = "/bin/cat >/dev/null; exit 1"


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """What was started and has not ended by itself is ended; a start is not waited for long."""
    monkeypatch.setattr("velora_core.app.clipboard._STARTS", 0.1)
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr("subprocess.Popen", start)
    yield started
    for item in started:
        if item.poll() is None:
            item.kill()
        item.wait()


@pytest.fixture
def programs(tmp_path: Path) -> Callable[..., Clipboard]:
    """Make a Linux that has these programs, by name."""

    def make(screens: str = "DISPLAY WAYLAND_DISPLAY", **scripts: str) -> Clipboard:
        for name, script in scripts.items():
            file = tmp_path / name.replace("_", "-")
            file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            file.chmod(0o755)
        environment = {"PATH": str(tmp_path), **dict.fromkeys(screens.split(), ":7")}
        return Clipboard(environment, "linux")

    return make


def text_of(tmp_path: Path, name: str) -> str:
    file = tmp_path / f"{name}.text"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_held__through_a_pipe_and_until_it_is_taken_back(
    programs: Callable[..., Clipboard], tmp_path: Path, ended: list[subprocess.Popen[bytes]]
) -> None:
    copied = programs(xclip=HOLDS).copy(KEY)
    wait_for(lambda: text_of(tmp_path, "xclip") == KEY)
    arguments = (tmp_path / "xclip.arguments").read_text(encoding="utf-8")
    assert KEY not in arguments
    assert "-selection clipboard" in arguments
    assert ended[0].poll() is None
    copied.take_back()
    assert ended[0].poll() is not None


def test_something_else_was_copied__nothing_is_taken_back(
    programs: Callable[..., Clipboard], ended: list[subprocess.Popen[bytes]]
) -> None:
    copied = programs(xclip=HOLDS).copy(KEY)
    ended[0].kill()  # as if another program had the clipboard now
    ended[0].wait()
    copied.take_back()


def test_a_secret__ends_with_its_time_even_if_this_program_crashes(
    programs: Callable[..., Clipboard], tmp_path: Path
) -> None:
    timeout = 'echo "$1" >"$0.seconds"; shift; exec "$@"'
    copied = programs(timeout=timeout, xclip=HOLDS).copy(KEY, seconds=30.0)
    wait_for(lambda: text_of(tmp_path, "xclip") == KEY)
    assert (tmp_path / "timeout.seconds").read_text(encoding="utf-8") == "30\n"
    copied.take_back()


@pytest.mark.parametrize(
    ("screens", "scripts", "used"),
    [
        ("DISPLAY WAYLAND_DISPLAY", {"wl_copy": HOLDS, "xclip": HOLDS}, "wl-copy"),
        ("DISPLAY", {"wl_copy": HOLDS, "xclip": HOLDS}, "xclip"),
        ("DISPLAY", {"xsel": HOLDS}, "xsel"),
        ("DISPLAY WAYLAND_DISPLAY", {"wl_copy": FAILS, "xclip": HOLDS}, "xclip"),
    ],
)
def test_the_first_program_that_works(
    programs: Callable[..., Clipboard],
    tmp_path: Path,
    screens: str,
    scripts: dict[str, str],
    used: str,
) -> None:
    copied = programs(screens, **scripts).copy("rtmp://ingest.test/live")
    wait_for(lambda: text_of(tmp_path, used) == "rtmp://ingest.test/live")
    copied.take_back()


def test_none__says_what_to_install(programs: Callable[..., Clipboard]) -> None:
    with pytest.raises(ClipboardMissing, match="install wl-clipboard or xclip"):
        programs().copy(KEY)
    with pytest.raises(ClipboardMissing):
        programs("", xclip=HOLDS).copy(KEY)


def test_none_that_works__says_so(programs: Callable[..., Clipboard]) -> None:
    with pytest.raises(ClipboardRefused):
        programs(xclip=FAILS, xsel="exit 1").copy(KEY)


class Pasteboard:
    """macOS's."""

    def __init__(self) -> None:
        self.text = "before"
        self.commands: list[list[str]] = []

    def run(self, command: list[str], *, input: bytes, **_: Any) -> Any:  # noqa: A002
        self.commands.append(command)
        if command == ["/usr/bin/pbcopy"]:
            self.text = input.decode()
        return SimpleNamespace(stdout=self.text.encode())


@pytest.mark.parametrize(("then", "left"), [(KEY, ""), ("mine", "mine")])
def test_macos(monkeypatch: pytest.MonkeyPatch, then: str, left: str) -> None:
    pasteboard = Pasteboard()
    monkeypatch.setattr("subprocess.run", pasteboard.run)
    copied = Clipboard({}, "darwin").copy(KEY, seconds=30.0)
    assert pasteboard.text == KEY
    pasteboard.text = then
    copied.take_back()
    assert pasteboard.text == left
    assert KEY not in str(pasteboard.commands)


def test_macos__without_its_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("subprocess.run", fail)
    with pytest.raises(ClipboardRefused):
        Clipboard({}, "darwin").copy(KEY)


def test_platform__is_this_ones() -> None:
    assert Clipboard({})._platform == sys.platform
