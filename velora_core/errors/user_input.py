"""Errors in what the user gave: nothing was sent."""

from __future__ import annotations

from velora_core.messages import message
from velora_core.messages.phrases import alternatives

from .base import VeloraError

__all__ = [
    "AddressNotOffered",
    "ApiUrlInvalid",
    "CategoryAmbiguous",
    "CategoryQueryInvalid",
    "CategoryUnknown",
    "InvalidInput",
    "KeyringLocked",
    "NotSignedIn",
    "PresetFileDamaged",
    "PresetGone",
    "PresetNameTaken",
    "ProtocolNotOffered",
    "ProtocolUnknown",
    "SettingsDamaged",
    "SettingsNewer",
    "SettingsUnreadable",
    "StreamIdInvalid",
    "TagInvalid",
    "TitleInvalid",
    "TitleTooLong",
    "TokenIsAddress",
    "TokenIsClientId",
    "TokenIsClientSecret",
    "TokenIsKey",
    "TokenMalformed",
    "VariableUnknown",
]


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


class SettingsDamaged(NotSignedIn):
    """The file that a sign-in may have been in makes no sense."""

    sentence = "error.settings_damaged"


class SettingsNewer(NotSignedIn):
    """A newer version of this package wrote the file that a sign-in may be in."""

    sentence = "error.settings_newer"


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


class AddressNotOffered(ProtocolNotOffered):
    """The same where the address was to be copied."""

    sentence = "error.address_not_offered"


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
