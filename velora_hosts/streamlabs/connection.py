"""One connection to Streamlabs: JSON-RPC, an object a line, one request at a time.

Streamlabs reads whatever reaches it in one piece as whole lines, answers "busy" without saying to
whom, and ends the connection at a line that it can't read. So each request is short, is sent in one
piece, and waits for its answer before the next one goes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

from velora_hosts.companion.untrusted import Malformed, object_from, object_in, text_in

from .door import Door
from .errors import (
    ConnectionEnded,
    Missing,
    NotStreamlabs,
    StreamlabsBusy,
    StreamlabsDenied,
    StreamlabsError,
    StreamlabsRefused,
    StreamlabsSilent,
    StreamlabsUnreachable,
)

__all__ = ["ANSWER_TIMEOUT", "Connection"]

ANSWER_TIMEOUT: Final = 5.0
"""Seconds for an answer. Streamlabs answers within milliseconds unless it loads or hangs."""
_BUSY_PAUSE: Final = 1.0  # seconds before Streamlabs, which loads, is asked once more
_MAX_ANSWER: Final = 4 << 20  # bytes; the longest is all of Streamlabs's settings
_MAX_REQUEST: Final = 16 << 10  # bytes: longer ones might reach Streamlabs in two pieces

_BUSY: Final = "API server is busy"
_NO_METHOD: Final = -32601
_NO_RESOURCE: Final = -32602


class _Pending:
    """The request that waits for its answer."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.done = threading.Event()
        self.promise = ""  # what the answer has promised to tell later
        self.answer: _Answer | None = None  # stays so if the connection ends


class _Answer(NamedTuple):
    """What became of a request; secret where it is about the stream settings."""

    result: Any = None
    code: int = 0
    busy: bool = False

    def __repr__(self) -> str:
        return f"_Answer({self.code})"


