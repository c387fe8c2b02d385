"""The clipboard of each system: what is put there, by whom, and how it is taken out again."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import KEY
from velora_core.app.clipboard import Clipboard
from velora_core.errors import ClipboardMissing, ClipboardRefused

HOLDS, FAILS = None, 1
"""How a program is that was given a text: it offers that as long as it runs, or ends."""
Programs = Callable[..., Clipboard]


class Program:
    """A program that was started, as `subprocess` has it; no process, and no time passes."""

    def __init__(self, command: Sequence[str], ends: int | None, environment: object) -> None:
        self.command = command
        self.ended = ends
        self.environment = environment
        self.text = ""
        self.stdin = io.BytesIO()
        self.stdin.close = self._given  # type: ignore[method-assign]

    def _given(self) -> None:
        self.text = self.stdin.getvalue().decode()

    def poll(self) -> int | None:
        return self.ended

    def wait(self, timeout: float) -> int:
        if self.ended is None:
            raise subprocess.TimeoutExpired(self.command, timeout)
        return self.ended

    def terminate(self) -> None:
        self.ended = -15


@pytest.fixture
def started() -> list[Program]:
    return []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Program]) -> Programs:
    """Make a Linux that has these programs, by name."""

    def make(screens: str = "DISPLAY WAYLAND_DISPLAY", **ends: int | None) -> Clipboard:
        for name in ends:
            file = tmp_path / name.replace("_", "-")
            file.touch(0o755)

        def start(command: Sequence[str], *, env: Mapping[str, str], **_: Any) -> Program:
            name = Path(command[0]).name.replace("-", "_")
            started.append(Program(command, ends[name], env))
            return started[-1]

        monkeypatch.setattr("subprocess.Popen", start)
        environment = {"PATH": str(tmp_path), **dict.fromkeys(screens.split(), ":7")}
        return Clipboard(environment, "linux")

    return make


def test_held__through_a_pipe_and_until_it_is_taken_back(
    programs: Programs, started: list[Program]
) -> None:
    copied = programs(xclip=HOLDS).copy(KEY)
    assert started[0].text == KEY
    assert KEY not in str(started[0].command)
    assert KEY not in str(started[0].environment)
    assert "-selection clipboard" in " ".join(started[0].command)
    assert started[0].ended is None
    copied.take_back()
    assert started[0].ended is not None


def test_something_else_was_copied__nothing_is_taken_back(
    programs: Programs, started: list[Program]
) -> None:
    copied = programs(xclip=HOLDS).copy(KEY)
    started[0].ended = 0  # another program has the clipboard now
    copied.take_back()
    assert started[0].ended == 0


def test_a_secret__ends_with_its_time_even_if_this_program_crashes(
    programs: Programs, started: list[Program]
) -> None:
    programs(timeout=HOLDS, xclip=HOLDS).copy(KEY, seconds=30.0)
    assert [Path(word).name for word in started[0].command[:3]] == ["timeout", "30", "xclip"]
    assert started[0].text == KEY


@pytest.mark.parametrize(
    ("screens", "ends", "used"),
    [
        ("DISPLAY WAYLAND_DISPLAY", {"wl_copy": HOLDS, "xclip": HOLDS}, "wl-copy"),
        ("DISPLAY", {"wl_copy": HOLDS, "xclip": HOLDS}, "xclip"),
        ("DISPLAY", {"xsel": HOLDS}, "xsel"),
        ("DISPLAY WAYLAND_DISPLAY", {"wl_copy": FAILS, "xclip": HOLDS}, "xclip"),
    ],
)
def test_the_first_program_that_works(
    programs: Programs,
    started: list[Program],
    screens: str,
    ends: dict[str, int | None],
    used: str,
) -> None:
    programs(screens, **ends).copy("rtmp://ingest.test/live")
    assert Path(started[-1].command[0]).name == used
    assert started[-1].text == "rtmp://ingest.test/live"


def test_none__says_what_to_install(programs: Programs) -> None:
    with pytest.raises(ClipboardMissing, match="install wl-clipboard or xclip"):
        programs().copy(KEY)
    with pytest.raises(ClipboardMissing):
        programs("", xclip=HOLDS).copy(KEY)


def test_none_that_works__says_so(programs: Programs) -> None:
    with pytest.raises(ClipboardRefused):
        programs(xclip=FAILS, xsel=FAILS).copy(KEY)


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
