"""What the companion prints."""

from __future__ import annotations

import io

import pytest

from tests.unit.fakes import FakeHost
from velora_core.application import Application
from velora_core.cli.output import Output
from velora_core.host.encoder import Encoder
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_hosts.companion.terminal import Terminal, perform


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


def test_answer__is_not_repeated_because_another_one_listens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal = Terminal(Output())
    terminal.listen(of="meld")
    terminal.say(LogLevel.INFO, "Done.", of="meld")
    terminal.listen(of="obs")
    terminal.answer("Done.", of="meld")
    assert capsys.readouterr().out == "meld: Done.\n"


def test_question_that_is_closed__is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-D, on the thread that reads what is typed: nothing would be read any more."""

    def closed(*_: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", closed)
    monkeypatch.setattr("getpass.getpass", closed)
    terminal = Terminal(Output())
    assert not terminal.agrees("Is it so? [y/N]")
    assert terminal.password("Password: ") is None


def test_bytes_that_are_no_text__do_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO(b"title \xe9\nstatus\nquit\nhelp\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", typed)
    taken: list[str] = []

    def take(line: str) -> bool:
        taken.append(line)
        return line != "quit"

    assert Terminal(Output()).read(take)
    assert taken == ["title \ufffd", "status", "quit"]


def test_configure__says_what_the_panel_has_below_it(app: Application, host: FakeHost) -> None:
    host.encoding = Encoder("h264", b_frames=True)
    said = perform(app, "configure")
    assert "below" not in said
    assert "B-frames" in said
    assert host.logged[-1][1] == said
    host.encoding = None
    assert perform(app, "configure").endswith("To go live, press Start Streaming.")


def test_help__names_what_only_this_software_has(app: Application) -> None:
    assert "copy-extension" not in perform(app, "help")
    said = perform(app, "help", own=("copy-extension",))
    assert said.startswith("You can enter: title")
    assert said.endswith("quit, copy-extension.")


def test_buttons_of_the_panel__are_commands_here(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(Output())
    for sentence in (
        message("error.not_signed_in"),
        message("error.client_id_missing"),
        message("status.followed", host="vMix"),
        message("status.page_no_browser"),
        "Press Refresh in a moment.",
        "Press Start Streaming again.",
    ):
        terminal.say(LogLevel.INFO, sentence)
        terminal.answer(sentence)
    assert capsys.readouterr().out.splitlines() == [
        "You are not signed in to Velora: enter sign-in, then try again.",
        message("companion.client_id_missing"),
        "vMix counts as live until you enter stopped, or Velora no longer shows your stream.",
        message("companion.page_no_browser"),
        "Enter status in a moment.",
        "Press Start Streaming again.",
    ]
