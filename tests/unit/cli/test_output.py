"""Where results go, and what happens when nothing more goes there."""

from __future__ import annotations

import errno
import io
import os
import select
import socket
import threading
from pathlib import Path

import pytest

from tests.unit.fakes import TIMEOUT
from velora_core.cli.output import Mark, Output, OutputFailed


class Broken(io.StringIO):
    """Takes nothing."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._error = OSError(number, os.strerror(number))

    def write(self, text: str) -> int:
        raise self._error


class Terminal(io.StringIO):
    """Shows colours."""

    def isatty(self) -> bool:
        return True


def test_full_disk__says_why() -> None:
    with pytest.raises(OutputFailed, match="No space left on device"):
        Output(out=Broken(errno.ENOSPC)).say("x")


def test_closed_pipe__is_one_on_windows_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokenPipeError):
        Output(out=Broken(errno.EPIPE)).say("x")
    with pytest.raises(OutputFailed):
        Output(out=Broken(errno.EINVAL)).say("x")
    monkeypatch.setattr("velora_core.cli.output.os.name", "nt")
    with pytest.raises(BrokenPipeError):
        Output(out=Broken(errno.EINVAL)).say("x")


def test_no_error_stream__nothing_goes_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Output(out=io.StringIO(), err=io.StringIO())
    monkeypatch.setattr(output, "_err", None)
    output.hint("x")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kept", ["", "out", "err"])
def test_terminal__is_where_all_of_it_goes(kept: str) -> None:
    streams = {name: io.StringIO() if name == kept else Terminal() for name in ("out", "err")}
    assert Output(out=streams["out"], err=streams["err"]).on_terminal is not bool(kept)


ESCAPES = "\x1b]52;c;eA==\x07\x1b[2J\x9b2J\r\x00"


def test_terminal__obeys_nothing_that_somebody_else_wrote() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = Output(out=out, err=err)
    output.result({}, [f"{ESCAPES}title"])
    output.say(f"{ESCAPES}title")
    output.hint(f"{ESCAPES}title")
    for text in (*out.getvalue().splitlines(), err.getvalue().rstrip()):
        assert text.isprintable()
        assert text.endswith("title")


class MacPoll:
    """macOS's `poll`, which tells nothing of what was registered for no event at all."""

    def __init__(self) -> None:
        self._real = _POLL()

    def register(self, descriptor: int, events: int) -> None:
        if events:
            self._real.register(descriptor, events)

    def poll(self) -> list[tuple[int, int]]:
        return self._real.poll(10 * TIMEOUT * 1000)


_POLL = select.poll


@pytest.mark.parametrize("by", ["pipe", "socket"])  # Node.js and sshd read a socket
@pytest.mark.parametrize("system", ["Linux", "macOS"])
def test_reader__who_goes_is_told(monkeypatch: pytest.MonkeyPatch, by: str, system: str) -> None:
    monkeypatch.setattr(select, "poll", MacPoll if system == "macOS" else _POLL)
    if by == "pipe":
        read, write = os.pipe()
    else:
        read, write = (end.detach() for end in socket.socketpair())
    told = threading.Event()
    with open(write, "w") as out:
        Output(out=out).when_unread(told.set)
        Output(out=out).say("x")
        assert not told.wait(0.05)
        os.close(read)
        assert told.wait(TIMEOUT)


@pytest.mark.parametrize("to", ["file", "nowhere"])
def test_reader__of_no_pipe_never_goes(tmp_path: Path, to: str) -> None:
    threads = threading.active_count()
    with open(tmp_path / "file", "w") as out:
        Output(out=out if to == "file" else io.StringIO()).when_unread(lambda: None)
        assert threading.active_count() == threads


def test_lines_and_symbols__are_shown_as_they_are() -> None:
    out = io.StringIO()
    Output(out=out).say("first\n\tsecond 👩\u200d💻 مرحبا")
    assert out.getvalue() == "first\n\tsecond 👩\u200d💻 مرحبا\n"


def test_colour__stays() -> None:
    out = Terminal()
    output = Output(out=out, environment={})
    output.result({}, [output.marked(Mark.GOOD, "\x1b[2Jfine")])
    assert out.getvalue() == "\x1b[32mok\x1b[0m ?[2Jfine\n"
