"""The calls under way, so that another thread can end them.

Needs no HTTP library: it is there before the transport is.
"""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import Cancelled

if TYPE_CHECKING:
    import socket
    from weakref import WeakKeyDictionary

__all__ = ["IDEMPOTENT", "Call", "CallRegistry"]

IDEMPOTENT: Final = frozenset({"GET", "PUT"})
"""Methods whose requests can be sent again: nothing is lost with the answer."""


class Call:
    """One call under way: its end in time, and whether it was cancelled from outside."""

    def __init__(self, method: str, seconds: float, *, lasting: bool = False) -> None:
        self.thread = threading.get_ident()
        self.ends = time.monotonic() + seconds
        self.repeatable = method in IDEMPOTENT
        self.lasting = lasting  # it makes room for no other call, and is tried once
        self.answered = False  # what it is read for has begun: its deadline is over
        self.sent = False  # or some of it: it may take effect
        self.timed_out = False
        self.ended = threading.Event()
        self.news = threading.Event()  # it was cancelled, or a name has been looked up

    @property
    def cancelled(self) -> bool:
        """Whether it was ended from outside, or by its own deadline."""
        return self.ended.is_set()

    @property
    def abortable(self) -> bool:
        """Whether nothing is lost with the answer: the same can be asked again."""
        return self.repeatable or not self.sent

    def look_up(self, host: str, port: int) -> list[str]:
        """Return a host's addresses; raises OSError for none, ConnectionError when cancelled."""
        from .name_lookup import NameLookup

        lookup = NameLookup.start(host, port, self.news.set)
        while True:
            self.news.clear()
            if self.cancelled:
                raise ConnectionError
            addresses = lookup.addresses
            if addresses is not None:
                return addresses
            self.news.wait()


