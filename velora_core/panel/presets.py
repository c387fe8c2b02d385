"""The panel's section for presets, recent titles and what Velora had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velora_core.messages import message, shorten

from .elements import Action, Element, Kind, Option
from .parts import button, field

if TYPE_CHECKING:
    from velora_core.app.state import State, StreamSettings
    from velora_core.storage.preset_content import PresetContent

__all__ = ["presets_section", "recent_key"]


def recent_key(content: PresetContent) -> str:
    """Return a text that tells one recent title from the others."""
    return "\x1f".join([content.title or "", content.category or "", *(content.tags or ())])


def presets_section(state: State, settings: StreamSettings) -> tuple[Element, ...]:
    """Return what is in the section: little, until *More* is pressed."""
    more = state.managing
    chosen = any(one.id == settings.preset for one in state.presets)
    deleting = bool(chosen and state.deleting == settings.preset)
    presets = (
        Option(message("panel.no_preset"), ""),
        *(Option(shorten(one.name), one.id) for one in state.presets),
    )
    recent = (
        Option(message("panel.no_recent"), ""),
        *(Option(shorten(one.title or ""), recent_key(one)) for one in state.recent),
    )
    used = any(recent_key(one) == settings.recent for one in state.recent)
    number = message("panel.count_line", count=state.stream_number)
    edits = more and chosen
    return (
        field(
            Kind.CHOICE,
            "preset",
            value=settings.preset,
            options=presets,
            redraws=True,
            visible=bool(state.presets),
        ),
        button(Action.PRESET_APPLY, visible=chosen),
        button(Action.PUT_BACK, state.account, visible=state.before is not None),
        button(Action.PRESETS_MORE, visible=not more),
        button(Action.PRESETS_LESS, visible=more),
        field(Kind.TEXT, "preset_name", value=settings.preset_name, visible=more),
        button(Action.PRESET_SAVE, visible=more),
        button(Action.PRESET_OVERWRITE, visible=edits),
        button(Action.PRESET_RENAME, visible=edits),
        button(Action.PRESET_UP, visible=edits),
        button(Action.PRESET_DOWN, visible=edits),
        button(Action.PRESET_DELETE, visible=edits and not deleting),
        button(Action.CONFIRM_PRESET_DELETE, visible=edits and deleting),
        button(Action.CANCEL_PRESET_DELETE, visible=edits and deleting),
        field(Kind.FILE_TO_SAVE, "preset_export", visible=more and bool(state.presets)),
        field(Kind.FILE_TO_OPEN, "preset_import", visible=more),
        field(
            Kind.CHOICE,
            "recent",
            value=settings.recent,
            options=recent,
            redraws=True,
            visible=more and bool(state.recent),
        ),
        button(Action.RECENT_USE, visible=more and used),
        Element(Kind.NOTICE, "count_line", text=number, visible=more),
        field(
            Kind.NUMBER,
            "stream_number",
            value=settings.stream_number,
            limits=(1, 1_000_000),
            visible=more,
        ),
        button(Action.SET_COUNT, visible=more),
    )
