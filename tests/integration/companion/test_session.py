"""What the tests of the command hear: all that its threads print."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.integration.companion.session import Session
from velora_core.cli.exit_codes import ExitCode
from velora_hosts.companion import command as module

LINES = 4000


def test_hears__what_several_threads_print(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    interval = sys.getswitchinterval()
    monkeypatch.setattr(module, "_POLL_INTERVAL", 0.01)

    def say(name: str) -> None:
        for number in range(LINES):
            print(f"{name}{number}.")

    def lines() -> Iterator[str]:
        sys.setswitchinterval(1e-6)
        for thread in threads:
            thread.start()
        for number in range(0, LINES, 10):
            session.hears(f"a{number}.")
            session.hears(f"b{number}.")
        for thread in threads:
            thread.join()
        assert len(set(re.findall(r"[ab]\d+\.", session.text))) == 2 * LINES
        yield "quit"

    threads = [threading.Thread(target=say, args=(name,)) for name in "ab"]
    try:
        assert session.run(lines(), "--host", "other=vMix") == ExitCode.OK
    finally:
        sys.setswitchinterval(interval)
