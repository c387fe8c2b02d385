"""What is asked of Streamlabs and set in it, with its types. Everything here waits for Streamlabs.

Streaming, scenes and sources are in its documented interface. The stream settings are not: its own
windows and tests use these services, and a version to come may call them otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from velora_core.host.encoder import Encoder
from velora_core.host.host import HostScene
from velora_hosts.companion.untrusted import Malformed, object_in, text_in

from .connection import Connection
from .encoder import encoder_of
from .errors import Incomplete, Missing, NotStreamlabs, OtherVersion, StreamlabsRefused
from .setup import WHIP, Setup

__all__ = ["RUNNING", "RemoteStreamlabs", "Source"]

RUNNING: Final = ("live", "reconnecting", "ending")
_STATES: Final = ("offline", "starting", *RUNNING)

_STREAM: Final = "StreamSettingsService"
_SETTINGS: Final = "SettingsService"
_CATEGORY: Final = "Stream"
_KIND: Final = "streamType"
_TOLD: Final = ("server", "key", "service")
"""What is told without the whole form."""
_TEXT_KINDS: Final = ("text_gdiplus", "text_ft2_source")
_SAMPLE_TIMEOUT: Final = 2.0  # seconds: the worker waits, and has more to do
_ROUNDS: Final = 3
"""How often what was not taken is given once more: Streamlabs drops a key when the platform beside
it changes."""


class Source(NamedTuple):
    """A text source: names need not be unique."""

    id: str
    name: str


class StreamState(NamedTuple):
    """What a stream is doing.

    Attributes:
        states: of each picture that is streamed, the whole first: one of `_STATES`.
        since: when that began, as Streamlabs writes it; empty when it doesn't say.
    """

    states: tuple[str, ...]
    since: str = ""

    @property
    def running(self) -> bool:
        """Whether a stream has connected and not ended."""
        return any(state in RUNNING for state in self.states)

    @property
    def active(self) -> bool:
        """Whether a stream runs or is about to."""
        return any(state != "offline" for state in self.states)


class RemoteStreamlabs:
    """A connected Streamlabs. Every method raises `StreamlabsError`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subscribe(self, service: str, name: str) -> bool:
        """Have an event told; return whether this Streamlabs has it."""
        try:
            self._connection.subscribe(service, name)
        except Missing:
            return False
        return True

    # -- the stream ------------------------------------------------------------------------

    def stream(self) -> StreamState:
        """Return what the stream is doing."""
        found = self._object("StreamingService", "getModel")
        try:
            states = [text_in(found, "streamingStatus")]
            for picture in object_in(found, "status").values():
                if isinstance(picture, dict) and "streaming" in picture:
                    states.append(text_in(picture, "streaming"))
            since = text_in(found, "streamingStatusTime")
        except Malformed:
            raise NotStreamlabs from None
        if not all(state in _STATES for state in states):
            raise NotStreamlabs
        return StreamState(tuple(states), since)

    def performance(self) -> Mapping[str, Any]:
        """Return how the stream is sent. From any thread; it waits less than the others."""
        model = self._connection.request("PerformanceService", "getModel", seconds=_SAMPLE_TIMEOUT)
        return model if isinstance(model, dict) else {}

    # -- where it goes ---------------------------------------------------------------------

    def setup(self, *, complete: bool = False) -> Setup:
        """Return the stream settings.

        Args:
            complete: with what only a restore needs, such as the login of a server; it takes
                longer, because Streamlabs gives it with all its other settings.

        Raises:
            OtherVersion: this Streamlabs doesn't tell them.
        """
        try:
            found = self._object(_STREAM, "settings")
        except Missing:
            raise OtherVersion from None
        try:
            protected = found.get("protectedModeEnabled")
            kind, platform = text_in(found, _KIND), text_in(found, "platform")
            values: dict[str, Any] = {}
            for name in _TOLD:
                if found.get(name) is not None:
                    values[name] = text_in(found, name)
        except Malformed:
            raise NotStreamlabs from None
        if not isinstance(protected, bool) or not kind:
            raise OtherVersion
        if complete or kind == WHIP:
            form = self._form(_CATEGORY)
            if not form:  # what is not known could not be restored
                raise OtherVersion
            values.update(form)
            values.pop(_KIND, None)
        overrides = protected and self._logged_in()
        return Setup(kind, protected, overrides, platform, values)

    def encoder(self) -> Encoder | None:
        """Return how a stream would be encoded; None when that can't be told."""
        return encoder_of(self._form("Output", ("Untitled", "Streaming")))

    def _form(self, category: str, groups_wanted: Sequence[str] = ()) -> dict[str, Any]:
        """Return what is in a form of the settings; empty where it can't be read.

        Args:
            category: of the settings.
            groups_wanted: those of the form that are wanted; empty for all.
        """
        try:
            groups = object_in(self._object(_SETTINGS, "state"), category).get("formData")
        except Missing:
            return {}
        except Malformed:
            raise NotStreamlabs from None
        values: dict[str, Any] = {}
        for group in groups if isinstance(groups, list) else ():
            if not isinstance(group, dict):
                continue
            if groups_wanted and group.get("nameSubCategory") not in groups_wanted:
                continue
            fields = group.get("parameters")
            for field in fields if isinstance(fields, list) else ():
                name = field.get("name") if isinstance(field, dict) else None
                if isinstance(name, str) and field.get("value") is not None:
                    values[name] = field["value"]
        return values

    def _logged_in(self) -> bool:
        # Of what is false Streamlabs says that there is no such thing.
        try:
            return self._connection.request("UserService", "isLoggedIn") is True
        except Missing:
            return False

    def change(self, **changes: Any) -> None:
        """Set stream settings by their names; raises `OtherVersion` where that can't be done."""
        try:
            self._connection.request(_STREAM, "setSettings", changes)
        except Missing:
            raise OtherVersion from None

    def use(self, wanted: Setup) -> None:
        """Set all that is in a setup.

        Raises:
            Incomplete: something of it was not taken, however often it was given.
        """
        changes = {"protectedModeEnabled": wanted.protected, _KIND: wanted.kind}
        known = {name: wanted.values[name] for name in ("server", "key") if name in wanted.values}
        platform = {"platform": wanted.platform} if wanted.platform else {}
        self.change(**changes, **platform, **known)
        for _ in range(_ROUNDS):
            missing = self._missing(wanted)
            if not missing:
                return
            values = {name: value for name, value in missing.items() if name not in changes}
            if len(values) < len(missing):
                self.change(**changes)
            if values:
                self._connection.request(_SETTINGS, "setSettingsPatch", {_CATEGORY: values})
        missing = self._missing(wanted)
        if missing:
            raise Incomplete(names=", ".join(sorted(missing)))

    def _missing(self, wanted: Setup) -> dict[str, Any]:
        """Return what of a setup is otherwise now."""
        now = self.setup(complete=not set(wanted.values) <= set(_TOLD))
        missing = {
            name: value
            for name, value in wanted.values.items()
            # A form may leave out what is empty.
            if (now.values.get(name) or "") != (value or "")
        }
        if now.protected is not wanted.protected:
            missing["protectedModeEnabled"] = wanted.protected
        if now.kind != wanted.kind:
            missing[_KIND] = wanted.kind
        return missing

    # -- scenes and sources ----------------------------------------------------------------

    def studio_mode(self) -> bool:
        """Return whether the scene that is chosen is only being prepared."""
        try:
            return self._object("TransitionsService", "getModel").get("studioMode") is True
        except Missing:
            return False

    def scene(self) -> HostScene:
        """Return the scene that is chosen; without a name when there is none."""
        try:
            found = self._object("ScenesService", "activeScene")
            return HostScene(text_in(found, "name"), text_in(found, "id"))
        except Missing:
            return HostScene()
        except Malformed:
            raise NotStreamlabs from None

    def collection(self) -> str:
        """Return what tells the scene collection from all others; empty without one."""
        try:
            return text_in(self._object("SceneCollectionsService", "activeCollection"), "id")
        except Missing:
            return ""
        except Malformed:
            raise NotStreamlabs from None

    def texts(self) -> tuple[Source, ...]:
        """Return the text sources, by their names."""
        found = self._connection.request("SourcesService", "getSources")
        if not isinstance(found, list):
            raise NotStreamlabs
        try:
            sources = {
                Source(text_in(source, "sourceId"), text_in(source, "name"))
                for source in found
                if isinstance(source, dict) and source.get("type") in _TEXT_KINDS
            }
        except Malformed:
            raise NotStreamlabs from None
        return tuple(sorted(sources, key=lambda source: (source.name, source.id)))

    def text(self, source: Source) -> str | None:
        """Return what a text source shows; None when it has gone."""
        try:
            return text_in(self._object(_resource(source), "getSettings"), "text")
        except StreamlabsRefused:
            return None
        except Malformed:
            raise NotStreamlabs from None

    def set_text(self, source: Source, text: str) -> None:
        """Have a text source show this."""
        self._connection.request(_resource(source), "updateSettings", {"text": text})

    # -- types -----------------------------------------------------------------------------

    def _object(self, resource: str, method: str) -> Mapping[str, Any]:
        found = self._connection.request(resource, method)
        if not isinstance(found, dict):
            raise NotStreamlabs
        return found


def _resource(source: Source) -> str:
    """Return the name by which Streamlabs finds a source: its kind, and a list in JSON."""
    return f"Source{json.dumps([source.id])}"
