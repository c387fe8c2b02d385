"""Which of the panel's fields belong to the user, and how they are written down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from .state import StreamSettings

__all__ = [
    "UNITS",
    "Values",
    "changed_units",
    "is_untouched",
    "read_values",
    "unit_values",
    "values_from_json",
    "written_values",
]

Values = Mapping[str, Any]
"""Of the fields of one setting, by the field's name in `StreamSettings`."""

UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title",),
    "category": ("category", "category_name"),
    "tags": ("tags", "tags_on_velora"),
    "protocol": ("protocol",),
    "srt_form": ("srt_form",),
    "update_on_start": ("update_on_start",),
    "redirect_port": ("redirect_port",),
    "live_interval": ("live_interval",),
    "suit_encoder": ("suit_encoder",),
    "by_plugin": ("by_plugin",),
}
"""The settings that belong to the user, and the fields of each. Which text source shows what, and
what is chosen in the panel, belongs to the scenes."""

_DEFAULTS: Final = StreamSettings()


def unit_values(settings: StreamSettings, unit: str) -> Values:
    """Return what the fields of a setting hold, as JSON has it."""
    values = {field: getattr(settings, field) for field in UNITS[unit]}
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
    }


def changed_units(before: StreamSettings, after: StreamSettings) -> list[str]:
    """Return the names of the settings that differ."""
    return [unit for unit in UNITS if unit_values(before, unit) != unit_values(after, unit)]


def is_untouched(settings: StreamSettings) -> bool:
    """Return whether nobody has entered anything."""
    return not changed_units(_DEFAULTS, settings)


def values_from_json(unit: str, entry: Mapping[str, Any]) -> Values | None:
    """Return what was written down of a setting; None where it makes no sense."""
    found: dict[str, Any] = {}
    for field in UNITS[unit]:
        value, default = entry.get(field), getattr(_DEFAULTS, field)
        if isinstance(default, tuple):
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                return None
            value = tuple(value)
        elif type(value) is not type(default):
            return None
        found[field] = value
    return found


def written_values(settings: StreamSettings) -> str:
    """Return all of the user's fields as JSON, to be kept beside them."""
    return json.dumps({unit: unit_values(settings, unit) for unit in UNITS})


def read_values(settings: StreamSettings, text: str) -> StreamSettings:
    """Return settings with what `written_values` has written; what makes no sense stays."""
    try:
        units = json.loads(text or "{}")
    except ValueError:
        return settings
    for unit in UNITS if isinstance(units, dict) else ():
        entry = units.get(unit)
        values = values_from_json(unit, entry) if isinstance(entry, dict) else None
        if values is not None:
            settings = settings._replace(**values)
    return settings
