"""Every way things can fail, each with one sentence that names the cause and the next step."""

from __future__ import annotations

from typing import ClassVar, Final

from velora_core.messages import alternatives, message

__all__ = [
    "ApiError",
    "ApiUrlInvalid",
    "BadJson",
    "BrowserMissing",
    "Cancelled",
    "CategoryAmbiguous",
    "CategoryGone",
    "CategoryNotFound",
    "CategoryQueryInvalid",
    "CategoryUnchecked",
    "CategoryUnknown",
    "CertificatesMissing",
    "ClientIdMissing",
    "ClientRefused",
    "ConnectionLost",
    "ConsentDenied",
    "DnsError",
    "Forbidden",
    "InsufficientScope",
    "InvalidInput",
    "InvalidResponse",
    "KeyNotApplied",
    "KeyUncertain",
    "KeyringKeeps",
    "KeyringLocked",
    "NoPreviousService",
    "NotFound",
    "NotSettable",
    "NotSignedIn",
    "PortBusy",
    "PresetFileDamaged",
    "PresetGone",
    "PresetNameTaken",
    "ProtocolNotOffered",
    "ProtocolUnknown",
    "ProxyError",
    "RateLimited",
    "Rejected",
    "ResponseTooLarge",
    "ScopesNotApproved",
    "ServerError",
    "ServiceRejected",
    "ServiceUnsaved",
    "SettingsUnreadable",
    "SignInBusy",
    "SignInEnded",
    "SignInError",
    "SignInFailed",
    "SignInRefused",
    "SignInStale",
    "SignInTimedOut",
    "SignInUnclear",
    "SignOutPending",
    "StateMismatch",
    "StorageError",
    "StorageUnreadable",
    "StreamIdInvalid",
    "StreamRunning",
    "StreamingNotEnabled",
    "TagInvalid",
    "TimedOut",
    "TitleInvalid",
    "TitleTooLong",
    "TlsError",
    "TokenIsAddress",
    "TokenIsClientId",
    "TokenIsClientSecret",
    "TokenIsKey",
    "TokenMalformed",
    "TokenRunOut",
    "TokensInvalid",
    "TransportError",
    "Unauthorized",
    "UnexpectedError",
    "UnexpectedRedirect",
    "UnexpectedResponse",
    "VariableUnknown",
    "VeloraError",
    "WhipUnavailable",
]

RATE_LIMIT_WINDOW: Final = 60.0
"""Seconds by which Velora counts requests."""


class VeloraError(Exception):
    """The root: `except VeloraError` catches all that this package raises on purpose.

    `str()` of any of them is the sentence for the user. No token, stream key or WHIP address
    is ever part of it.
    """

    sentence: ClassVar[str]
    """Name of the sentence in `velora_core.messages`."""

    transient: ClassVar[bool] = False
    """Whether the same call may well succeed a little later without anyone doing anything."""

    def __init__(self, sentence: str | None = None, /, **details: object) -> None:
        super().__init__(message(sentence or self.sentence, **details))


# -- what the user gave --------------------------------------------------------------------


class InvalidInput(VeloraError):
    """Something entered can't be sent; nothing was sent."""


class NotSignedIn(InvalidInput):
    """No access token is at hand."""

    sentence = "error.not_signed_in"


class KeyringLocked(NotSignedIn):
    """A sign-in may be in the system's keyring, which is locked or does not answer."""

    sentence = "error.keyring_closed"
    transient = True  # it is taken up as soon as the keyring answers


class SettingsUnreadable(NotSignedIn):
    """A sign-in may be in a file that can't be read now."""

    sentence = "error.settings_unreadable"


class TokenMalformed(InvalidInput):
    """The access token can't be one: it doesn't fit into an HTTP header."""

    sentence = "error.token_malformed"


class TokenIsKey(TokenMalformed):
    """What was pasted as an access token is a stream key."""

    sentence = "error.token_is_key"


class TokenIsAddress(TokenMalformed):
    """What was pasted as an access token is an address."""

    sentence = "error.token_is_address"


