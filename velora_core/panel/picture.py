"""The panel's section for texts on the picture, and how often Velora is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velora_core.app.monitored_stream import INTERVALS
from velora_core.app.state import StatusLevel
from velora_core.messages import message
from velora_core.messages.labels import short_labels

from .controls import field
from .elements import Element, Kind, Option
from .title import template_warning

if TYPE_CHECKING:
    from velora_core.app.state import StreamSettings

    from .facts import Facts

__all__ = ["missing_sources", "picture_section"]


def missing_sources(facts: Facts, *, shown: bool) -> Element:
    """Return the line that says that there is no source to choose; fields are too narrow for it."""
    return Element(
        Kind.NOTICE,
        "no_text_sources",
        text=message("panel.no_text_sources", host=facts.host),
        visible=shown and facts.texts and not facts.text_sources,
    )


def picture_section(settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    """Return what is in the section."""
    source = settings.text_source
    sources = (
        Option(message("panel.no_text_source"), ""),
        *(
            Option(label, name)
            for name, label in zip(
                facts.text_sources, short_labels(facts.text_sources), strict=True
            )
        ),
    )
    template = settings.texts.get(source, "")
    warning = template_warning(template)
    return (
        Element(
            Kind.NOTICE,
            "no_texts",
            text=message("panel.no_texts", host=facts.host),
            visible=not facts.texts,
        ),
        field(
            Kind.CHOICE,
            "text_source",
            visible=facts.texts,
            value=source,
            options=sources,
            redraws=True,
        ),
        field(
            Kind.TEXT,
            "text_template",
            value=template,
            visible=facts.texts and bool(source),
            redraws=True,
        ),
        Element(Kind.NOTICE, "template_warning", text=warning, tone=StatusLevel.WARNING)._replace(
            visible=facts.texts and bool(source and warning)
        ),
        field(Kind.NUMBER, "live_interval", value=settings.live_interval, limits=INTERVALS),
    )
