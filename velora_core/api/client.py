"""Client for Velora's streaming API: one method for each endpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlencode, urlsplit

from velora_core.errors import (
    BadJson,
    CategoryNotFound,
    Forbidden,
    InsufficientScope,
    NotFound,
    NotSignedIn,
    RateLimited,
    Rejected,
    ServerError,
    StreamingNotEnabled,
    TokenIsAddress,
    TokenIsClientId,
    TokenIsKey,
    TokenMalformed,
    Unauthorized,
    UnexpectedRedirect,
    VeloraError,
)
from velora_core.secret import Secret, scrub

from ._json_fields import decode
from .endpoints import Endpoints
from .models import (
    Category,
    Profile,
    StreamInfo,
    StreamInfoUpdate,
    StreamSetup,
    stream_key_from_json,
    success_from_json,
)
from .transport import Limits, Response, Transport, parse_retry_after
from .validation import validate_category_query

if TYPE_CHECKING:
    from .event_stream import EventStream

__all__ = ["TokenSource", "VeloraClient", "validate_token"]

_NO_TOKENS: Final[dict[type[TokenMalformed], str]] = {
    TokenIsKey: r"live_\S+$",
    TokenIsAddress: r"[A-Za-z][A-Za-z0-9+.-]*://",
    TokenIsClientId: r"velora_[0-9a-f]{16}$",
}
"""What else people copy from Velora's pages."""

_MAX_MESSAGE: Final = 400
_MAX_MESSAGES: Final = 20  # of one answer


def validate_token(text: Secret) -> Secret:
    """Return the access token in a typed or pasted text.

    White space around it is left out, and so is the word that goes before it in a header.

    Raises:
        NotSignedIn: there is nothing in it.
        TokenMalformed: it is a stream key, a client ID or an address, or has characters that no
            token has.
    """
    trimmed = Secret(re.sub(r"(?i)^(authorization:)?\s*bearer\s+", "", text.reveal().strip()))
    if not trimmed:
        raise NotSignedIn
    for error, pattern in _NO_TOKENS.items():
        if re.match(pattern, trimmed.reveal()):
            raise error
    if not re.fullmatch(r"[\x21-\x7e]+", trimmed.reveal()):
        raise TokenMalformed
    return trimmed


class TokenSource(Protocol):
    """Where access tokens come from."""

    def token(self) -> Secret:
        """Return the token to use now; raise `NotSignedIn` when there is none."""

    def refresh(self, rejected: Secret) -> Secret | None:
        """Return another token after Velora rejected this one (401), or None if there is none."""


class _OneToken:
    """A token that somebody gave; there is no other."""

    def __init__(self, text: str | Secret) -> None:
        self._text = text if isinstance(text, Secret) else Secret(text)

    def token(self) -> Secret:
        return validate_token(self._text)

    def refresh(self, rejected: Secret) -> Secret | None:  # noqa: ARG002
        return None