class Connection:
    """From its opening to its end; another attempt is another one. `request` is for any thread."""

    def __init__(
        self,
        *,
        event: Callable[[str, Any], None],
        ended: Callable[[StreamlabsError], None],
    ) -> None:
        """Create the connection; nothing is opened yet.

        Args:
            event: takes the name of each event, such as ``ScenesService.sceneSwitched``, and what
                comes with it, on a thread of the connection.
            ended: told once, on that thread, why a connection that was open has ended; not after
                `close`.
        """
        self._event = event
        self._ended = ended
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # who holds it may ask
        self._door: Door | None = None
        self._pending: _Pending | None = None
        self._last_number = 0
        self._over = threading.Event()
        self._error: StreamlabsError = ConnectionEnded()  # why it is over
        self._closing = False

    def open(self, opens: Callable[[], Door]) -> None:
        """Connect by what opens a door.

        Raises:
            StreamlabsUnreachable: nobody is there.
            StreamlabsDenied: somebody is, and does not open for this user.
        """
        try:
            door = opens()
        except PermissionError:
            raise StreamlabsDenied from None
        except OSError:
            raise StreamlabsUnreachable from None
        with self._lock:
            self._door = door
            closing = self._closing
        name = "velora-streamlabs"
        threading.Thread(target=self._read, args=(door,), name=name, daemon=True).start()
        if closing:  # while it was being opened
            door.close()

    # -- requests, from any thread ---------------------------------------------------------

    def request(
        self, resource: str, method: str, *arguments: Any, seconds: float = ANSWER_TIMEOUT
    ) -> Any:
        """Have a service of Streamlabs do something, and return what it answers.

        What it promises to answer later is waited for. While Streamlabs loads, it is asked again
        until the time is over.

        Raises:
            Missing: there is no such service or method, or what it would answer is empty.
            StreamlabsRefused: it says that it does not.
            StreamlabsBusy: it was loading in all that time.
            StreamlabsSilent: it has not answered in that time; it may still happen.
            ConnectionEnded: there is no connection any more.
        """
        ends = time.monotonic() + seconds
        params = {"resource": resource, "args": list(arguments)}
        if not self._turn.acquire(timeout=seconds):
            raise StreamlabsBusy
        try:
            while True:
                answer = self._ask({"jsonrpc": "2.0", "method": method, "params": params}, ends)
                if not answer.busy:
                    break
                if time.monotonic() + _BUSY_PAUSE >= ends or self._over.wait(_BUSY_PAUSE):
                    raise StreamlabsBusy
        finally:
            self._turn.release()
        if answer.code in (_NO_METHOD, _NO_RESOURCE):
            raise Missing(request=method, code=answer.code)
        if answer.code:
            raise StreamlabsRefused(request=method, code=answer.code)
        return answer.result

    def subscribe(self, service: str, name: str) -> None:
        """Have Streamlabs tell an event from now on; raises the same as `request`."""
        answer = self.request(service, name)
        if not isinstance(answer, dict) or answer.get("_type") != "SUBSCRIPTION":
            raise NotStreamlabs

    def _ask(self, content: dict[str, Any], ends: float) -> _Answer:
        with self._lock:
            if self._door is None or self._over.is_set():
                raise self._error
            door = self._door
            self._last_number += 1  # begins at 1: Streamlabs takes no 0
            pending = self._pending = _Pending(self._last_number)
        line = json.dumps({**content, "id": pending.number}).encode() + b"\n"
        try:
            if len(line) > _MAX_REQUEST:
                raise StreamlabsRefused(request=str(content["method"]))
            door.send(line)
            if not pending.done.wait(max(0.0, ends - time.monotonic())):
                raise StreamlabsSilent
        except OSError:
            raise ConnectionEnded from None
        finally:
            with self._lock:
                self._pending = None  # an answer that comes later belongs to nobody
        if pending.answer is None:
            raise self._error
        return pending.answer

    def close(self) -> None:
        """End the connection; a request that waits ends with `ConnectionEnded`."""
        with self._lock:
            self._closing = True
            door = self._door
        if door:
            door.close()

    # -- the connection's own thread -------------------------------------------------------

    def _read(self, door: Door) -> None:
        error: StreamlabsError = ConnectionEnded()
        try:
            for line in _lines(door):
                self._take(object_from(line))
        except Malformed:
            error = NotStreamlabs()
        except OSError:
            pass
        except Exception:  # a bug in what takes the events: requests must not wait for ever
            error = NotStreamlabs()
            raise
        finally:
            with self._lock:
                self._error = error
                self._over.set()
                waiting, closing = self._pending, self._closing
            if waiting:
                waiting.done.set()
            with suppress(OSError):
                door.close()
            door.dispose()
            if not closing:
                self._ended(error)

    def _take(self, said: dict[str, Any]) -> None:
        result = said.get("result")
        if isinstance(result, dict) and result.get("_type") == "EVENT":
            self._take_event(result)
            return
        with self._lock:
            pending = self._pending
        failed = said.get("error") is not None
        of_nobody = said.get("id") is None and failed  # so it is the only one's that waits
        if pending is None or pending.done.is_set() or pending.promise:
            return
        if not of_nobody and said.get("id") != pending.number:
            return
        if failed:
            pending.answer = _failure(object_in(said, "error"))
        elif isinstance(result, dict) and result.get("emitter") == "PROMISE":
            pending.promise = text_in(result, "resourceId")
            return
        else:
            pending.answer = _Answer(result)
        pending.done.set()

    def _take_event(self, event: dict[str, Any]) -> None:
        name, emitter = text_in(event, "resourceId"), event.get("emitter")
        if emitter == "STREAM":
            self._event(name, event.get("data"))
            return
        with self._lock:
            pending = self._pending
        if pending and pending.promise and pending.promise == name and not pending.done.is_set():
            rejected = event.get("isRejected") is True
            pending.answer = _Answer(code=1) if rejected else _Answer(event.get("data"))
            pending.done.set()


def _failure(error: dict[str, Any]) -> _Answer:
    code = error.get("code")
    if not isinstance(code, int) or isinstance(code, bool) or not code:
        raise Malformed
    return _Answer(code=code, busy=_BUSY in text_in(error, "message"))


def _lines(door: Door) -> Iterator[bytes]:
    """Yield each line, of which none may be too long; raises `Malformed` and `OSError`."""
    held = bytearray()
    while chunk := door.receive():
        first, newline, rest = chunk.partition(b"\n")
        held += first
        if len(held) > _MAX_ANSWER:
            raise Malformed
        if not newline:
            continue
        *whole, last = rest.split(b"\n")
        yield bytes(held)
        yield from whole
        held = bytearray(last)