class TokenIsClientId(TokenMalformed):
    """What was pasted as an access token is a client ID."""

    sentence = "error.token_is_client_id"


class TokenIsClientSecret(TokenMalformed):
    """What was pasted as an access token is the secret of the app in use."""

    sentence = "error.token_is_client_secret"


class TitleTooLong(InvalidInput):
    """The title has more characters than Velora takes; `length` says how many."""

    sentence = "error.title_too_long"

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(length=length, limit=limit, excess=length - limit)
        self.length = length


class TitleInvalid(InvalidInput):
    """The title has a control character."""

    sentence = "error.title_control_character"


class VariableUnknown(InvalidInput):
    """The title names something in braces that means nothing; `names` says what."""

    sentence = "error.variable_unknown"

    def __init__(self, *, names: tuple[str, ...], known: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(
            names=", ".join(f"{{{name}}}" for name in names),
            known=", ".join(f"{{{name}}}" for name in known),
        )


class TagInvalid(InvalidInput):
    """A tag has a control character."""

    sentence = "error.tag_invalid"


class CategoryUnknown(InvalidInput):
    """The text names no category, or more than one; `suggestions` are names that come close."""

    sentence = "error.category_unknown"

    def __init__(self, *, category: str, suggestions: tuple[str, ...] = ()) -> None:
        self.suggestions = suggestions
        names = alternatives([f"“{name}”" for name in suggestions])
        hint = message("error.category_suggestions", names=names) if names else ""
        super().__init__(category=category, suggestions=hint)


class CategoryAmbiguous(InvalidInput):
    """Several categories have the name; `names` tell them apart."""

    sentence = "error.category_ambiguous"

    def __init__(self, *, category: str, names: tuple[str, ...]) -> None:
        self.names = names
        each = alternatives([f"“{name}”" for name in names])
        super().__init__(category=category, count=len(names), names=each)


class CategoryQueryInvalid(InvalidInput):
    """The text is too short or too long to look for categories with it."""

    sentence = "error.category_query_short"


class ProtocolUnknown(InvalidInput):
    """The protocol is none of RTMP, SRT and WHIP."""

    sentence = "error.protocol_unknown"


class ProtocolNotOffered(InvalidInput):
    """Velora gives no address for the protocol."""

    sentence = "error.protocol_not_offered"


class StreamIdInvalid(InvalidInput):
    """The form of SRT's stream id can't be used."""

    sentence = "error.stream_id_invalid"


class PresetNameTaken(InvalidInput):
    """Another preset has this name, or one that people would call the same."""

    sentence = "error.preset_name_taken"


class PresetGone(InvalidInput):
    """There is no such preset any more: another program of this user has deleted it."""

    sentence = "error.preset_gone"


class PresetFileDamaged(InvalidInput):
    """A file to import is not one of presets; `place` says where it is damaged."""

    sentence = "error.preset_file_damaged"

    def __init__(self, *, file: object, place: str) -> None:
        self.place = place
        super().__init__(file=file, place=place)


class ApiUrlInvalid(InvalidInput):
    """`VELORA_API_URL` is not an address the token may be sent to."""

    sentence = "error.api_url"


# -- what Velora answered ------------------------------------------------------------------


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
            super().__init__(seconds=max(1, round(retry_after)))

    @property
    def pause(self) -> float:
        """Seconds to wait: those that Velora asked for, else the minute its limits count by."""
        return RATE_LIMIT_WINDOW if self.retry_after is None else self.retry_after


class Rejected(ApiError):
    """400 or another 4xx; `status` is it, the sentence carries the server's message."""

    sentence = "error.rejected"

    def __init__(self, *, status: int, message: str) -> None:
        self.status = status
        silent = None if message else "error.rejected_silent"
        super().__init__(silent, status=status, message=message)


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


# -- what happened on the way --------------------------------------------------------------


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


class TimedOut(TransportError):
    """No (complete) answer within the time allowed."""

    sentence = "error.timeout"


class Cancelled(VeloraError):
    """Stopped on purpose from this side."""

    sentence = "error.cancelled"


# -- signing in ----------------------------------------------------------------------------


class SignInError(VeloraError):
    """Signing in, or staying signed in, did not work."""


class ClientIdMissing(SignInError):
    """There is no application to sign in with."""

    sentence = "error.client_id_missing"


class PortBusy(SignInError):
    """Another program has the port that the redirect comes to."""

    sentence = "error.port_busy"


class BrowserMissing(SignInError):
    """No browser could be opened; the page's address can be opened by hand."""

    sentence = "error.browser_missing"


class StateMismatch(SignInError):
    """A redirect that doesn't belong to the attempt under way."""

    sentence = "error.state_mismatch"


class ConsentDenied(SignInError):
    """The user said no on Velora's page."""

    sentence = "error.consent_denied"


class SignInTimedOut(SignInError):
    """Nobody answered Velora's page in time."""

    sentence = "error.sign_in_expired"


class ScopesNotApproved(SignInError):
    """Velora has not approved the application for all that was asked for."""

    sentence = "error.scopes_not_approved"


class SignInFailed(SignInError):
    """Velora's page ended with an error."""

    sentence = "error.sign_in_failed"


class SignInRefused(SignInError):
    """`invalid_grant`: the token endpoint doesn't take this code or refresh token."""

    sentence = "error.sign_in_refused"


class ClientRefused(SignInError):
    """`invalid_client` or `unauthorized_client`: it doesn't take this application."""

    sentence = "error.client_refused"


class SignInBusy(SignInError):
    """Another program of this user is renewing the sign-in, and takes its time."""

    sentence = "error.sign_in_busy"
    transient = True


class SignInStale(SignInError):
    """Velora doesn't take the access token of a sign-in that came without a refresh token."""

    sentence = "error.sign_in_stale"


class TokenRunOut(SignInError):
    """The access token is good no more, and another program of this user is to renew it."""

    sentence = "error.token_run_out"
    transient = True


class SignInEnded(SignInError):
    """Velora no longer takes the refresh token: the user has to sign in again."""

    sentence = "error.sign_in_ended"


# -- what this computer said ---------------------------------------------------------------


class StorageError(VeloraError):
    """A file could not be written."""

    sentence = "error.storage_write"


class StorageUnreadable(StorageError):
    """A file is there and can't be read now: nothing may be written over it."""

    sentence = "error.storage_read"

    def __init__(self, *, file: object, reason: str) -> None:
        self.file = str(file)
        self.reason = reason
        super().__init__(file=file, reason=reason)


class KeyringKeeps(StorageError):
    """The keyring still has what was to be forgotten, because it is closed."""

    sentence = "error.keyring_keeps"


class SignOutPending(StorageError):
    """It is forgotten for this program, and the keyring does not know yet."""

    sentence = "error.sign_out_pending"


class StreamRunning(VeloraError):
    """Refused because a stream runs or starts; nothing was changed."""

    sentence = "error.stream_running"


class NotSettable(VeloraError):
    """The broadcasting software can't be set up by a program."""

    sentence = "error.not_settable"


class WhipUnavailable(VeloraError):
    """The broadcasting software has no WHIP."""

    sentence = "error.whip_unavailable"


class ServiceRejected(VeloraError):
    """The broadcasting software did not take the service."""

    sentence = "error.service_rejected"


class KeyNotApplied(VeloraError):
    """There is a new stream key, and the broadcasting software still has the old one."""

    sentence = "error.key_not_applied"


class KeyUncertain(VeloraError):
    """Nobody knows whether there is a new stream key: Velora doesn't answer."""

    sentence = "error.key_uncertain"


class NoPreviousService(VeloraError):
    """Nothing to go back to."""

    sentence = "error.no_previous_service"


class ServiceUnsaved(VeloraError):
    """The present service could not be kept, so it was not replaced."""

    sentence = "error.service_unsaved"


class UnexpectedError(VeloraError):
    """A bug on this side, in one sentence; `kind` is the exception's type."""

    sentence = "error.unexpected"
