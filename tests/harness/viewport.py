"""The panel as OBS opens it: what of it can be seen, and what has to be scrolled to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from tests.harness.waiting import HarnessError, wait_until

if TYPE_CHECKING:
    from tests.harness.panel import Panel, Widget

__all__ = ["Size", "Viewport"]

Area = tuple[int, int, int, int]


class Size(NamedTuple):
    """What is there, and what can be seen of it at once, in pixels."""

    width: int
    height: int
    visible_width: int
    visible_height: int

    @property
    def viewports(self) -> float:
        """How many times the part that can be seen the panel is high."""
        return self.height / self.visible_height

    @property
    def clipped(self) -> int:
        """By how much it is too wide; there is no horizontal scroll bar."""
        return max(0, self.width - self.visible_width)


class Viewport:
    """Looks at the panel of a Scripts window that has the size that OBS gives it."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def _areas(self) -> tuple[Area, Area]:
        """Of the part that can be seen, and of all of it."""
        view = self._panel.properties_tree()
        part = view.children[0]
        return part.area, part.children[0].area

    @property
    def size(self) -> Size:
        """How large the panel is, and what can be seen of it."""
        part, whole = self._areas()
        return Size(whole[2], whole[3], part[2], part[3])

    def shows(self, widget: Widget) -> bool:
        """Whether all of a widget can be seen without scrolling."""
        (_, top, _, height), _ = self._areas()
        return top <= widget.area[1] and widget.area[1] + widget.area[3] <= top + height

    def shows_text(self, text: str) -> bool:
        """Whether all of a line of text can be seen."""
        found = [
            widget
            for widget in self._panel.widgets()
            if widget.role == "label" and widget.name == text
        ]
        return any(self.shows(item) for item in found)

    def notches(self, label: str) -> int:
        """Turn the wheel until a widget can be seen, and return how often that was."""
        for turned in range(20):
            widget = self._panel.find(label)
            if widget is None:
                raise HarnessError(f"there is no {label!r}\n{self._panel.dump()}")
            if self.shows(widget):
                return turned
            (_, top, _, _), _ = self._areas()
            self._wheel(down=widget.area[1] > top)
        raise HarnessError(f"{label!r} can't be scrolled to\n{self._panel.dump()}")

    def to_top(self) -> None:
        """Scroll up as far as it goes."""
        part, whole = self._areas()
        while whole[1] < part[1] - 20:  # the frame is a part of neither
            before = whole[1]
            self._wheel(down=False)
            part, whole = self._areas()
            if whole[1] == before:
                return

    def _wheel(self, *, down: bool) -> None:
        """One notch, with the pointer on the scroll bar: over a field it might change that."""
        (x, y, width, height), whole = self._areas()
        display = self._panel.display
        display.run(
            *("xdotool", "mousemove", str(x + width + 6), str(y + height // 2)),
            *("click", "5" if down else "4"),
        )

        def moved() -> bool:
            return self._areas()[1][1] != whole[1]

        deadline = time.monotonic() + 5
        while not moved() and time.monotonic() < deadline:
            time.sleep(0.02)

    def click(self, label: str) -> int:
        """Scroll to a button, click on it with the mouse, and wait until it has been answered.

        :returns: The notches that it took.
        """
        turned = self.notches(label)
        widget = self._panel.find(label)
        assert widget is not None
        x, y, width, height = widget.area
        before = self._panel.texts()
        self._panel.display.run(
            *("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1")
        )
        wait_until(lambda: self._panel.texts() != before, what=f"an answer to {label!r}")
        return turned