class VeloraClient:
    """The Velora streaming API. Each call is one round trip and blocks; threads may share it.

    Every method can raise any `VeloraError` of `TransportError` and `ApiError`; its own
    description names what is special to it.
    """

    def __init__(
        self,
        token: str | Secret | TokenSource,
        *,
        endpoints: Endpoints | None = None,
        transport: Transport | None = None,
        application: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Create the Velora client.

        Args:
            token: the access token, or where to get one.
            endpoints: the platform's addresses; by default what `VELORA_API_URL` asks for.
            transport: the HTTP session to use; the client makes its own by default.
            application: name and version of the calling program, for the User-Agent.
            limits: bounds on time, size and repetition of the client's own HTTP session.

        Raises:
            ApiUrlInvalid: `VELORA_API_URL` can't be used.
        """
        self._tokens: TokenSource = _OneToken(token) if isinstance(token, (str, Secret)) else token
        self._endpoints = endpoints or Endpoints.from_environment()
        self._transport = transport or Transport(application=application, limits=limits)

    def __enter__(self) -> VeloraClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End running calls (they raise `Cancelled`) and close all connections."""
        self._transport.close()

    def get_stream_setup(self) -> StreamSetup:
        """Return the stream key and the ingest's addresses.

        Scope ``stream:key``; ``GET /stream/setup``.
        """
        path = "/stream/setup"
        return StreamSetup.from_json(self._call("GET", path, scope="stream:key"), endpoint=path)

    def get_stream_info(self, *, seconds: float | None = None) -> StreamInfo:
        """Return title, category and whether the channel is live.

        Args:
            seconds: for the call, where somebody waits who can't wait long.

        Scope ``stream:read``; ``GET /stream/info``.
        """
        path = "/stream/info"
        data = self._call("GET", path, scope="stream:read", seconds=seconds)
        return StreamInfo.from_json(data, endpoint=path)

    def update_stream_info(
        self,
        *,
        title: str | None = None,
        category_slug: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> StreamInfoUpdate:
        """Change what is given and leave the rest.

        `send_stream_info` for whom has no update yet.

        Args:
            title: at most 140 characters after trimming, no control characters.
            category_slug: a slug from `get_categories`.
            tags: trimmed and without repetitions; an empty iterable removes all tags.

        Returns:
            What was sent.

        Raises:
            TitleTooLong, TitleInvalid, TagInvalid: before anything is sent.
        """
        update = StreamInfoUpdate.checked(title=title, category_slug=category_slug, tags=tags)
        self.send_stream_info(update)
        return update

    def send_stream_info(self, update: StreamInfoUpdate) -> None:
        """Change what the update has and leave the rest; sends nothing when it is empty.

        Args:
            update: made by `StreamInfoUpdate.checked`; it is not checked again.

        Raises:
            CategoryNotFound: Velora has no such category; nothing was changed.
            Rejected: Velora said no for another reason.

        Scope ``stream:write``; ``PUT /stream/info``.
        """
        if not update:
            return
        path, slug = "/stream/info", update.category_slug

        def not_found(_: Response) -> VeloraError | None:
            return CategoryNotFound(slug=slug) if slug is not None else None

        result = self._call(
            "PUT", path, scope="stream:write", body=update.to_json(), not_found=not_found
        )
        if result is not None and not success_from_json(result, endpoint=path):
            raise Rejected(status=HTTPStatus.OK, message=self._message(result))

    def get_categories(self) -> tuple[Category, ...]:
        """Return the categories that a stream can have, each once, in Velora's order.

        Any scope; ``GET /stream/categories``.
        """
        path = "/stream/categories"
        return Category.list_from_json(self._call("GET", path), endpoint=path)

    def search_categories(
        self, query: str, limit: int = 25, *, seconds: float | None = None
    ) -> tuple[Category, ...]:
        """Return the categories whose name fits a text, out of all that Velora has.

        `get_categories` has the first hundred in alphabetical order only.

        Args:
            query: a part of the name, at least two characters.
            limit: how many at most.
            seconds: for the call, where somebody waits who can't wait long.

        Raises:
            CategoryQueryInvalid: before anything is sent.
            NotFound: this Velora has no such search.

        Any scope; ``GET /api/categories/search``.
        """
        wanted = validate_category_query(query)
        address = self._endpoints.category_search
        question = urlencode({"query": wanted, "limit": limit})
        data = self._call("GET", f"{address}?{question}", seconds=seconds)
        return Category.hits_from_json(data, limit=limit, endpoint=urlsplit(address).path)

    def regenerate_stream_key(self) -> Secret:
        """Make a new stream key. The old one stops working at once, and nothing brings it back.

        Never repeated once it may have arrived: after `ConnectionLost` or `TimedOut`, ask
        `get_stream_setup` which key is valid now.

        Scope ``stream:key``; ``POST /stream/key/regenerate``.
        """
        path = "/stream/key/regenerate"
        data = self._call("POST", path, scope="stream:key")
        return stream_key_from_json(data, endpoint=path)

    def get_profile(self) -> Profile:
        """Return who the token belongs to, and whether that account may stream.

        Scope ``user:read``; ``GET /api/users/me``.
        """
        data = self._call("GET", self._endpoints.profile, scope="user:read")
        return Profile.from_json(data, endpoint=urlsplit(self._endpoints.profile).path)

    def open_event_stream(
        self, *, silence: float = 60.0, after: EventStream | None = None
    ) -> EventStream:
        """Return a connection that pushes what happens on the channel, once it is iterated over.

        Args:
            silence: seconds without a line after which it counts as lost.
            after: the connection before this one, which goes on where that ended, and with
                another token if Velora refused that one's.

        Raises:
            Unauthorized: there is no other token.
            NotSignedIn, SignInError: as for any call; the rest comes while it is iterated over.

        Scope ``stream:read``, as far as is known; ``GET /api/events/stream``.
        """
        from .event_stream import EventStream  # which a program that isn't live doesn't need

        token = self._tokens.token()
        if after is not None and after.refused and after.token == token:
            other = self._tokens.refresh(token)
            if other is None:
                raise Unauthorized
            token = other
        return EventStream(
            self._transport,
            self._endpoints.events,
            token,
            silence=silence,
            last_id=after.last_id if after is not None else "",
        )

    # -- below: from an answer to a value or an error --------------------------------------

    def _call(
        self,
        method: str,
        where: str,
        *,
        scope: str | None = None,
        body: object = None,
        not_found: Callable[[Response], VeloraError | None] | None = None,
        seconds: float | None = None,
    ) -> object:
        """Return the decoded JSON of a success, None without content; raise the error it is."""
        url = where if "://" in where else self._endpoints.api + where
        endpoint = urlsplit(url).path if "://" in where else where

        def ask(token: Secret) -> Response:
            return self._transport.request(method, url, token=token, json=body, seconds=seconds)

        token = self._tokens.token()
        response = ask(token)
        if response.status == HTTPStatus.UNAUTHORIZED:
            other = self._tokens.refresh(token)
            if other is not None:
                token = other
                response = ask(token)
        status = response.status
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            if status == HTTPStatus.NO_CONTENT:
                return None
            return _decoded(response, endpoint)
        if status < HTTPStatus.BAD_REQUEST:
            raise UnexpectedRedirect(endpoint=endpoint)
        if status == HTTPStatus.UNAUTHORIZED:
            raise Unauthorized
        if status == HTTPStatus.FORBIDDEN:
            raise self._forbidden(url, scope)
        if status == HTTPStatus.NOT_FOUND:
            raise (not_found(response) if not_found else None) or NotFound(endpoint=endpoint)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RateLimited(retry_after=_retry_after(response))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerError(status=status)
        try:
            message = self._message(_decoded(response, endpoint), token)
        except BadJson:
            message = ""
        raise Rejected(status=status, message=message)

    def _forbidden(self, url: str, scope: str | None) -> VeloraError:
        """Tell the two meanings of a 403 apart, by the profile if the token may ask for it."""
        unclear = Forbidden(scope=scope or "user:read")
        if url == self._endpoints.profile:
            return InsufficientScope(scope="user:read")
        try:
            enabled = self.get_profile().streaming_enabled
        except VeloraError:
            return unclear
        if enabled is False:
            return StreamingNotEnabled()
        if enabled and scope:
            return InsufficientScope(scope=scope)
        return unclear

    @staticmethod
    def _message(data: object, *secrets: Secret) -> str:
        """Return the server's own message: short, on one line, without secrets.

        Velora names all that is wrong with a request in an array.
        """
        message = data.get("message") if isinstance(data, dict) else None
        given = message if isinstance(message, list) else [message]
        each = (
            " ".join("".join(c if c.isprintable() else " " for c in text).split())
            for text in given[:_MAX_MESSAGES]
            if isinstance(text, str)
        )
        words = "; ".join(filter(None, each))
        words = scrub(words, *secrets)
        return words if len(words) <= _MAX_MESSAGE else words[:_MAX_MESSAGE] + "…"


def _decoded(response: Response, endpoint: str) -> object:
    try:
        return decode(response.body)
    except (ValueError, RecursionError):
        raise BadJson(endpoint=endpoint) from None


def _retry_after(response: Response) -> float | None:
    """Return the seconds to wait, from the header or else from the body."""
    stated = response.headers.get("Retry-After")
    if stated is None:
        try:
            data = json.loads(response.body)
        except (ValueError, RecursionError):
            return None
        stated = data.get("retry_after") if isinstance(data, dict) else None
    return parse_retry_after(str(stated))
