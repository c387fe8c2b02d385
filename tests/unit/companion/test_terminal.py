"""What the companion prints."""

from __future__ import annotations

import pytest

from velora_core.cli.output import Output
from velora_core.host.host import LogLevel
from velora_hosts.companion.terminal import Terminal


@pytest.mark.parametrize("severity", [LogLevel.INFO, LogLevel.WARNING])
def test_say__commands_the_terminal_nothing(
    severity: LogLevel, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of a profile, say, comes from OBS."""
    terminal = Terminal(Output())
    terminal.say(severity, "Profile \x1b]0;evil\x07\x9b2J “Ünï 🎮”.\nNext.")
    printed = capsys.readouterr()
    assert printed.out + printed.err == "Profile ?]0;evil??2J “Ünï 🎮”.\nNext.\n"


def test_answer__is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(Output())
    terminal.say(LogLevel.INFO, "Profile \x1b[2J.")
    terminal.answer("Profile \x1b[2J.")
    assert capsys.readouterr().out == "Profile ?[2J.\n"