class CallRegistry:
    """The calls under way, by thread, and the connections that they use. From any thread.

    A call that can't be repeated (POST) is never aborted once it is on its way, because nobody
    would know what it has done, and what it answers may be there only once.
    """

    def __init__(self) -> None:
        self._closed = False
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._storing: dict[int, bool] = {}  # by thread: whether an answer is on its way
        self._stored = threading.Condition(self._lock)
        self._sooner = threading.Condition(self._lock)  # a deadline before the one waited for
        self._wakes: float | None = None  # when the thread looks next that ends calls; None: none
        self._connections: WeakKeyDictionary[Any, int] | None = None  # none was made yet

    @property
    def current(self) -> Call:
        """The call that the calling thread is in."""
        return self._calls[threading.get_ident()]

    @property
    def finished(self) -> bool:
        """Whether no call is under way, and none can begin."""
        with self._lock:
            return self._closed and not self._calls

    @property
    def waiting(self) -> bool:
        """Whether an answer is waited for now; a connection for pushed events does not count."""
        with self._lock:
            return any(not call.lasting for call in self._calls.values())

    @contextmanager
    def call(self, method: str, seconds: float, *, lasting: bool = False) -> Iterator[Call]:
        """Register the calling thread's call, which ends after `seconds` at the latest.

        Args:
            method: the HTTP method.
            seconds: until it is cut.
            lasting: it goes on for hours once it is `Call.answered`, and is ended by `cut` and
                `close` only.

        Raises:
            Cancelled: `close` was called before.
        """
        call = Call(method, seconds, lasting=lasting)
        with self._lock:
            if self._closed:
                raise Cancelled
            self._calls[call.thread] = call
        try:
            self._watch_over(call)
            yield call
        finally:
            with self._lock:
                self._calls.pop(call.thread, None)
                if self._closed:
                    self._sooner.notify()

    def track(self, connection: object) -> None:
        """Note that the calling thread's call uses this connection from now on."""
        from weakref import WeakKeyDictionary

        with self._lock:
            if self._connections is None:
                self._connections = WeakKeyDictionary()
            self._connections[connection] = threading.get_ident()

    def sending(self) -> None:
        """Note that the calling thread's call is being sent.

        Raises:
            ConnectionError: it was cancelled before that.
        """
        with self._lock:
            call = self.current
            if call.cancelled:
                raise ConnectionError
            call.sent = True
            if not call.repeatable and call.thread in self._storing:
                self._storing[call.thread] = True

    @contextmanager
    def until_stored(self) -> Iterator[None]:
        """Mark the block in which the answer of an unrepeatable call gets stored.

        Once such a call is on its way, `wait_stored` waits for the end of the block.
        """
        mine = threading.get_ident()
        with self._lock:
            self._storing[mine] = False
        try:
            yield
        finally:
            with self._lock:
                del self._storing[mine]
                self._stored.notify_all()

    def wait_stored(self, seconds: float) -> bool:
        """Wait for answers that are not to be lost (see `until_stored`).

        Return whether all are stored.
        """
        with self._lock:
            return self._stored.wait_for(lambda: not any(self._storing.values()), seconds)

    def abort(self, thread: int | None = None) -> None:
        """End the call that `thread` (all threads by default) is in, if it is abortable.

        Not one that is lasting: nobody waits for it to make room.
        """
        with self._lock:
            for call in list(self._calls.values()):
                if thread in (None, call.thread) and call.abortable and not call.lasting:
                    self._cancel(call)

    def cut(self, call: Call) -> None:
        """End this call, if it is abortable; from any thread."""
        with self._lock:
            if call.abortable:
                self._cancel(call)

    def close(self) -> None:
        """Abort all calls; there are no further ones."""
        with self._lock:
            self._closed = True
            for call in list(self._calls.values()):
                if call.abortable:
                    self._cancel(call)
            self._sooner.notify()

    def set_timeout(self, seconds: float) -> None:
        """Bound how long the calling thread waits for the next bytes on its connection."""
        with self._lock:
            for connected in self._sockets(threading.get_ident()):
                with suppress(OSError):
                    connected.settimeout(seconds)

    def _watch_over(self, call: Call) -> None:
        """Have a call ended when its time is over.

        One thread does so for all calls, and stays for those that follow within the time of the
        first: between the two requests of a starting stream nothing begins, ends or is woken that
        would take Python from it.
        """
        with self._lock:
            before, self._wakes = self._wakes, min(call.ends, self._wakes or call.ends)
            if before is not None:
                if call.ends < before:
                    self._sooner.notify()
                return
        try:
            # Not `Thread`, whose start waits until the new thread runs.
            _thread.start_new_thread(self._watch, ())
        except BaseException:  # no more threads, or Ctrl-C
            with self._lock:
                self._wakes = None
            raise

    def _watch(self) -> None:
        """End the calls whose time is over, until there are none. On a thread of its own."""
        with self._lock:
            try:
                while (pause := self._end_overdue()) is not None:
                    self._sooner.wait(pause)
            finally:  # whatever may have ended it: the next call has a thread again
                self._wakes = None

    def _end_overdue(self) -> float | None:
        """End the calls whose time is over; return the seconds until the next. With the lock."""
        now = time.monotonic()
        running = [call for call in self._calls.values() if not call.answered]
        for call in running:
            if call.ends <= now and not call.timed_out:
                call.timed_out = True
                self._cancel(call)
        self._wakes = min((call.ends for call in running if call.ends > now), default=None)
        return None if self._wakes is None else self._wakes - now

    def _cancel(self, call: Call) -> None:
        """With the lock."""
        call.ended.set()
        call.news.set()
        if self._calls.get(call.thread) is not call:
            return
        import socket

        for connected in self._sockets(call.thread):
            # Not SSLSocket's own shutdown, which takes the TLS state from under the thread
            # that is reading. An OSError says that the socket is gone already.
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def _sockets(self, thread: int) -> Iterator[socket.socket]:
        """Return the sockets of the call that a thread is in. With the lock."""
        import socket

        for connection, user in list((self._connections or {}).items()):
            # http.client forgets the socket when the body that comes is the connection's last.
            plain = getattr(connection, "sock", None) or connection.connected
            if user == thread and isinstance(plain, socket.socket):
                yield plain
