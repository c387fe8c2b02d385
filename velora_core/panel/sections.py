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

    from .facts import Facts

__all__ = ["NATIVE", "Sections", "build_sections"]

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
NATIVE: Final = ("copy_key", "copy_key_yes", "copy_key_no")
"""What only somebody at the computer may have: the stream key, on its clipboard. The page has it
where the key has to be copied into the broadcasting software, and other programs never."""
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
    copies = () if facts.sets else NATIVE[1:]
    asked = (*_QUESTION, *copies)
    hidden = (*_ELSEWHERE, *(NATIVE if facts.sets else copies))
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
            question = tuple(element for element in shown if element.key in asked)
            if state.confirming:
                question = (_sure("status.regenerate_sure", "regenerate_question"), *question)
            elif state.copying_key and not facts.sets:
                question = (_sure("status.copy_key_sure", "copy_key_question"), *question)
        fields = [element for group in shown for element in group.elements if element.visible]
        rest = [element for element in shown if element.kind is not Kind.GROUP]
        sections[section] = tuple(
            element
            for element in (*fields, *rest)
            if element.key not in hidden and _is_for_all(element)
        )
    return Sections(question, sections)


def _is_for_all(element: Element) -> bool:
    """Return whether an element is for those who are not at the panel itself."""
    if element.kind is Kind.ADDRESS:
        return element.key in _ADDRESSES
    return element.kind not in FILES


def _sure(sentence: str, key: str) -> Element:
    """Return a question that is a part of the status elsewhere."""
    return Element(Kind.NOTICE, key, text=message(sentence), tone=StatusLevel.WARNING)
