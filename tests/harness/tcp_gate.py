"""What stands between a program and a server on this computer, and does what networks do."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.managed import Managed
from tests.ports import free_port

__all__ = ["TcpGate"]

_MAX_BYTES = 1 << 16


class TcpGate(Managed):
    """Passes on what each side sends, until it is told otherwise."""

    def __init__(self, server: int) -> None:
        """Nothing listens yet.

        Args:
            server: the port that all goes to.
        """
        self.port = free_port()
        self.delay = 0.0
        """Seconds that each piece takes."""
        self.cut_after: int | None = None
        """After so many more bytes of a program's, its connection is cut."""
        self.change: Callable[[bytes], bytes] | None = None
        """What becomes of the server's bytes."""
        self.instead: Callable[[socket.socket], None] | None = None
        """Who takes new connections in the server's place; returns when it has done with it."""
        self.passed = 0
        """Bytes of all programs, so far."""
        self._server = server
        self._passes = threading.Event()
        self._passes.set()
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._programs: list[socket.socket] = []

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, name="tcp-gate", daemon=True).start()

    def stop(self) -> None:
        self.mend()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def hold(self) -> None:
        """Pass nothing on from now on, and keep it."""
        self._passes.clear()

    def mend(self) -> None:
        """Pass everything on again."""
        self.delay, self.cut_after, self.change, self.instead = 0.0, None, None, None
        self._passes.set()

    def cut(self) -> None:
        """End all connections at once."""
        with self._lock:
            ended, self._open, self._programs = self._open, [], []
        for connection in ended:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def say(self, words: bytes) -> None:
        """Send this to each program, as if the server did."""
        with self._lock:
            programs = list(self._programs)
        for program in programs:
            with suppress(OSError):  # it has had enough
                program.sendall(words)

    def _accept(self) -> None:
        with suppress(OSError):  # until `stop`
            while True:
                program, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(program,), daemon=True).start()

    def _serve(self, program: socket.socket) -> None:
        if self.instead is not None:
            with program, suppress(OSError):
                self.instead(program)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._server))
        except OSError:
            program.close()
            return
        with self._lock:
            self._open += [program, server]
            self._programs.append(program)
        back = threading.Thread(target=self._pass, args=(server, program, False), daemon=True)
        back.start()
        self._pass(program, server, True)
        back.join()
        with self._lock:
            self._programs = [other for other in self._programs if other is not program]
            self._open = [other for other in self._open if other not in (program, server)]
        program.close()
        server.close()

    def _pass(self, source: socket.socket, target: socket.socket, from_program: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_MAX_BYTES):
                time.sleep(self.delay)
                self._passes.wait()
                if from_program:
                    self.passed += len(data)
                if from_program and self.cut_after is not None:
                    if len(data) > self.cut_after:
                        target.sendall(data[: self.cut_after])
                        break
                    self.cut_after -= len(data)
                elif not from_program and self.change is not None:
                    data = self.change(data)
                target.sendall(data)
        for connection in (source, target):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
