"""Ctrl-C while a password is asked for: the terminal shows again what is typed."""

from __future__ import annotations

import os
import pty
import sys
import termios
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from velora_hosts.companion.terminal import Terminal


@pytest.fixture
def terminal_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    master, slave = pty.openpty()
    with os.fdopen(slave, closefd=False) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield slave
    os.close(slave)
    os.close(master)


def shows(file: int) -> bool:
    return bool(termios.tcgetattr(file)[3] & termios.ECHO)


def hide(file: int) -> None:
    found = termios.tcgetattr(file)
    found[3] &= ~termios.ECHO
    termios.tcsetattr(file, termios.TCSANOW, found)


def test_end__while_a_password_is_asked_for(
    terminal_file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, typed = threading.Event(), threading.Event()

    def getpass(_: str) -> str:
        hide(terminal_file)
        asked.set()
        typed.wait()
        return ""

    monkeypatch.setattr("getpass.getpass", getpass)
    output: Any = None
    terminal = Terminal(output)
    asking = threading.Thread(target=terminal.password, args=("Password: ",))
    asking.start()
    asked.wait()
    assert not shows(terminal_file)
    terminal.end()
    assert shows(terminal_file)
    typed.set()
    asking.join()


def test_end__at_another_time_leaves_the_terminal_alone(terminal_file: int) -> None:
    output: Any = None
    terminal = Terminal(output)
    hide(terminal_file)
    terminal.end()
    assert not shows(terminal_file)
