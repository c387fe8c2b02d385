"""`velora watch` as a process of its own: what Velora pushes, and without that."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import Any

import pytest

from tests.contract.command_line.steps import KEY, command
from tests.simulator import Fault, Simulator

INFO = "/stream/info"
EVENTS = "/events/stream"


def line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_events__each_change_at_once_until_it_is_stopped(
    velora: Simulator, token: str, number: int, code: int
) -> None:
    with command("watch", "--json", "--every", "3600") as process:
        assert line(process)["live"] is False
        velora.journal.wait_for("GET", INFO)
        velora.account.go_live(KEY)
        assert line(process)["live"] is True
        for viewers in range(5, 10):
            velora.account.viewers = viewers
            assert line(process)["viewers"] == viewers
        velora.account.tags = ["new"]  # which no event tells
        velora.account.title = "New"
        changed = line(process)
        assert (changed["title"], changed["tags"]) == ("New", ["new"])
        # One look at the beginning (two if connecting took long), and one for each change that
        # has more to it than viewers.
        assert len(velora.journal.find("GET", INFO)) in (3, 4)
        assert len(velora.journal.find("GET", EVENTS)) <= 1  # noted when it has ended
        process.send_signal(number)
        assert process.wait(20) == code
        assert process.stdout
        assert process.stderr
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_reader_who_goes__ends_it_although_nothing_happens(velora: Simulator, token: str) -> None:
    with command("watch", "--json", "--every", "3600") as process:
        assert line(process)["live"] is False
        assert process.stdout
        process.stdout.close()
        assert process.wait(20) == 141
        assert process.stderr
        assert process.stderr.read() == ""


def test_no_events__it_is_polled(velora: Simulator, token: str) -> None:
    velora.events.there = False
    with command("watch", "--json", "--every", "5") as process:
        assert line(process)["live"] is False
        velora.account.go_live(KEY)
        assert line(process)["live"] is True
        assert len(velora.journal.find("GET", INFO)) == 2
        assert len(velora.journal.find("GET", EVENTS)) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_connection_that_breaks__is_made_again(velora: Simulator, token: str) -> None:
    velora.events.lifetime = 0.5
    velora.faults.add(Fault.status("GET", EVENTS, status=503, count=1))
    with command("watch", "--json", "--every", "3600") as process:
        assert line(process)["live"] is False
        velora.journal.wait_for("GET", EVENTS, count=2)
        velora.account.go_live(KEY)
        assert line(process)["live"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
