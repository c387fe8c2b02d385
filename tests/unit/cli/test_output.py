"""Where results go, and what happens when nothing more goes there."""

from __future__ import annotations

import errno
import io
import os

import pytest

from velora_core.cli.output import Output, OutputFailed


class Broken(io.StringIO):
    """Takes nothing."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._error = OSError(number, os.strerror(number))

    def write(self, text: str) -> int:
        raise self._error


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
