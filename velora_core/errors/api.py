"""Errors of requests to Velora: what it answered, and why there was no answer."""

from __future__ import annotations

from typing import Final

from velora_core.messages import message
from velora_core.messages.phrases import seconds_in_words

from .base import VeloraError

__all__ = [
    "ApiError",
    "BadJson",
    "CategoryGone",
    "CategoryNotFound",
    "CategoryUnchecked",
    "CertificatesMissing",
    "ConnectionLost",
    "DnsError",
    "Forbidden",
    "InsufficientScope",
    "InvalidResponse",
    "NotFound",
    "PartRejected",
    "ProxyError",
    "ProxyUnusable",
    "RateLimited",
    "Rejected",
    "ResponseTooLarge",
    "ServerError",
    "SignInUnclear",
    "StreamingNotEnabled",
    "TimedOut",
    "TlsError",
    "TokensInvalid",
    "TransportError",
    "Unauthorized",
    "UnexpectedRedirect",
    "UnexpectedResponse",
]

RATE_LIMIT_WINDOW: Final = 60.0
"""Seconds by which Velora counts requests."""

_LONGEST_PAUSE: Final = 3600.0
"""Seconds that are waited at most: a server whose clock is wrong may ask for years."""


class ApiError(VeloraError):
    """Velora answered, and it was not a success."""


class Unauthorized(ApiError):
    """401: the access token is wrong or has expired."""

    sentence = "error.unauthorized"


class Forbidden(ApiError):
    """403 whose reason could not be found out."""

    sentence = "error.forbidden"


class StreamingNotEnabled(Forbidden):
    """403: the account may not stream."""

    sentence = "error.streaming_not_enabled"


class InsufficientScope(Forbidden):
    """403: the token lacks a scope; `scope` says which."""

    sentence = "error.missing_scope"

    def __init__(self, *, scope: str) -> None:
        super().__init__(scope=scope)
        self.scope = scope


class NotFound(ApiError):
    """404 on an address that should exist."""

    sentence = "error.not_found"


class CategoryNotFound(ApiError):
    """404 on an update: Velora has no category with this slug."""

    sentence = "error.category_not_found"

    def __init__(self, *, slug: str) -> None:
        super().__init__(slug=slug)
        self.slug = slug


class CategoryGone(ApiError):
    """The same for a category that was chosen by its name: it has been there before."""

    sentence = "error.category_gone"


class CategoryUnchecked(VeloraError):
    """What a text means could not be asked; nothing is known against it."""

    sentence = "error.category_unchecked"
    transient = True


class RateLimited(ApiError):
    """429: `retry_after` is the time to wait in seconds, None when Velora didn't say."""

    sentence = "error.rate_limited"
    transient = True

    def __init__(self, *, retry_after: float | None) -> None:
        self.retry_after = retry_after
        if retry_after is None:
            super().__init__("error.rate_limited_unknown")
        else:
            super().__init__(wait=seconds_in_words(self.pause))

    @property
    def pause(self) -> float:
        """Seconds to wait: those that Velora asked for, else the minute its limits count by.

        An hour at most.
        """
        if self.retry_after is None:
            return RATE_LIMIT_WINDOW
        return min(self.retry_after, _LONGEST_PAUSE)


class Rejected(ApiError):
    """400 or another 4xx; `status` is it, `message` the server's own, which is in the sentence."""

    sentence = "error.rejected"

    def __init__(self, *, status: int, message: str) -> None:
        self.status = status
        self.message = message
        silent = None if message else "error.rejected_silent"
        super().__init__(silent, status=status, message=message)


class PartRejected(ApiError):
    """The same for one part of an update, after which the other parts have been sent."""

    sentence = "error.part_rejected"

    def __init__(self, *, part: str, status: int, message: str) -> None:
        silent = None if message else "error.part_rejected_silent"
        super().__init__(silent, part=part, status=status, message=message)


class ServerError(ApiError):
    """5xx: Velora's own problem; `status` is it."""

    sentence = "error.server"
    transient = True

    def __init__(self, *, status: int) -> None:
        self.status = status
        super().__init__(status=status)


class UnexpectedResponse(ApiError):
    """The answer can't be used as it is."""


class BadJson(UnexpectedResponse):
    """The body is not JSON (or empty, or not UTF-8, or nested without end)."""

    sentence = "error.not_json"
    transient = True


class ResponseTooLarge(UnexpectedResponse):
    """The body is larger than what is read."""

    sentence = "error.too_large"


class InvalidResponse(UnexpectedResponse):
    """A field is missing, null, of the wrong type or unusable; `endpoint`, `field` name it."""

    sentence = "error.answer_field"

    def __init__(self, *, endpoint: str, field: str, problem: str) -> None:
        self.endpoint = endpoint
        self.field = field
        super().__init__(endpoint=endpoint, field=field, problem=message(f"problem.{problem}"))


class TokensInvalid(InvalidResponse):
    """The same of the token endpoint's answer, which has been good before."""

    transient = True


class SignInUnclear(UnexpectedResponse):
    """The token endpoint gave neither tokens nor a verdict; `status` is what it gave."""

    sentence = "error.sign_in_unclear"
    transient = True

    def __init__(self, *, status: int) -> None:
        self.status = status
        super().__init__(status=status)


class UnexpectedRedirect(UnexpectedResponse):
    """A redirect, which is never followed: the token stays with the host it is for."""

    sentence = "error.redirected"


class TransportError(VeloraError):
    """No answer: nothing is wrong with what was asked."""

    sentence = "error.no_connection"
    transient = True


class ConnectionLost(TransportError):
    """The connection broke after the request may have arrived."""

    sentence = "error.connection_lost"


class DnsError(TransportError):
    """The host's name was not found."""

    sentence = "error.dns"


class TlsError(TransportError):
    """The certificate or the handshake failed."""

    sentence = "error.tls"


class CertificatesMissing(TransportError):
    """`REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE` names a file that isn't there."""

    sentence = "error.certificates_missing"


class ProxyError(TransportError):
    """The system's proxy refused or failed."""

    sentence = "error.proxy"


class ProxyUnusable(ProxyError):
    """The system's proxy is one for SOCKS, or its address makes no sense."""

    sentence = "error.proxy_unusable"


class TimedOut(TransportError):
    """No (complete) answer within the time allowed."""

    sentence = "error.timeout"
