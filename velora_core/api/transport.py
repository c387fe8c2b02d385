"""Speaks HTTP: one `requests.Session` with bounds on time, size and repetition.

Knows nothing of Velora but how to say who is asking. What the answers mean is `client`'s matter.
"""

from __future__ import annotations

import math
import platform
import random
import re
import socket
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

with warnings.catch_warnings():
    # About versions it doesn't know; OBS would show that to the streamer as an error.
    warnings.simplefilter("ignore")
    import requests
    import requests.adapters
    import requests.auth
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)
from urllib3.util import Retry

from velora_core._version import __version__
from velora_core.errors import (
    Cancelled,
    CertificatesMissing,
    ConnectionLost,
    DnsError,
    ProxyError,
    ResponseTooLarge,
    TimedOut,
    TlsError,
    TokenMalformed,
    TransportError,
)
from velora_core.secret import Secret

from .certificates import system_context
from .endpoints import is_loopback
from .name_lookup import NameLookup
from .rate_limit import RateLimiter

__all__ = ["Answer", "Limits", "Transport", "parse_retry_after", "user_agent"]

_IDEMPOTENT: Final = frozenset({"GET", "PUT"})
_REPEATED_STATUSES: Final = frozenset({502, 503, 504})  # and 429 where it says when
_CHUNK: Final = 64 * 1024
# Not None, which would have requests look into the environment all the same.
_NO_PROXY: Final = {"http": "", "https": "", "all": ""}


class Limits(NamedTuple):
    """How long, how often, how much.

    Attributes:
        connect: seconds until the connection stands.
        read: seconds between two pieces of the answer.
        total: seconds for a call, with all its repetitions and pauses.
        repetitions: how often an idempotent call is sent again.
        backoff: seconds before the first repetition; doubled for each further one.
        retry_after: the longest ``Retry-After``, in seconds, that a call waits for itself.
        answer: bytes of an answer's body.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    repetitions: int = 2
    backoff: float = 0.4
    retry_after: float = 5.0
    answer: int = 1024 * 1024


class Answer(NamedTuple):
    """What came back, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_retry_after(text: str) -> float | None:
    """Seconds in a Retry-After header, which holds seconds or a date; None for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError, IndexError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def user_agent(application: str | None = None) -> str:
    """What the API sees of the caller, for example ``velora-core/0.1.0 (Linux) requests/2.34``."""
    lead = f"{application} " if application else ""
    return f"{lead}velora-core/{__version__} ({platform.system()}) requests/{requests.__version__}"


class _Call:
    """One call under way: its end in time, and whether it has been given up from outside."""

    def __init__(self, method: str, seconds: float) -> None:
        self.thread = threading.get_ident()
        self.ends = time.monotonic() + seconds
        self.repeatable = method in _IDEMPOTENT
        self.sent = False  # or some of it: it may take effect
        self.out_of_time = False
        self.given_up = threading.Event()
        self.news = threading.Event()  # it has been given up, or a name has been looked up

    @property
    def over(self) -> bool:
        return self.given_up.is_set()

    @property
    def cuttable(self) -> bool:
        """Whether nothing is lost with the answer: the same can be asked again."""
        return self.repeatable or not self.sent

    def look_up(self, host: str, port: int) -> list[str]:
        """Addresses of a host; raises OSError for none, ConnectionError when it is given up."""
        lookup = NameLookup.start(host, port, self.news.set)
        while True:
            self.news.clear()
            if self.over:
                raise ConnectionError
            addresses = lookup.addresses
            if addresses is not None:
                return addresses
            self.news.wait()


class _Retry(Retry):
    """urllib3's own retry, whose pauses can be ended and never outlast the call.

    A ``Retry-After`` that is longer than the call may wait is not waited for: the answer that
    carries it is handed back instead.
    """

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    requestor: Transport

    def new(self, **changed: Any) -> _Retry:
        fresh: _Retry = super().new(**changed)
        fresh.requestor = self.requestor
        return fresh

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> _Retry:
        call = self.requestor.current_call
        if response is not None:
            wait = _asked_pause(response) or 0.0
            left = call.ends - time.monotonic()
            if call.over or wait > min(self.requestor.limits.retry_after, left):
                raise MaxRetryError(_pool, url or "", None)
        elif call.over and error is not None:
            raise error
        following: _Retry = super().increment(method, url, response, error, _pool, _stacktrace)
        if response is not None:
            response.close()  # or urllib3 would read the body, however long, to throw it away
        return following

    def sleep(self, response: Any = None) -> None:
        pause = _asked_pause(response) if response is not None else None
        if pause is None:
            pause = self.get_backoff_time() or self.requestor.limits.backoff
            pause *= random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
        self.requestor.current_call.given_up.wait(pause)


def _asked_pause(response: Any) -> float | None:
    """Seconds that the answer asks to wait, None when it doesn't say or says nonsense."""
    stated = response.headers.get("Retry-After")
    return None if stated is None else parse_retry_after(stated)


