"""The state as JSON: what a page draws, and what a program may know. Nothing secret is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velora_core import __version__
from velora_core.messages import message
from velora_core.panel.build import effective_section
from velora_core.panel.elements import Element, Kind
from velora_core.panel.json import element_to_plain

if TYPE_CHECKING:
    from velora_core.app.state import StreamSettings
    from velora_core.features.page import PageView
    from velora_core.panel.sections import Sections

__all__ = ["state_to_plain"]


def state_to_plain(view: PageView, sections: Sections, *, host: str) -> dict[str, Any]:
    """Return the state in JSON's words.

    Args:
        view: all but the sections.
        sections: of the same moment.
        host: what the broadcasting software is called.
    """
    state, settings = view.state, view.settings
    needed = effective_section(state, settings._replace(section=""))
    return {
        "version": __version__,
        "host": host,
        "needed": needed.value,
        "titles": {
            section.value: message(f"section.{section.value}") for section in sections.sections
        },
        "status": {"text": state.status, "tone": state.tone.value},
        "question": [element_to_plain(element) for element in sections.question],
        "sections": {
            section.value: [element_to_plain(_whole(element, settings)) for element in elements]
            for section, elements in sections.sections.items()
        },
        "live": _live(view),
        "sentences": [
            {"at": round(entry.at, 1), "text": entry.sentence, "tone": entry.tone.value}
            for entry in view.status_history
        ],
    }


def _whole(element: Element, settings: StreamSettings) -> Element:
    """Return the field for the category as a page has it, where there is room for its name.

    The hundreds of options are asked for as they are needed.
    """
    if element.kind is not Kind.EDITABLE_CHOICE:
        return element
    return element._replace(options=(), value=settings.category_name or settings.category)


def _live(view: PageView) -> dict[str, Any]:
    status, health = view.state.live, view.state.health
    on_air = bool(status and status.is_live)
    since = None
    if status and on_air and status.checked_at is not None:
        since = round(status.checked_at - status.duration)
    return {
        "on_air": on_air,
        "since": since,
        "title": status.title if status else "",
        "category": status.category if status else "",
        "viewers": status.viewers.now if status else None,
        "average": status.viewers.average if status and status.viewers.known else None,
        "trouble": status.trouble if status else "",
        "peak": status.viewers.peak if status and status.viewers.known else None,
        "curve": [list(point) for point in view.curve] if status else [],
        "bitrate": round(health.bitrate) if health and health.bitrate is not None else None,
        "lost": health.dropped if health else None,
        "frames": health.frames if health else None,
        "share": round(health.lost, 4) if health else None,
        "reconnects": health.reconnects if health else None,
    }
