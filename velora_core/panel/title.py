"""What the panel says below a title and a text with variables."""

from __future__ import annotations

from typing import NamedTuple

from velora_core.api.validation import title_count, too_long
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.variables import (
    PICTURE_VARIABLES,
    TITLE_VARIABLES,
    has_variables,
    in_braces,
    names,
    render_template,
    unknown_variables,
)
from velora_core.messages import message

from .facts import Facts

__all__ = ["TitleLine", "template_warning", "title_line"]


class TitleLine(NamedTuple):
    """A text below the title; empty without a title."""

    text: str
    tone: StatusLevel = StatusLevel.NORMAL


def title_line(settings: StreamSettings, facts: Facts) -> TitleLine:
    """Return how long the title is; with variables, also how it would be sent now."""
    title = settings.title
    unknown = unknown_variables(title, TITLE_VARIABLES)
    if unknown:
        text = message(
            "error.variable_unknown", names=in_braces(unknown), known=in_braces(TITLE_VARIABLES)
        )
        return TitleLine(text, StatusLevel.ERROR)
    finished = title
    if has_variables(title):
        category = settings.category_name or settings.category
        finished = render_template(title.strip(), {**facts.variables, "category": category})
    text = title_count(finished)
    if text and finished is not title:
        text = message("title.finished", title=finished, count=text)
    if "game" in names(title) and not facts.variables.get("game"):
        reason = "title.no_game" if facts.tells_captures else "title.game_untold"
        text = f"{text} {message(reason)}".strip()
    return TitleLine(text, StatusLevel.ERROR if too_long(finished) else StatusLevel.NORMAL)


def template_warning(template: str) -> str:
    """Return what a text on the picture names that stands for nothing; empty if all is known."""
    unknown = unknown_variables(template, PICTURE_VARIABLES)
    if not unknown:
        return ""
    known = in_braces(PICTURE_VARIABLES)
    return message("panel.template_unknown", names=in_braces(unknown), known=known)