class _Adapter(requests.adapters.HTTPAdapter):
    """Connections that can be found again, to be cut from another thread, and that trust the
    certificates that the system trusts."""

    def __init__(self, requestor: Transport, retry: Retry) -> None:
        self._requestor = requestor
        self._context = system_context()
        super().__init__(max_retries=retry, pool_connections=4, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self._follow(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        contexts = {"ssl_context": self._context, "proxy_ssl_context": self._context}
        manager = super().proxy_manager_for(proxy, **contexts, **kwargs)
        self._follow(manager)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._context is not None and verify is True:
            conn.cert_reqs = "CERT_REQUIRED"  # and no list of certificates beside the system's
        else:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]

    def _follow(self, manager: Any) -> None:
        manager.pool_classes_by_scheme = {
            "http": _following(HTTPConnectionPool, self._requestor),
            "https": _following(HTTPSConnectionPool, self._requestor),
        }


def _following(pool: Any, requestor: Transport) -> Any:
    """The pool class `pool`, whose connections tell `requestor` that they exist."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        connected: socket.socket | None = None
        _dns_host: str

        def _new_conn(self) -> Any:
            """A socket, from the first of the host's addresses that answers."""
            try:
                addresses = requestor.current_call.look_up(self._dns_host, self.port)
            except socket.gaierror as error:
                raise NewConnectionError(self, "no such name") from error
            host, failure = self._dns_host, None
            try:
                for address in addresses:
                    self._dns_host = address
                    try:
                        return super()._new_conn()
                    except HTTPError as error:
                        failure = error
                        if requestor.current_call.over:
                            break
            finally:
                self._dns_host = host
            raise failure or NewConnectionError(self, "no address")

        def connect(self) -> None:
            requestor.connecting(self)
            super().connect()
            self.connected = self.sock
            if requestor.current_call.over:  # cut while there was no socket to cut yet
                raise ConnectionError

        def putrequest(self, *args: Any, **kwargs: Any) -> Any:
            requestor.connecting(self)
            requestor.rate_limit.record()
            return super().putrequest(*args, **kwargs)

        def send(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:
                self.connect()
            if self.sock is self.connected:  # else it speaks to a proxy only
                requestor.sending()
            super().send(*args, **kwargs)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


class _Bearer(requests.auth.AuthBase):
    """Puts the token into the request; given as `auth` so that a .netrc can't replace it."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not re.fullmatch(r"[\x21-\x7e]+", self._token.reveal()):
            raise TokenMalformed
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


class Transport:
    """The HTTP session. Any thread may call `request`; `cut` and `close` end calls at once.

    But no call that can't be repeated (POST): once it is on its way it runs to its own end, because
    nobody would know what it has done, and what it answers may be there only once.

    Proxies are the system's, as requests finds them, but for this computer itself, which is never
    reached through one. Certificates are those that the system trusts.
    """

    def __init__(
        self,
        *,
        application: str | None = None,
        limits: Limits | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            application: name and version of the program that uses this, for the User-Agent.
            limits: bounds on time, size and repetition.
            check: called before each request; raises `Cancelled` when it is not to be sent.
        """
        self.limits = limits or Limits()
        self.rate_limit = RateLimiter()
        self._closed = False
        self._check = check
        self._lock = threading.Lock()
        self._calls: dict[int, _Call] = {}
        self._storing: dict[int, bool] = {}  # by thread: whether an answer is on its way
        self._stored = threading.Condition(self._lock)
        self._connections: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        retry = _Retry(
            total=self.limits.repetitions,
            backoff_factor=self.limits.backoff / 2,
            status_forcelist=_REPEATED_STATUSES,
            allowed_methods=_IDEMPOTENT,
            redirect=0,
            raise_on_status=False,
        )
        retry.requestor = self
        adapter = _Adapter(self, retry)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = user_agent(application)
        self._session.headers["Accept"] = "application/json"
        # A compressed answer could be a thousand times larger than what was read of it.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    @property
    def current_call(self) -> _Call:
        """The call that the calling thread is in."""
        return self._calls[threading.get_ident()]

    def connecting(self, connection: object) -> None:
        """A connection is now used by the calling thread's call."""
        with self._lock:
            self._connections[connection] = threading.get_ident()

    def sending(self) -> None:
        """The calling thread's call is being sent; raises where it was given up before that."""
        with self._lock:
            call = self.current_call
            if call.over:
                raise ConnectionError
            call.sent = True
            if not call.repeatable and call.thread in self._storing:
                self._storing[call.thread] = True

    @contextmanager
    def until_stored(self) -> Iterator[None]:
        """Once a call that can't be repeated is on its way in this block, `wait_stored` waits for
        the end of the block: there its answer has been stored."""
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
        """Waits for answers that are not to be lost (see `until_stored`); says whether all are
        stored."""
        with self._lock:
            return self._stored.wait_for(lambda: not any(self._storing.values()), seconds)

    def request(
        self, method: str, url: str, *, token: Secret | None = None, json: object = None
    ) -> Answer:
        """Sends one request and reads the answer whole.

        GET and PUT are repeated on connection errors, on 502/503/504 and on 429 with a
        Retry-After; any other method only when it can't have reached the server. No redirect is
        followed.

        Args:
            method: the HTTP method.
            url: the whole address.
            token: goes into the Authorization header.
            json: the body, if any.

        Raises:
            TransportError: no connection, or one of its kinds (DNS, TLS, proxy, time).
            ResponseTooLarge: the body is larger than `Limits.answer`.
            TokenMalformed: the token doesn't fit into a header.
            Cancelled: `cut` or `close` was called meanwhile.
        """
        with self._call(method) as call:
            self._check()  # from here on `cut` finds it
            try:
                response = self._session.request(
                    method,
                    url,
                    json=json,
                    auth=_Bearer(token) if token else _Anonymous(),
                    proxies=_NO_PROXY if is_loopback(urlsplit(url).hostname or "") else None,
                    timeout=(self.limits.connect, self.limits.read),
                    allow_redirects=False,
                    stream=True,
                )
                stated = parse_retry_after(response.headers.get("Retry-After", ""))
                self.rate_limit.update_from(response.status_code, response.headers, stated)
                with response:
                    body = self._read(response, url)
                if call.over:  # cut while the last bytes were read: they may not be the last
                    raise ConnectionError
                return Answer(response.status_code, response.headers, body)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise self._failure(error, call, url) from None

    @contextmanager
    def _call(self, method: str) -> Iterator[_Call]:
        call = _Call(method, self.limits.total)
        with self._lock:
            if self._closed:
                raise Cancelled
            self._calls[call.thread] = call
        watchdog = threading.Timer(self.limits.total, self._run_out, (call,))
        watchdog.daemon = True
        watchdog.name = "velora-deadline"
        watchdog.start()
        try:
            yield call
        finally:
            watchdog.cancel()
            with self._lock:
                self._calls.pop(call.thread, None)
            self._give_back()

    def _read(self, response: requests.Response, url: str) -> bytes:
        body = bytearray()
        while piece := response.raw.read(_CHUNK, decode_content=False):
            body += piece
            if len(body) > self.limits.answer:
                response.raw.close()
                path = urlsplit(url).path
                raise ResponseTooLarge(endpoint=path, limit=self.limits.answer // 1024)
        return bytes(body)

    def _run_out(self, call: _Call) -> None:
        call.out_of_time = True
        with self._lock:
            self._give_up(call)

    def _give_up(self, call: _Call) -> None:
        """With the lock."""
        call.given_up.set()
        call.news.set()
        if self._calls.get(call.thread) is not call:
            return
        for connection, thread in list(self._connections.items()):
            # http.client forgets the socket when the body that comes is the connection's last.
            plain = getattr(connection, "sock", None) or connection.connected
            if thread == call.thread and isinstance(plain, socket.socket):
                # Not SSLSocket's own shutdown, which takes the TLS state from under the thread
                # that is reading. An OSError says that the socket is gone already.
                with suppress(OSError):
                    socket.socket.shutdown(plain, socket.SHUT_RDWR)

    def cut(self, thread: int | None = None) -> None:
        """Ends the call that `thread` (all threads by default) is in; it raises `Cancelled`."""
        with self._lock:
            for call in list(self._calls.values()):
                if thread in (None, call.thread) and call.cuttable:
                    self._give_up(call)

    def close(self) -> None:
        """Cuts all calls; there are no further ones. Gives the connections back, those of a call
        that can't be cut when it has ended."""
        with self._lock:
            self._closed = True
        self.cut()
        self._give_back()

    def _give_back(self) -> None:
        with self._lock:
            unused = self._closed and not self._calls
        if unused:
            self._session.close()

    @staticmethod
    def _failure(error: Exception, call: _Call, url: str) -> Exception:
        if call.out_of_time:
            return TimedOut()
        if call.over:
            return Cancelled()
        host = urlsplit(url).hostname or ""
        causes = list(_causes(error))
        if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
            return ProxyError()
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return DnsError(host=host)
        if any(isinstance(cause, requests.exceptions.SSLError) for cause in causes):
            return TlsError(host=host)
        if type(error) is OSError and error.errno is None:  # requests' own word for it
            return CertificatesMissing()
        late = (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)
        if any(isinstance(cause, late) for cause in causes):
            return TimedOut()
        lost = (ProtocolError, ConnectionResetError, BrokenPipeError)
        if any(isinstance(cause, lost) for cause in causes):
            return ConnectionLost()
        return TransportError()


class _Anonymous(requests.auth.AuthBase):
    """No credentials, not even those of a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what is behind it: libraries wrap the cause in arguments and attributes."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
