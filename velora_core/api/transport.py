"""HTTP transport: requests' adapter with bounds on time, size and retries.

Knows nothing of Velora but how to say who is asking. What the answers mean is `client`'s matter.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache, partial
from http.client import HTTPException, IncompleteRead
from json import dumps
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

with warnings.catch_warnings():
    # About versions it doesn't know; OBS would show that to the streamer as an error.
    warnings.simplefilter("ignore")
    import requests
    import requests.cookies
    import requests.structures
    import requests.utils
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from velora_core._version import __version__
from velora_core.errors import (
    Cancelled,
    CertificatesMissing,
    ConnectionLost,
    DnsError,
    ProxyError,
    ProxyUnusable,
    ResponseTooLarge,
    TimedOut,
    TlsError,
    TokenMalformed,
    TransportError,
)
from velora_core.secret import Secret

from ._adapter import TrackingAdapter
from ._retry import CancellableRetry, Limits, parse_retry_after
from .cancellation import Call, CallRegistry
from .proxies import proxies_for
from .rate_limit import RateLimiter

__all__ = [
    "Incoming",
    "Limits",
    "Response",
    "Transport",
    "parse_retry_after",
    "user_agent",
]

_CHUNK: Final = 64 * 1024
_PIECE: Final = 8 * 1024
_FAILURES: Final = (
    requests.RequestException,
    HTTPError,
    HTTPException,  # urllib3 1.26 lets it through where a body is read by pieces
    OSError,
    ValueError,
)

# The standard library's `platform` says the same, and takes milliseconds to load.
_SYSTEMS: Final = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


class Response(NamedTuple):
    """What came back, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:  # a stream key or a token may be in it
        return f"Response(status={self.status}, {len(self.body)} bytes)"


def user_agent(application: str | None = None) -> str:
    """Return the User-Agent, for example ``velora-core/0.1.0 (Linux) requests/2.34``."""
    lead = f"{application} " if application else ""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    return f"{lead}velora-core/{__version__} ({system}) requests/{requests.__version__}"


def _prepared_url(url: str) -> str:
    """Return an address as requests writes it: quoted where it has to be; raise as that does."""
    request = requests.PreparedRequest()
    request.prepare_url(url, None)
    return request.url or ""


@contextmanager
def _closing(answer: Any) -> Iterator[Any]:
    """Close the connection at the end of the block, unless the whole of the answer was read."""
    try:
        yield answer
    finally:
        answer.close()
        answer.release_conn()


def _authorization(token: Secret) -> str:
    if not re.fullmatch(r"[\x21-\x7e]+", token.reveal()):
        raise TokenMalformed
    return f"Bearer {token.reveal()}"


