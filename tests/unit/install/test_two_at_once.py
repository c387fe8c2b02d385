"""Two installers at once, as after a second double-click: the second waits for the first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from velora_install import command, libraries, payload
from velora_install.console import Console
from velora_install.exit_codes import Exit

from tests.unit.fakes import TIMEOUT
from tests.unit.install.machine import Machine


def test_second_installer__waits_for_the_first(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection()
    first_is_at_it, second_is_there = threading.Event(), threading.Event()
    at_it: list[int] = []
    most: list[int] = []
    get_packages, say = libraries.build, Console.say

    def build(folder: Path, python: str) -> None:
        at_it.append(1)
        most.append(len(at_it))
        first_is_at_it.set()
        if len(at_it) == 2:
            second_is_there.set()
        assert second_is_there.wait(TIMEOUT)
        get_packages(folder, python)
        at_it.pop()

    def noticed(console: Console, text: str, tone: str = "") -> None:
        say(console, text, tone)
        if text.startswith("Another installer is at work"):
            second_is_there.set()

    monkeypatch.setattr(libraries, "build", build)
    monkeypatch.setattr(Console, "say", noticed)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(command.main, [])
        assert first_is_at_it.wait(TIMEOUT)
        second = pool.submit(command.main, [])
        assert (first.result(), second.result()) == (Exit.DONE, Exit.DONE)
    assert most == [1, 1]
    there = payload.installed(machine.script.parent)
    assert there
    assert there.damaged == []
    assert [path.name for path in machine.script.parent.glob(".*")] == []
