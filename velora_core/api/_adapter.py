"""Connections that can be found again, to be cut from another thread."""

from __future__ import annotations

import socket
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util import Retry

from .cancellation import CallRegistry
from .certificates import system_context

__all__ = ["TrackingAdapter"]

_IDLE: Final = 30.0
"""Seconds after which an open connection isn't used again: a router may have dropped it unsaid."""


class TrackingAdapter(requests.adapters.HTTPAdapter):
    """requests' adapter, with connections that can be cut.

    They are known to a `CallRegistry`, and trust the certificates that the system trusts.
    """

    def __init__(
        self,
        calls: CallRegistry,
        retry: Retry,
        *,
        requesting: Callable[[], None],
        admits: Callable[[str], bool] | None = None,
    ) -> None:
        """Create the tracking adapter.

        Args:
            calls: told of each connection.
            retry: how often a call is repeated.
            requesting: called before each request, retries included.
            admits: says of an address that was looked up whether it may be connected to; not asked
                of a proxy's.
        """
        self._calls = calls
        self._admits = admits
        self._requesting = requesting
        self._context = system_context()
        self._last_pool: tuple[list[str], Any] = [], None
        super().__init__(max_retries=retry, pool_connections=4, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self._track(self.poolmanager, self._admits)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return the pools of connections through a proxy."""
        contexts = {"ssl_context": self._context, "proxy_ssl_context": self._context}
        manager = super().proxy_manager_for(proxy, **contexts, **kwargs)
        self._track(manager, None)
        return manager

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return the pool for a request: the last one's, where it goes to the same place.

        Finding it by the address takes requests a quarter of the time of a request.
        """
        if verify is not True or any((proxies or {}).values()):
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        origin, (before, pool) = request.url.split("/", 3)[:3], self._last_pool
        if before != origin or pool.pool is None:  # which is a pool that was closed
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._last_pool = origin, pool
        return pool

    def build_response(self, req: Any, resp: Any) -> Any:  # noqa: ARG002
        """Return urllib3's own answer."""
        return resp

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Have the certificates verified by the system where it can."""
        if self._context is not None and verify is True:
            conn.cert_reqs = "CERT_REQUIRED"  # and no list of certificates beside the system's
        else:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]

    def _track(self, manager: Any, admits: Callable[[str], bool] | None) -> None:
        manager.pool_classes_by_scheme = {
            "http": _tracked_pool(HTTPConnectionPool, self._calls, self._requesting, admits),
            "https": _tracked_pool(HTTPSConnectionPool, self._calls, self._requesting, admits),
        }


def _tracked_pool(
    pool: Any,
    calls: CallRegistry,
    requesting: Callable[[], None],
    admits: Callable[[str], bool] | None,
) -> Any:
    """Return the pool class `pool`, whose connections tell `calls` that they exist.

    A call that can't be repeated gets none that was used before, which may be closed while it is
    being sent, and no call gets one that has been idle for long.
    """

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        connected: socket.socket | None = None
        idle_since = 0.0
        _dns_host: str
        _head: bytes | None = None  # of a request whose body is to go with it; empty: not yet made

        def _new_conn(self) -> Any:
            """Return a socket to the first of the host's addresses that answers."""
            try:
                addresses = calls.current.look_up(self._dns_host, self.port)
            except socket.gaierror as error:
                raise NewConnectionError(self, "no such name") from error
            host, failure = self._dns_host, None
            try:
                # What was looked up is what is connected to: another look-up may say otherwise.
                for address in filter(admits, addresses) if admits else addresses:
                    self._dns_host = address
                    try:
                        return super()._new_conn()
                    except HTTPError as error:
                        failure = error
                        if calls.current.cancelled:
                            break
            finally:
                self._dns_host = host
            raise failure or NewConnectionError(self, "no address")

        def connect(self) -> None:
            calls.track(self)
            super().connect()
            self.connected = self.sock
            if calls.current.cancelled:  # while there was no socket to cut yet
                raise ConnectionError

        def putrequest(self, *args: Any, **kwargs: Any) -> Any:
            calls.track(self)
            requesting()
            return super().putrequest(*args, **kwargs)

        def request(self, method: str, url: str, body: Any = None, *args: Any, **how: Any) -> None:
            """Send head and body in one piece: between two the processor may be somebody else's."""
            self._head = b"" if isinstance(body, bytes) and body else None
            super().request(method, url, body, *args, **how)

        def send(self, data: Any) -> None:
            if self._head == b"":
                self._head = data
                return
            if self._head is not None:
                data, self._head = self._head + data, None
            if self.sock is None:
                self.connect()
            if self.sock is self.connected:  # else it speaks to a proxy only
                calls.sending()
            super().send(data)

    class Pool(pool):  # type: ignore[misc]
        ConnectionCls = Connection

        def _get_conn(self, timeout: float | None = None) -> Any:
            connection = super()._get_conn(timeout)
            if not calls.current.repeatable or monotonic() - connection.idle_since > _IDLE:
                connection.close()  # it opens again when it is needed
            return connection

        def _put_conn(self, conn: Any) -> None:
            if conn is not None:
                conn.idle_since = monotonic()
            super()._put_conn(conn)

    return Pool
