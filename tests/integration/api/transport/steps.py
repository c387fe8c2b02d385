"""What tests of the transport share."""

from __future__ import annotations

import socket
import threading

from velora_core.api.transport import Limits
from velora_core.secret import Secret

__all__ = [
    "QUICK",
    "TOKEN",
    "_in_thread",
    "hang",
]

TOKEN = Secret("test_access_0000_only_for_tests")


QUICK = Limits(connect=1.0, read=0.3, total=2.0, retries=2, backoff=0.01, retry_after=1.0)


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
