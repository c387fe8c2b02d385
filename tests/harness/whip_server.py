"""A WHIP server that looks at what it gets: aiortc behind the standard library's HTTP server.

On loopback only. It counts the frames of the picture, and knows the loudest sound.
"""

from __future__ import annotations

import asyncio
import threading
from array import array
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from tests.managed import Managed
from tests.ports import free_port

__all__ = ["WhipServer"]

_PATH = "/live/live_test_key_z789/whip"
_SECONDS = 20.0
_Result = TypeVar("_Result")


class WhipServer(Managed):
    """One stream after the other. Use it as a context manager."""

    def __init__(self, look: Callable[[Any], None] = lambda _: None) -> None:
        """Create the server.

        Args:
            look: is given each frame of the picture.
        """
        self._look_at = look
        self.frames = 0
        self.size = (0, 0)
        self.loudest = 0
        """Of 32767."""
        self.offers: list[str] = []
        self.deleted: list[str] = []
        self.trickled: list[str] = []
        self.status = 201
        self._peers: dict[str, RTCPeerConnection] = {}
        self._looking: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}{_PATH}"

    def start(self) -> None:
        self._addresses = aioice.ice.get_host_addresses
        aioice.ice.get_host_addresses = lambda *_, **__: ["127.0.0.1"]
        self._loop = asyncio.new_event_loop()
        server = self

        class Handler(_Handler):
            owner = server

        self._http = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self._http.daemon_threads = True
        self._threads = [
            threading.Thread(target=self._loop.run_forever),
            threading.Thread(target=self._http.serve_forever, args=(0.02,)),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        for path in list(self._peers):
            self.drop(path)
        self._loop.call_soon_threadsafe(self._loop.stop)
        for thread in self._threads:
            thread.join()
        self._loop.close()
        aioice.ice.get_host_addresses = self._addresses

    def drop(self, path: str = "") -> None:
        """Close a stream's connection from this side, as a network that fails would."""
        for name in [path] if path else list(self._peers):
            peer = self._peers.pop(name, None)
            if peer:
                self.run(peer.close())

    def vanish(self) -> None:
        """Answer nothing any more on the connections that there are, and say no word about it."""
        for peer in self._peers.values():
            for transport in {receiver.transport for receiver in peer.getReceivers()}:
                self.run(transport.transport._connection.close())

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Have the loop do something, and wait for it."""
        future: Future[_Result] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(_SECONDS)

    # -- what the HTTP server asks for -----------------------------------------------------

    def take(self, offer: str) -> tuple[str, str]:
        """Begin a stream; return the path of its resource, and the answer."""
        self.offers.append(offer)
        path = f"/resource/{len(self.offers)}"
        return path, self.run(self._answer(path, offer))

    def end(self, path: str) -> bool:
        """End a stream; return whether there was one."""
        there = path in self._peers
        self.drop(path)
        if there:
            self.deleted.append(path)
        return there

    async def _answer(self, path: str, offer: str) -> str:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers[path] = peer
        peer.on("track", self._begin)
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return str(peer.localDescription.sdp)

    def _begin(self, track: Any) -> None:
        task = self._loop.create_task(self._look(track))
        self._looking.add(task)  # or nobody keeps it alive

    async def _look(self, track: Any) -> None:
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    self._look_at(frame)
                    self.frames += 1
                    self.size = (frame.width, frame.height)
                else:
                    samples = array("h", bytes(frame.planes[0]))
                    self.loudest = max(self.loudest, *map(abs, samples))


class _Handler(BaseHTTPRequestHandler):
    owner: WhipServer

    def do_POST(self) -> None:
        offer = self._body()
        if self.path != _PATH or self.owner.status != 201:
            self._answer(self.owner.status if self.path == _PATH else 404)
            return
        path, answer = self.owner.take(offer)
        self._answer(201, answer, Location=path)

    def do_PATCH(self) -> None:
        self.owner.trickled.append(self._body())
        self._answer(204)

    def do_DELETE(self) -> None:
        self._answer(200 if self.owner.end(self.path) else 404)

    def _body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _answer(self, status: int, text: str = "", **headers: str) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", "application/sdp")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass
