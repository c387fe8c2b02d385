"""The panel's sections all at once, for a view that has room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.app.state import StatusLevel
from velora_core.messages import message

from .build import build_panel
from .elements import FILES, Action, Element, Kind, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from velora_core.app.state import State, StreamSettings

    from .parts import Facts

__all__ = ["Sections", "build_sections"]

_QUESTION: Final = (
    "key_question",
    *(
        action.value
        for action in (
            Action.USE_MY_KEY,
            Action.KEEP_THIS_KEY,
            Action.CONFIRM_REGENERATE,
            Action.CANCEL_REGENERATE,
        )
    ),
)
_ELSEWHERE: Final = ("status", "section", *_QUESTION)
_NATIVE: Final = ("copy_key", "copy_key_yes", "copy_key_no")
"""What only somebody at the computer may have: the stream key, on its clipboard."""
_ADDRESSES: Final = ("sign_in_address", "chat_address", "redirect_address")
"""The addresses to copy in which there is no secret."""
_SHOWN: Final = tuple(section for section in Section if section is not Section.PAGE)


class Sections(NamedTuple):
    """What can be seen and used now.

    Attributes:
        question: what waits for an answer, with its buttons; empty when nothing is asked.
        sections: what is in each, its fields first.
    """

    question: tuple[Element, ...]
    sections: Mapping[Section, tuple[Element, ...]]

    def walk(self) -> Iterator[Element]:
        """Yield each element."""
        yield from self.question
        for elements in self.sections.values():
            yield from elements


def build_sections(state: State, settings: StreamSettings, facts: Facts) -> Sections:
    """Return all sections but the page's own, with what `build_panel` shows in each.

    What names a file is left out: only somebody at the computer chooses one.

    Args:
        state: where things stand.
        settings: what the fields hold.
        facts: the rest.
    """
    facts = facts._replace(answered="")
    question: tuple[Element, ...] = ()
    sections: dict[Section, tuple[Element, ...]] = {}
    for section in _SHOWN:
        panel = build_panel(state, settings, facts, section=section)
        shown = [
            element
            for element in panel.elements
            if element.visible and element.kind is not Kind.KEPT
        ]
        if not question:
            question = tuple(element for element in shown if element.key in _QUESTION)
            if state.confirming:
                question = (_sure(), *question)
        fields = [element for group in shown for element in group.elements if element.visible]
        rest = [element for element in shown if element.kind is not Kind.GROUP]
        sections[section] = tuple(element for element in (*fields, *rest) if _is_for_all(element))
    return Sections(question, sections)


def _is_for_all(element: Element) -> bool:
    """Return whether an element is for those who are not at the panel itself."""
    if element.kind is Kind.ADDRESS:
        return element.key in _ADDRESSES
    return element.kind not in FILES and element.key not in (*_ELSEWHERE, *_NATIVE)


def _sure() -> Element:
    """Return the question before a new stream key, which is a part of the status elsewhere."""
    text = message("status.regenerate_sure")
    return Element(Kind.NOTICE, "regenerate_question", text=text, tone=StatusLevel.WARNING)
