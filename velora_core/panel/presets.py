"""The panel's section for presets, recent titles and what Velora had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velora_core.app.state import StatusLevel
from velora_core.messages import message
from velora_core.messages.labels import short_labels
from velora_core.messages.phrases import listed

from .controls import button, field
from .elements import Action, Element, Kind, Option

if TYPE_CHECKING:
    from velora_core.app.state import State, StreamSettings
    from velora_core.storage.preset_content import PresetContent

    from .facts import Facts

__all__ = ["presets_section", "recent_key"]


def recent_key(content: PresetContent) -> str:
    """Return a text that tells one recent title from the others."""
    return "\x1f".join([content.title or "", content.category or "", *(content.tags or ())])


def _labels(state: State) -> list[str]:
    """Return the presets' names in the list, marked when Velora has their category no more."""
    return [
        message("panel.preset_marked", name=label)
        if saved.content.category in state.gone
        else label
        for saved, label in zip(
            state.presets, short_labels([preset.name for preset in state.presets]), strict=True
        )
    ]


def presets_section(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    """Return what is in the section: little, until *More* is pressed."""
    more = state.managing
    chosen = any(preset.id == settings.preset for preset in state.presets)
    deleting = bool(chosen and state.deleting == settings.preset)
    preset_ids = [preset.id for preset in state.presets]
    recent_keys = [recent_key(content) for content in state.recent]
    presets = (
        Option(message("panel.no_preset"), ""),
        *map(Option, _labels(state), preset_ids),
    )
    recent = (
        Option(message("panel.no_recent"), ""),
        *map(Option, short_labels([content.title or "" for content in state.recent]), recent_keys),
    )
    used = any(recent_key(content) == settings.recent for content in state.recent)
    number = message("panel.count_line", count=state.stream_number)
    edits = more and chosen
    gone = next(
        (
            preset.content.category_name or preset.content.category or ""
            for preset in state.presets
            if preset.id == settings.preset and preset.content.category in state.gone
        ),
        "",
    )
    scenes = [
        scene.name
        for preset in state.presets
        if preset.id == settings.preset
        for scene in preset.scenes
    ]
    games = edits and facts.tells_captures
    return (
        field(
            Kind.CHOICE,
            "preset",
            value=settings.preset,
            options=presets,
            redraws=True,
            visible=bool(state.presets),
        ),
        Element(
            Kind.NOTICE,
            "preset_warning",
            text=message("panel.preset_warning", category=gone),
            tone=StatusLevel.WARNING,
            visible=bool(gone),
        ),
        button(Action.PRESET_APPLY, visible=chosen),
        button(Action.PUT_BACK, state.account, visible=state.before is not None),
        Element(
            Kind.NOTICE,
            "presets_none",
            text=message("panel.presets_none"),
            visible=not more and not state.presets,
        ),
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
        Element(
            Kind.NOTICE,
            "scenes_line",
            text=message("panel.scenes_line", scenes=listed(scenes)),
            visible=edits and bool(scenes),
        ),
        button(Action.SCENE_TIE, visible=edits),
        button(Action.SCENE_UNTIE, visible=edits and bool(scenes)),
        field(Kind.TEXT, "programs", value=settings.programs, visible=games),
        field(Kind.CHECKBOX, "programs_live", value=settings.programs_live, visible=games),
        button(Action.PROGRAMS_SAVE, visible=games),
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
