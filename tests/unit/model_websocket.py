"""The server's half of a websocket: frames, and whatever breaks the rules."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from tests.managed import Managed
from tests.ports import free_port

__all__ = ["CLOSE", "TEXT", "Peer", "WebsocketServer", "frame"]

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(
    payload: bytes, kind: int = TEXT, *, length: int | None = None, last: bool = True
) -> bytes:
    """
    Args:
        length: what its header says, where that is to be a lie.
    """
    size = len(payload) if length is None else length
    first = bytes([(0x80 if last else 0) | kind])
    if size < 126:
        return first + bytes([size]) + payload
    if size < 65536:
        return first + b"\x7e" + struct.pack("!H", size) + payload
    return first + b"\x7f" + struct.pack("!Q", size) + payload


class Peer:
    """One client that has connected."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._lock = threading.Lock()

    def shake_hands(self) -> bool:
        """Turn the connection into a websocket.

        Returns:
            Whether a websocket was asked for. Whoever asks for anything else is refused: a page
            of another program may still look for its server at a port that is now the model's.
        """
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.socket.recv(4096)
            if not more:
                return False
            head += more
        lines = head.decode().split("\r\n")
        headers = {
            name.lower(): text.strip() for name, _, text in (x.partition(":") for x in lines)
        }
        if "sec-websocket-key" not in headers:
            self.socket.sendall(
                b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n"
                b"Connection: close\r\n\r\n"
            )
            return False
        digest = hashlib.sha1((headers["sec-websocket-key"] + _MAGIC).encode()).digest()
        protocol = headers.get("sec-websocket-protocol", "").split(",")[0]
        self.socket.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n"
            f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n".encode()
        )
        return True

    def send(self, payload: bytes) -> None:
        with self._lock, suppress(OSError):
            self.socket.sendall(payload)

    def close(self, code: int) -> None:
        self.send(frame(struct.pack("!H", code), CLOSE))

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def receive(self) -> bytes | None:
        """A text, or None once the other side has ended."""
        try:
            while True:
                first, second = self._exactly(2)
                size = second & 0x7F
                if size == 126:
                    (size,) = struct.unpack("!H", self._exactly(2))
                elif size == 127:
                    (size,) = struct.unpack("!Q", self._exactly(8))
                mask, payload = self._exactly(4), self._exactly(size)
                if first & 0x0F == CLOSE:
                    return None
                plain = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
                if first & 0x0F == PING:
                    self.send(frame(plain, PONG))
                if first & 0x0F == TEXT:
                    return plain
        except OSError:
            return None


class WebsocketServer(Managed):
    """Has `serve` talk to each client, on a thread of its own."""

    def __init__(self, serve: Callable[[Peer], None], port: int = 0) -> None:
        self._serve = serve
        self.port = port or free_port()
        self.peers: list[Peer] = []
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", self.port))
        self._spawn(self._accept)

    def stop(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for accepting in self._threads[:1]:
            accepting.join(5)  # or it would still let somebody in
        self.drop()
        for thread in self._threads:
            thread.join(5)
        self._threads.clear()

    def drop(self) -> None:
        """Cut all connections, as a crash does."""
        peers, self.peers = self.peers, []
        for peer in peers:
            with suppress(OSError):
                peer.socket.shutdown(socket.SHUT_RDWR)

    def _spawn(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            peer = Peer(connection)
            self.peers.append(peer)
            self._spawn(self._handle, peer)

    def _handle(self, peer: Peer) -> None:
        with peer.socket, suppress(OSError, ConnectionError):
            self._serve(peer)
