"""Whom the settings belong to, and what is kept with the fields and has none of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from velora_core.app.state import SettingsFor, State, StreamSettings
from velora_core.messages import message

from .controls import field
from .elements import Element, Kind, Option

if TYPE_CHECKING:
    from .facts import Facts

__all__ = ["kept_elements", "scope_choice"]

_SCOPES: Final = ("user", "collection", "profile")


def scope_choice(state: State, settings: StreamSettings, facts: Facts) -> Element:
    """Return the choice whom title, category, tags and the stream setup belong to."""
    return field(
        Kind.CHOICE,
        "settings_scope",
        value=_scope(state, settings),
        options=tuple(Option(message(f"scope.{scope}"), scope) for scope in _SCOPES),
        redraws=True,
        derived=True,
        visible=facts.keeps_fields,
    )


def _scope(state: State, settings: StreamSettings) -> str:
    if settings.settings_for is SettingsFor.COLLECTION:
        return "collection"
    return "profile" if state.own_settings else "user"


def kept_elements(settings: StreamSettings, state: State) -> tuple[Element, ...]:
    """Return what belongs to the fields and has none of its own."""
    templates = json.dumps(dict(settings.texts)) if settings.texts else ""
    return (
        Element(Kind.KEPT, "category", value=settings.category),
        Element(Kind.KEPT, "category_name", value=settings.category_name),
        Element(Kind.KEPT, "tags", value=settings.tags),
        Element(Kind.KEPT, "tags_on_velora", value=settings.tags_on_velora),
        Element(Kind.KEPT, "text_templates", value=templates),
        Element(Kind.KEPT, "settings_for", value=settings.settings_for.value),
        Element(Kind.KEPT, "collection_values", value=settings.collection_values),
        Element(Kind.KEPT, "unsaved_settings", value=state.unsaved_settings),
    )
