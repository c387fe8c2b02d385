"""Velora's event stream: one connection that pushes what happens on a channel.

The platform's guide does not describe it; what is known of it was seen in software that ships
against Velora. So everything is taken to be optional, and nothing that comes is believed unread.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from velora_core.errors import (
    BadJson,
    Cancelled,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    ResponseTooLarge,
    ServerError,
    TimedOut,
    Unauthorized,
    UnexpectedRedirect,
    VeloraError,
)
from velora_core.secret import Secret

from ._retry import parse_retry_after
from .server_sent_events import EventParser, EventTooLarge, ServerSentEvent
from .stream_event import Channel, StreamEvent

if TYPE_CHECKING:
    from .cancellation import Call
    from .transport import Incoming, Transport

__all__ = ["SCOPE", "EventStream"]

SCOPE: Final = "stream:read"
"""Whether it is enough isn't known; without it nothing of a channel's stream can be read."""

_KIND: Final = "text/event-stream"
_CONNECTED: Final = "connected"
_KINDS: Final = {
    "stream.online": "online",
    "stream.offline": "offline",
    "stream.update": "update",
    "channel.update": "update",
}
_ENVELOPED: Final = re.compile(r'"(?:connected|stream\.\w+|channel\.update)"')
_MAX_ID: Final = 200


class EventStream:
    """One connection; iterate over it once, on a thread that has nothing else to do.

    Attributes:
        token: what it is opened with.
        refused: whether Velora has rejected that (401).
        connected: whether Velora has confirmed the connection.
        channel: whose events these are, as Velora said then.
        last_id: id of the last event that had one, for the next connection.
        retry: seconds before the next connection, as Velora wants it; None: it didn't say.
        heard: when the last sign of life came, as `time.monotonic` counts.
    """

    def __init__(
        self,
        transport: Transport,
        url: str,
        token: Secret,
        *,
        silence: float,
        last_id: str = "",
    ) -> None:
        """Create the event stream; nothing is sent yet.

        Args:
            transport: the HTTP session.
            url: the whole address.
            token: an access token.
            silence: seconds without a line, be it a comment, after which it counts as lost.
            last_id: `last_id` of the one before it.
        """
        self._transport = transport
        self._url = url
        self._silence = silence
        self._lock = threading.Lock()
        self._call: Call | None = None
        self._closed = False
        self.token = token
        self.refused = False
        self.connected = False
        self.channel = Channel()
        self.last_id = last_id
        self.retry: float | None = None
        self.heard = time.monotonic()

    def close(self) -> None:
        """End it at once, for good; who iterates gets `Cancelled`. From any thread."""
        with self._lock:
            self._closed = True
            if self._call is not None:
                self._transport.cut(self._call)

    def _begun(self, call: Call) -> None:
        with self._lock:
            if self._closed:
                raise Cancelled
            self._call = call

    def __iter__(self) -> Iterator[StreamEvent | None]:
        """Connect, and return the stream's events as they come.

        The first is None: Velora has confirmed the connection. Events about other things are
        left out, and so are tests and those of another channel.

        Raises:
            Unauthorized, Forbidden, NotFound, RateLimited, ServerError, UnexpectedRedirect: Velora
                doesn't give it.
            BadJson, InvalidResponse, ResponseTooLarge: what comes isn't what was agreed.
            TimedOut: nothing comes any more.
            TransportError, Cancelled: the connection is lost, or was closed.
        """
        headers = {"Accept": _KIND, "Cache-Control": "no-store"}
        if re.fullmatch(r"[\x21-\x7e]+", self.last_id) and len(self.last_id) <= _MAX_ID:
            headers["Last-Event-ID"] = self.last_id
        with self._transport.listen(
            self._url, token=self.token, headers=headers, begun=self._begun
        ) as incoming:
            error = self._refusal(incoming)
            if error is not None:
                raise error
            for event in self._events(incoming):
                yield from self._read(event)

    def _events(self, incoming: Incoming) -> Iterator[ServerSentEvent]:
        """Return all events until the server ends the stream."""
        parser = EventParser()
        self.heard = time.monotonic()
        while True:
            # Not by bytes, which may come one by one without ever making a line.
            timeout = self.heard + self._silence - time.monotonic()
            if timeout <= 0:
                raise TimedOut
            piece = incoming.read(timeout)
            if not piece:
                return
            before = parser.lines
            try:
                events = parser.feed(piece)
            except EventTooLarge:
                raise ResponseTooLarge(
                    endpoint=self._endpoint, limit=parser.limit // 1024
                ) from None
            if parser.lines > before and self.connected:
                self.heard = time.monotonic()
            self.last_id = parser.last_id or self.last_id
            self.retry = None if parser.retry is None else parser.retry / 1000
            yield from events

    def _read(self, event: ServerSentEvent) -> Iterator[StreamEvent | None]:
        name = event.name
        concerns = name in _KINDS or name == _CONNECTED
        if not concerns and not (name == "message" and _ENVELOPED.search(event.data)):
            return  # chat goes by here, too: it is not even decoded
        try:
            data: Any = json.loads(event.data)
        except (ValueError, RecursionError):
            raise BadJson(endpoint=self._endpoint) from None
        if not isinstance(data, dict):
            raise BadJson(endpoint=self._endpoint)
        # Seen with an envelope around the data: {"event": …, "timestamp": …, "data": {…}}.
        content: Any = data.get("data") if "event" in data else data
        named = data.get("event") if name == "message" else name
        if not isinstance(content, dict):
            content = {}
        if named == _CONNECTED:
            self.channel = Channel.from_json(content)
            if not self.connected:
                self.connected = True
                yield None
        elif isinstance(named, str) and named in _KINDS:
            yield from self._concerning_us(_KINDS[named], content)

    def _concerning_us(self, kind: str, content: dict[str, Any]) -> Iterator[StreamEvent | None]:
        if content.get("isTest"):
            return
        if not self.connected:  # whatever it was that came before
            self.connected = True
            yield None
        event = StreamEvent.from_json(kind, content, endpoint=self._endpoint)
        ours = event.channel.is_same(self.channel)
        if ours is not False:
            yield event if ours else event._replace(certain=False)

    @property
    def _endpoint(self) -> str:
        return urlsplit(self._url).path

    def _refusal(self, incoming: Incoming) -> VeloraError | None:
        """Return why there is nothing to read."""
        status = incoming.status
        if status == HTTPStatus.OK:
            kind = incoming.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind == _KIND:
                return None
            return InvalidResponse(endpoint=self._endpoint, field="Content-Type", problem="type")
        if status == HTTPStatus.UNAUTHORIZED:
            self.refused = True
            return Unauthorized()
        if status == HTTPStatus.FORBIDDEN:
            return Forbidden(scope=SCOPE)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            stated = incoming.headers.get("Retry-After")
            return RateLimited(retry_after=None if stated is None else parse_retry_after(stated))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ServerError(status=status)
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            return UnexpectedRedirect(endpoint=self._endpoint)
        return NotFound(endpoint=self._endpoint)
