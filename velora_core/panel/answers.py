"""Where a press is answered: in the status, beside the button, or both.

How high the elements are is an estimate for the smallest window that OBS opens.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .elements import Element, Kind, Panel

if TYPE_CHECKING:
    from .facts import Facts

__all__ = ["Answered", "answered", "is_enough", "place_answer"]

_LETTERS, _LINES = 33, 7.2  # in a line, and lines below which the status may be out of sight
_VIEW: Final = 16  # lines that OBS's smallest window shows of a panel
_BUTTON: Final = 2.3  # lines


class Answered(NamedTuple):
    """Where the last press is answered, as `Facts` has it, and whether one had to scroll for it."""

    answered: str = ""
    answered_in: str = ""
    scrolled: bool = False
    deep: bool = False

    def put_into(self, facts: Facts) -> Facts:
        """Return the facts with this in them."""
        return facts._replace(
            answered=self.answered, answered_in=self.answered_in, scrolled=self.scrolled
        )


def place_answer(panel: Panel, key: str, last: Answered) -> Answered:
    """Return where the press of a button is answered.

    Args:
        panel: as it is when the button is pressed.
        key: the button's.
        last: where the press before it was answered.
    """
    # Whoever had to scroll for the last press has still scrolled.
    scrolled = (last.deep or last.scrolled) and panel.find("status").visible
    scrolled = scrolled and _lines(panel.elements) > _VIEW  # what is all in view is not scrolled
    depth = _depth(panel, key)
    if not scrolled and depth <= _LINES:
        return Answered()
    return Answered(key, str(panel.find("section").value), scrolled, depth > _VIEW)


def answered(
    rows: tuple[Element, ...], status: Element, facts: Facts, section: str
) -> tuple[Element, ...]:
    """Return the rows with the answer beside the button that was pressed far below the status.

    It stands there also where the button has done its work and is gone, in the section in which it
    was pressed: whoever has scrolled to it still looks there.
    """
    here = section == facts.answered_in
    found: list[Element] = []
    for row in rows:
        found.append(row)
        if row.kind is Kind.BUTTON:
            answer = _no_answer(row.key)
            if row.key == facts.answered and (row.visible or here):
                answer = status._replace(key=answer.key, visible=True)
            found.append(answer)
    return tuple(found)


@lru_cache(maxsize=256)  # all but one at each keystroke
def _no_answer(button: str) -> Element:
    return Element(Kind.NOTICE, f"{button}_answer", visible=False)


def is_enough(rows: tuple[Element, ...], answer: str) -> bool:
    """Return whether an answer beside its button is seen, without the status at the top.

    It is where both are in the first view, and where the button can't be seen from the top at all.
    """
    found = next((row for row in rows if row.visible and row.key == answer), None)
    if found is None:
        return False
    above = _lines(rows[: rows.index(found)])
    return above > _VIEW or above + _lines((found,)) <= _VIEW


def _depth(panel: Panel, key: str) -> float:
    """Return how many lines the end of an element is below the top; 0 where there is none."""
    keys = [element.key for element in panel.elements]
    return _lines(panel.elements[: keys.index(key) + 1]) if key in keys else 0.0


def _lines(elements: tuple[Element, ...]) -> float:
    """Return how many lines high elements are."""
    lines = 0.0
    for element in elements:
        if element.visible and element.kind is Kind.NOTICE:
            lines += sum(len(line) // _LETTERS + 1 for line in element.text.splitlines()) + 0.5
        elif element.visible and element.kind is not Kind.KEPT:
            lines += _BUTTON + _lines(element.elements)
    return lines
