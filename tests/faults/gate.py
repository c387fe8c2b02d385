"""A gate before the simulator, whose connections fail in the ways that no server can show."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.ports import free_port

__all__ = ["Gate"]


class Gate:
    """Use it as a context manager. Open, it passes everything on, byte for byte."""

    def __init__(self, target: str, folder: Path) -> None:
        """
        Args:
            target: the simulator's origin.
            folder: for a certificate.
        """
        host, _, port = target.rpartition("://")[2].partition(":")
        self._target = (host, int(port))
        self._folder = folder
        self.port = free_port()
        self._stack = ExitStack()
        self._passing = set[socket.socket]()  # connections that clients keep open

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def certificate(self) -> Path:
        """The certificate, for localhost; there once it has been used."""
        return self._folder / "certificate.pem"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def refuse(self) -> None:
        """Have nobody listen."""
        self._shut()

    def hang(self) -> None:
        """Let no connection come about: the queue of those that wait is full."""
        self._shut()
        server = self._listen(backlog=0)
        for _ in range(4):
            client = self._stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())

    def open(self, *, certificate: bool = False) -> None:
        """Pass everything on.

        Args:
            certificate: behind TLS with the one in `certificate`, which nobody has signed.
        """
        self._shut()
        server = self._listen(backlog=50)
        context = _context(self.certificate) if certificate else None
        threading.Thread(target=self._serve, args=(server, context), daemon=True).start()

    def _shut(self) -> None:
        """End what was, connections that are kept open included."""
        self._stack.close()
        for client in list(self._passing):
            _shut(client)

    def _listen(self, backlog: int) -> socket.socket:
        server = self._stack.enter_context(socket.socket())
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", self.port))
        server.listen(backlog)
        # Closing alone does not wake up who waits for a connection.
        self._stack.callback(lambda: _shut(server))
        return server

    def _serve(self, server: socket.socket, context: ssl.SSLContext | None) -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=self._pass, args=(client, context), daemon=True).start()

    def _pass(self, client: socket.socket, context: ssl.SSLContext | None) -> None:
        with suppress(OSError), ExitStack() as stack:
            stack.enter_context(client)
            self._passing.add(client)
            stack.callback(self._passing.discard, client)
            if context is not None:
                client = stack.enter_context(context.wrap_socket(client, server_side=True))
            server = stack.enter_context(socket.create_connection(self._target))
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            to.sendall(data)
    _shut(to)


def _shut(item: socket.socket) -> None:
    with suppress(OSError):
        item.shutdown(socket.SHUT_RDWR)


def _context(certificate: Path) -> ssl.SSLContext:
    key = certificate.with_name("key.pem")
    if not certificate.exists():
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)),
                *("-addext", "subjectAltName=DNS:localhost"),
            ],
            check=True,
            capture_output=True,
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
