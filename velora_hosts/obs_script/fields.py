"""What the panel's fields hold: OBS keeps it as the script's settings, with the scenes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import obspython as obs

from velora_core.host.host import ReplacedText
from velora_core.panel.elements import FIELDS, TRANSIENT, Element, Kind, Panel, Value

if TYPE_CHECKING:
    from velora_core.app.state import StreamSettings
    from velora_core.application import Application

__all__ = ["UNTYPED", "Fields"]

UNTYPED = "\u200a"
"""Before each entry of an editable choice, a thin space that nobody types. OBS completes what is
typed by the first entry that begins so: “apex” would become “Apex Construct” without a word."""


class Fields:
    """Between OBS's settings and the application's."""

    app: Application

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        # By the key of a derived field, what is in it while nobody has typed there.
        self._written: dict[str, str] = {}
        self._lengths: dict[str, int] = {}  # of what was in a secret's field last
        self._pasted: set[str] = set()
        self._held: StreamSettings | None = None  # what was written last

    def open(self, defaults: Panel) -> None:
        """Have OBS know the defaults, and take over what it has kept.

        What the application makes of it is written when it has read what is kept elsewhere.

        Args:
            defaults: a panel whose fields hold them; it is that of no application yet.
        """
        for element in defaults.walk():
            _set_default(self.settings, element)
            if element.derived:
                self._written[element.key] = obs.obs_data_get_string(self.settings, element.key)
        self._read(defaults)

    def read(self) -> None:
        """Hand what the fields hold to the application; OBS calls it at every keystroke."""
        self._read(self.app.panel())
        self.write(self.app.panel())

    def _read(self, panel: Panel) -> None:
        """Hand what the fields hold to the application.

        Args:
            panel: which has these fields, whatever is in them.
        """
        values: dict[str, Value] = {}
        for element in panel.walk():
            key = element.key
            if element.kind in TRANSIENT:
                if obs.obs_data_has_user_value(self.settings, key):
                    values[key] = text = obs.obs_data_get_string(self.settings, key)
                    obs.obs_data_erase(self.settings, key)
                    if len(text) > self._lengths.get(key, 0) + 1:
                        self._pasted.add(key)
                    self._lengths[key] = len(text)
            elif element.kind in FIELDS:
                value = _get(self.settings, element)
                if element.kind is Kind.EDITABLE_CHOICE:
                    value = str(value).removeprefix(UNTYPED)
                if element.derived:
                    if value == self._written.get(key):
                        continue  # what it stands for is kept under another name
                    self._written[key] = str(value)
                values[key] = value
        self.app.edit(values)

    def take_paste(self, key: str) -> bool:
        """Return whether a secret's field got several letters at once since this was asked last."""
        pasted = key in self._pasted
        self._pasted.discard(key)
        return pasted

    @property
    def hold_settings(self) -> bool:
        """Whether they hold all that the application's settings are, whatever else has changed."""
        return self._held is self.app.settings

    def write(self, panel: Panel) -> None:
        """Put what the panel's fields hold into OBS's settings.

        Args:
            panel: the application's, as it is now.
        """
        self._held = self.app.settings
        for element in panel.walk():
            if element.kind is Kind.ADDRESS:
                # A default value, which OBS shows and never saves.
                obs.obs_data_unset_user_value(self.settings, element.key)  # somebody typed in it
                obs.obs_data_set_default_string(self.settings, element.key, str(element.value))
            elif element.kind in FIELDS - TRANSIENT:
                if element.derived:
                    self._written[element.key] = str(element.value)
                if _get(self.settings, element) != element.value:
                    _set(self.settings, element)

    # -- what belongs to no field ----------------------------------------------------------

    def replaced_texts(self) -> dict[str, ReplacedText]:
        """Return what was in each text source before, by the source's name."""
        kept = self._dictionary("covered_texts")
        pairs = {name: pair for name, pair in kept.items() if _is_two_texts(pair)}
        return {name: ReplacedText(*pair) for name, pair in pairs.items()}

    def save_replaced_texts(self, texts: Mapping[str, ReplacedText]) -> None:
        """Save them in the scene collection, where the sources are: so the two fit each other."""
        pairs = {name: list(pair) for name, pair in texts.items()}
        obs.obs_data_set_string(self.settings, "covered_texts", json.dumps(pairs))

    def _dictionary(self, field: str) -> dict[str, Any]:
        """Return a setting that holds JSON, which somebody may have damaged."""
        try:
            found = json.loads(obs.obs_data_get_string(self.settings, field) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def _is_two_texts(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)


def _get(settings: Any, element: Element) -> Value:
    """Return what OBS has under an element's key."""
    value: Value
    if isinstance(element.value, bool):
        value = obs.obs_data_get_bool(settings, element.key)
    elif isinstance(element.value, int):
        value = obs.obs_data_get_int(settings, element.key)
    elif isinstance(element.value, tuple):
        value = _get_list(settings, element.key)
    else:
        value = obs.obs_data_get_string(settings, element.key)
    return value


def _get_list(settings: Any, key: str) -> tuple[str, ...]:
    array = obs.obs_data_get_array(settings, key)
    found = []
    for position in range(obs.obs_data_array_count(array)):
        item = obs.obs_data_array_item(array, position)
        found.append(obs.obs_data_get_string(item, "value"))
        obs.obs_data_release(item)
    obs.obs_data_array_release(array)
    return tuple(found)


def _set_list(settings: Any, key: str, value: tuple[str, ...]) -> None:
    array = obs.obs_data_array_create()
    for text in value:
        item = obs.obs_data_create()
        obs.obs_data_set_string(item, "value", text)
        obs.obs_data_array_push_back(array, item)
        obs.obs_data_release(item)
    obs.obs_data_set_array(settings, key, array)
    obs.obs_data_array_release(array)


def _set(settings: Any, element: Element) -> None:
    key, value = element.key, element.value
    if isinstance(value, bool):
        obs.obs_data_set_bool(settings, key, value)
    elif isinstance(value, int):
        obs.obs_data_set_int(settings, key, value)
    elif isinstance(value, tuple):
        _set_list(settings, key, value)
    else:
        obs.obs_data_set_string(settings, key, value)


def _set_default(settings: Any, element: Element) -> None:
    """Have OBS know the default of a field if it isn't empty."""
    value = element.value
    if element.kind is Kind.CHECKBOX and isinstance(value, bool):
        obs.obs_data_set_default_bool(settings, element.key, value)
    elif element.kind is Kind.NUMBER and isinstance(value, int):
        obs.obs_data_set_default_int(settings, element.key, value)
    elif element.kind is Kind.CHOICE and isinstance(value, str) and value and not element.derived:
        obs.obs_data_set_default_string(settings, element.key, value)