class Transport:
    """The HTTP session. Any thread may call `request`; `abort` and `close` end calls at once.

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
        calls: CallRegistry | None = None,
        check: Callable[[], None] = lambda: None,
        admits: Callable[[str], bool] | None = None,
    ) -> None:
        """Create the transport.

        Args:
            application: name and version of the program that uses this, for the User-Agent.
            limits: bounds on time, size and repetition.
            calls: where the calls under way are registered; its own by default.
            check: called before each request; raises `Cancelled` when it is not to be sent.
            admits: says whether an address may be connected to that a name was looked up to; all of
                them by default. A proxy looks names up itself: see `velora_core.api.proxies`.
        """
        self.limits = limits or Limits()
        self.rate_limit = RateLimiter()
        self._calls = calls or CallRegistry()
        self._check = check
        adapter = TrackingAdapter(
            self._calls,
            CancellableRetry.within(self.limits, self._calls),
            requesting=self.rate_limit.record,
            admits=admits,
        )
        self._adapter = adapter
        self._prepared_url = lru_cache(maxsize=16)(_prepared_url)  # its own: they may have a key
        self._cookies = requests.cookies.RequestsCookieJar()
        self._headers = {
            "User-Agent": user_agent(application),
            "Accept": "application/json",
            # A compressed answer could be a thousand times larger than what was read of it.
            "Accept-Encoding": "identity",
        }

    def until_stored(self) -> AbstractContextManager[None]:
        """Surround a request and the storing of its answer: see `CallRegistry.until_stored`."""
        return self._calls.until_stored()

    def request(
        self,
        method: str,
        url: str,
        *,
        token: Secret | None = None,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        once: bool = False,
    ) -> Response:
        """Send one request and read the whole answer.

        GET and PUT are repeated on connection errors, on 502/503/504 and on 429 with a
        Retry-After; any other method only when it can't have reached the server. No redirect is
        followed.

        Args:
            method: the HTTP method.
            url: the whole address.
            token: goes into the Authorization header.
            json: the body, if any; secrets in it are revealed where it is sent.
            content: the body, where it is none in JSON.
            headers: further ones.
            seconds: for the call, where that is less than `Limits.total`.
            once: whether what it does is done once and its answer not given again: then it is
                waited for as long as the call may take, and not for `Limits.read` only.

        Raises:
            TransportError: no connection, or one of its kinds (DNS, TLS, proxy, time).
            ResponseTooLarge: the body is larger than `Limits.answer`.
            TokenMalformed: the token doesn't fit into a header.
            Cancelled: `abort` or `close` was called meanwhile.
        """
        try:
            total = self.limits.total
            with self._calls.call(method, min(total, seconds or total)) as call:
                self._check()  # from here on `abort` finds it
                try:
                    read = total if once else self.limits.read
                    opened = self._open(method, url, token, json, headers, content, read=read)
                    with _closing(opened) as answer:
                        return self._receive(call, answer, url)
                except _FAILURES as error:
                    raise self._failure(error, call, url) from None
        finally:
            self._release()

    @contextmanager
    def listen(
        self,
        url: str,
        *,
        token: Secret,
        headers: Mapping[str, str],
        begun: Callable[[Call], None],
    ) -> Iterator[Incoming]:
        """Send a GET whose answer goes on for hours, to be read as it comes.

        It is sent once, makes room for no other call, and ends when `cut` or `close` is called.
        Its head has to come within the time for a whole call.

        Args:
            url: the whole address.
            token: goes into the Authorization header.
            headers: further ones.
            begun: given the call before anything is sent; raises `Cancelled` if it isn't wanted
                any more. What `cut` takes.

        Raises:
            TransportError, TokenMalformed, Cancelled: as `request` does, also while it is read.
        """
        try:
            with self._calls.call("GET", self.limits.total, lasting=True) as call:
                begun(call)  # from here on `cut` finds it
                try:
                    answer = self._open("GET", url, token, None, headers)
                except _FAILURES as error:
                    raise self._failure(error, call, url) from None
                with _closing(answer):
                    call.answered = True
                    if call.cancelled:  # what there is of the head may not be all of it
                        raise self._failure(ConnectionError(), call, url)
                    failure = partial(self._failure, call=call, url=url)
                    yield Incoming(answer, call, self._calls.set_timeout, failure)
        finally:
            self._release()

    def cut(self, call: Call) -> None:
        """End one call of `listen`; it raises `Cancelled`. From any thread."""
        self._calls.cut(call)

    def _open(
        self,
        method: str,
        url: str,
        token: Secret | None,
        json: object,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        *,
        read: float | None = None,
    ) -> Any:
        """Send a request and return urllib3's answer, with the body still to be read.

        By requests' adapter, which tells what goes wrong, without its session: that takes half of
        a request's time, for settings, hooks and redirects that there are not here.
        """
        request = requests.PreparedRequest()
        request.method, request.url = method, self._prepared_url(url)
        request.headers = requests.structures.CaseInsensitiveDict(self._headers)
        if json is not None:
            content = dumps(json, allow_nan=False, default=Secret.reveal).encode()
            request.headers["Content-Type"] = "application/json"
        request.headers.update(headers or {})
        if token:  # and nobody's else: a .netrc can't replace it
            request.headers["Authorization"] = _authorization(token)
        request.body = content or None
        if content or method not in ("GET", "HEAD"):
            request.headers["Content-Length"] = str(len(content or b""))
        if self._cookies:
            request.prepare_cookies(self._cookies)
        answer: Any = self._adapter.send(
            request,
            proxies=proxies_for(url),
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True,
            timeout=(self.limits.connect, read or self.limits.read),
            stream=True,
        )
        if "Set-Cookie" in answer.headers:
            extract = requests.cookies.extract_cookies_to_jar
            extract(self._cookies, request, answer)  # type: ignore[no-untyped-call]
        stated = parse_retry_after(answer.headers.get("Retry-After", ""))
        self.rate_limit.update_from(answer.status, answer.headers, stated)
        return answer

    def _receive(self, call: Call, answer: Any, url: str) -> Response:
        body = self._read(answer, url)
        if call.cancelled:  # while the last bytes were read: they may not be the last
            raise ConnectionError
        return Response(answer.status, answer.headers, body)

    def _read(self, answer: Any, url: str) -> bytes:
        body = bytearray()
        while piece := answer.read(_CHUNK, decode_content=False):
            body += piece
            if len(body) > self.limits.answer:
                answer.close()
                path = urlsplit(url).path
                raise ResponseTooLarge(endpoint=path, limit=self.limits.answer // 1024)
        if answer.length_remaining:  # which urllib3 2 raises for, and an older one takes for whole
            raise ProtocolError("cut short")
        return bytes(body)

    def abort(self, thread: int | None = None) -> None:
        """End the call that `thread` (all threads by default) is in; it raises `Cancelled`."""
        self._calls.abort(thread)

    def close(self) -> None:
        """Abort all calls; there are no further ones.

        Gives the connections back, those of a call that can't be aborted when it has ended.
        """
        self._calls.close()
        self._release()

    def _release(self) -> None:
        if self._calls.finished:
            self._adapter.close()

    @staticmethod
    def _failure(error: Exception, call: Call, url: str) -> Exception:
        if call.timed_out:
            return TimedOut()
        if call.cancelled:
            return Cancelled()
        host = urlsplit(url).hostname or ""
        causes = list(_exception_chain(error))
        if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
            return ProxyError()
        unusable = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)
        if isinstance(error, unusable) and any(proxies_for(url).values()):
            return ProxyUnusable()
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return DnsError(host=host)
        if any(isinstance(cause, requests.exceptions.SSLError) for cause in causes):
            return TlsError(host=host)
        if type(error) is OSError and error.errno is None:  # requests' own word for it
            return CertificatesMissing()
        late = (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)
        if any(isinstance(cause, late) for cause in causes):
            return TimedOut()
        lost = (ProtocolError, IncompleteRead, ConnectionResetError, BrokenPipeError)
        if any(isinstance(cause, lost) for cause in causes):
            return ConnectionLost()
        return TransportError()


class Incoming:
    """An answer whose body comes over hours.

    Attributes:
        status: the HTTP status.
        headers: the answer's.
    """

    def __init__(
        self,
        answer: Any,
        call: Call,
        set_timeout: Callable[[float], None],
        failure: Callable[[Exception], Exception],
    ) -> None:
        """Create the incoming answer.

        Args:
            answer: urllib3's, with its body still to be read.
            call: that it came by.
            set_timeout: bounds how long the calling thread waits for bytes.
            failure: names what went wrong.
        """
        self.status: int = answer.status
        self.headers: Mapping[str, str] = answer.headers
        self._raw = answer
        self._call = call
        self._set_timeout = set_timeout
        self._failure = failure

    def read(self, timeout: float) -> bytes:
        """Return what has come, as soon as something has; nothing at the end.

        Args:
            timeout: seconds without a byte after which it raises `TimedOut`.

        Raises:
            TransportError, Cancelled: the connection is lost, or was cut.
        """
        self._set_timeout(timeout)
        try:
            if hasattr(self._raw, "read1"):
                piece: bytes = self._raw.read1(_PIECE, decode_content=False)
            else:  # urllib3 1.26, whose `read` would wait until there is that much
                piece = self._raw._fp.read1(_PIECE)
        except _FAILURES as error:
            raise self._failure(error) from None
        if not piece and self._call.cancelled:  # a cut looks like an end
            raise self._failure(ConnectionError())
        return piece


def _exception_chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and what is behind it: libraries wrap the cause in arguments and attributes."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop(0)
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
