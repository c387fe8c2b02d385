"""The panel's section for the page: turning it on, and letting other programs in.

The page itself never has this section: it holds what opens the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velora_core.messages import message
from velora_core.messages.labels import short_labels

from .controls import button, field
from .elements import Action, Element, Kind, Option

if TYPE_CHECKING:
    from velora_core.app.state import State, StreamSettings

__all__ = ["page_fields", "page_rows"]


def page_rows(state: State, settings: StreamSettings) -> tuple[Element, ...]:
    """Return the section's buttons, and the check box that is too wide for the fields."""
    page = state.page
    chosen = settings.program in {program for program, _ in page.programs}
    return (
        button(Action.OPEN_PAGE),
        button(Action.CLOSE_PAGE, visible=page.address is not None),
        button(Action.PROGRAM_ADD),
        button(Action.PROGRAM_REVOKE, visible=chosen),
        field(Kind.CHECKBOX, "page_kept", value=settings.page_kept),
    )


def page_fields(state: State, settings: StreamSettings) -> tuple[Element, ...]:
    """Return what is in the section beside its buttons."""
    page = state.page
    names = short_labels([name for _, name in page.programs])
    programs = (
        Option(message("panel.no_program"), ""),
        *(Option(label, program) for label, (program, _) in zip(names, page.programs, strict=True)),
    )
    return (
        field(
            Kind.ADDRESS,
            "page_address",
            value=page.address.reveal() if page.address else "",
            visible=page.address is not None,
        ),
        field(Kind.TEXT, "program_name", value=settings.program_name),
        field(
            Kind.ADDRESS,
            "program_token",
            value=page.token.reveal() if page.token else "",
            visible=page.token is not None,
        ),
        field(
            Kind.CHOICE,
            "program",
            value=settings.program,
            options=programs,
            redraws=True,
            visible=bool(page.programs),
        ),
    )
