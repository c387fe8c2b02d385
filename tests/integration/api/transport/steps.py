"""What tests of the transport share."""

from __future__ import annotations

import socket
import threading

from velora_core.api.transport import Limits
from velora_core.secret import Secret

__all__ = [
    "PATIENT",
    "QUICK",
    "TOKEN",
    "_in_thread",
    "hang",
]

TOKEN = Secret("test_access_0000_only_for_tests")


PATIENT = Limits(backoff=0.01)
"""The client's own time-outs: an answer comes, however busy the computer is."""

QUICK = PATIENT._replace(read=0.3, total=2.0)
"""Where none comes."""


def hang(connection: socket.socket, _: bytes) -> None:
    connection.settimeout(5)
    connection.recv(1)  # returns when the client hangs up


def _in_thread(work: object) -> tuple[threading.Thread, list[BaseException]]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, failures
