"""Where Streamlabs is reached: by port and file for real, by pipe with a stand-in for Windows."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT
from velora_hosts.streamlabs import door as module
from velora_hosts.streamlabs.connection import Connection
from velora_hosts.streamlabs.door import PORT, PipeDoor, SocketDoor, doors
from velora_hosts.streamlabs.errors import ConnectionEnded


class Work:
    """An overlapped read or write."""

    def __init__(self, outcome: bytes | int | None) -> None:
        self.event = self
        self.outcome = outcome
        self.cancelled = False

    def GetOverlappedResult(self, _: bool) -> tuple[int, int]:  # noqa: N802
        if self.outcome is None:
            raise BrokenPipeError
        return (self.outcome if isinstance(self.outcome, int) else len(self.outcome)), 0

    def getbuffer(self) -> bytes:
        assert isinstance(self.outcome, bytes)
        return self.outcome + b"\0" * 10

    def cancel(self) -> None:
        self.cancelled = True


class Windows(ModuleType):
    """What `_winapi` has of pipes: what is written comes back as an answer."""

    NULL, OPEN_EXISTING, WAIT_OBJECT_0 = 0, 3, 0

    def __init__(self) -> None:
        super().__init__("_winapi")
        self.opened: tuple[Any, ...] = ()
        self.written: list[bytes] = []
        self.waits: list[int] = []
        self.ready = True
        self.said: list[bytes | None] = []
        self.work: list[Work] = []
        self.closed: list[int] = []

    def CreateFile(self, *arguments: Any) -> int:  # noqa: N802
        self.opened = arguments
        return 7

    def WriteFile(self, _: int, data: bytes, overlapped: bool) -> tuple[Work, int]:  # noqa: N802
        assert overlapped
        self.written.append(data)
        self.work.append(Work(len(data)))
        return self.work[-1], 997

    def ReadFile(self, _: int, size: int, overlapped: bool) -> tuple[Work, int]:  # noqa: N802
        assert overlapped
        self.work.append(Work(self.said.pop(0) if self.said else None))
        return self.work[-1], 997

    def WaitForMultipleObjects(self, events: Any, _: bool, timeout: int) -> int:  # noqa: N802
        self.waits.append(timeout)
        return 0 if self.ready else 258

    def CloseHandle(self, handle: int) -> None:  # noqa: N802
        self.closed.append(handle)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    windows = Windows()
    monkeypatch.setitem(sys.modules, "_winapi", windows)
    return windows


def test_doors__are_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {}
    for system in ("linux", "win32", "darwin"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "platform", system)
            counts[system] = len(doors())
            assert len(doors(PORT + 1)) == 1
    assert counts == {"linux": 1, "win32": 2, "darwin": 2}


def test_port__on_this_computer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with suppress(OSError):
        doors()[0]()
    assert asked == [("127.0.0.1", 28194)]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with TemporaryDirectory() as folder:  # short enough for the name of a socket
        monkeypatch.setattr(Path, "home", lambda: Path(folder))
        yield Path(folder)


def test_socket_in_a_file(home: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011
        module._by_file()
    place = home / module._FILE
    place.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        door = module._by_file()
        other, _ = server.accept()
        with other:
            door.send(b"to")
            other.sendall(b"from")
            assert (other.recv(10), door.receive()) == (b"to", b"from")
            door.close()
            assert door.receive() == b""
            door.dispose()


def test_socket__waits_longer_than_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SENDING", 0.001)
    mine, theirs = socket.socketpair()
    with theirs:
        door = SocketDoor(mine)
        received: list[bytes] = []
        thread = threading.Thread(target=lambda: received.append(door.receive()))
        thread.start()
        thread.join(0.02)
        assert received == []
        theirs.sendall(b"late")
        thread.join(TIMEOUT)
        assert received == [b"late"]
        with pytest.raises(OSError):  # noqa: PT011, PT012
            for _ in range(100):  # and who takes nothing is not waited for
                door.send(b"x" * 1_000_000)
        door.dispose()


def test_pipe__reads_and_writes(windows: Windows) -> None:
    windows.said = [b'{"id": 1}\n']
    door = PipeDoor()
    name, access, _, _, _, flags, _ = windows.opened
    assert (name, access) == (r"\\.\pipe\slobs", 0xC0000000)
    assert flags & 0x00110000 == 0x00110000  # who has made it learns who we are, and no more
    door.send(b"request\n")
    assert windows.written == [b"request\n"]
    assert door.receive() == b'{"id": 1}\n'
    with pytest.raises(OSError):  # noqa: PT011
        door.receive()
    door.dispose()
    assert windows.closed == [7]


def test_pipe__that_takes_nothing_is_not_waited_for(windows: Windows) -> None:
    windows.ready = False
    door = PipeDoor()
    with pytest.raises(TimeoutError):
        door.send(b"request\n")
    assert windows.work[0].cancelled
    assert windows.waits == [3000]


def test_pipe__closed_while_it_waits(windows: Windows) -> None:
    windows.ready = False
    door = PipeDoor()
    door.close()
    assert door.receive() == b""
    assert windows.work[0].cancelled


def test_pipe__is_a_door_of_a_connection(windows: Windows) -> None:
    windows.said = [b'{"id": 1, "result": "here"}\n']
    ended: list[Exception] = []
    over = threading.Event()

    def end(error: Exception) -> None:
        ended.append(error)
        over.set()

    connection = Connection(event=lambda *_: None, ended=end)
    connection.open(PipeDoor)
    assert over.wait(TIMEOUT)
    assert isinstance(ended[0], ConnectionEnded)
    assert windows.closed == [7]
