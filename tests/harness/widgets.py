"""Widgets as the accessibility tree shows them, and which of them a label means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "ENTRY_ROLES",
    "FIELD_ROLES",
    "LIST_BUTTONS",
    "LOG",
    "SCRIPTS",
    "Node",
    "Stale",
    "Widget",
    "choose",
    "leaves",
    "lines",
    "widget_of",
]

SCRIPTS = "Scripts"
LOG = "Script Log"
ENTRY_ROLES = {"text", "password text", "combo box"}
FIELD_ROLES = {"text", "password text", "combo box", "list", "spin button", "slider"}
LEAF_ROLES = FIELD_ROLES | {"label", "push button", "check box", "radio button", "table"}
LIST_BUTTONS = ("add", "remove", "edit", "up", "down")


@dataclass(frozen=True)
class Widget:
    """A widget as it was at one look."""

    handle: int
    role: str
    """AT-SPI's word: "label", "push button", "text", "password text", "combo box", "check box"…"""
    name: str
    """What it says itself: a button's caption, a label's text, a combo box's choice."""
    label: str
    """What stands to the left of it, else its name."""
    text: str | None
    """What an entry or an editable combo box holds; nothing for a hidden password."""
    states: frozenset[str]
    """AT-SPI's words, such as "enabled", "showing", "checked", "focused"."""
    area: tuple[int, int, int, int]
    """x, y, width and height on the screen, in pixels."""
    items: tuple[str, ...]
    """The entries of a combo box or a list."""
    item_handles: tuple[int, ...] = ()
    entry: int | None = None
    """The handle of what takes the keys: the entry inside an editable combo box."""

    @property
    def enabled(self) -> bool:
        """Whether it can be used."""
        return "enabled" in self.states

    @property
    def visible(self) -> bool:
        """Whether it is shown, though perhaps scrolled out of sight."""
        return "visible" in self.states

    @property
    def checked(self) -> bool:
        """Whether the check box is ticked."""
        return "checked" in self.states


class Stale(Exception):
    """A widget was rebuilt between the look and the act."""


class Node:
    """A node of the accessibility tree."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.handle: int = data["handle"]
        self.role: str = data["role"]
        # A label with a picture in it, such as a "?" that has a tool tip, names that picture too.
        self.name: str = data["name"].replace("\ufffc", "").strip()
        self.description: str = data["description"]
        self.states = frozenset(data["states"])
        self.text: str | None = data.get("text")
        x, y, width, height = data.get("area", (0, 0, 0, 0))
        self.area: tuple[int, int, int, int] = (x, y, width, height)
        self.children = [Node(child) for child in data.get("children", ())]

    def walk(self) -> Iterator[Node]:
        """Go through it and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def dump(self, depth: int = 0) -> Iterator[str]:
        """The tree as lines of text."""
        parts = [self.role, repr(self.name)]
        if self.text is not None:
            parts.append(f"text={self.text[:80]!r}")
        parts.append(",".join(sorted(self.states - {"sensitive", "focusable"})))
        parts.append("{},{} {}x{}".format(*self.area))
        yield "  " * depth + " ".join(parts)
        for child in self.children:
            yield from child.dump(depth + 1)


def leaves(node: Node) -> Iterator[Node]:
    """The widgets below a node; what a combo box or a list is made of stays inside."""
    for child in node.children:
        if child.role == "label" and not child.name:
            continue
        if child.role in LEAF_ROLES:
            yield child
        elif child.role != "scroll bar":
            yield from leaves(child)


def widget_of(node: Node, labels: Sequence[Node]) -> Widget:
    beside = _label_beside(node, labels)
    inner = list(node.walk())[1:]
    text, states, entry = node.text, node.states, None
    for each in inner if node.role == "combo box" else ():
        if each.role == "text":
            text, states, entry = each.text, states | (each.states & {"focused"}), each.handle
    rows = [each for each in inner if each.role == "list item"]
    return Widget(
        handle=node.handle,
        role=node.role,
        name=node.name,
        label=beside or node.name,
        text=text,
        states=states,
        area=node.area,
        items=tuple(row.name for row in rows),
        item_handles=tuple(row.handle for row in rows),
        entry=entry,
    )


def _label_beside(node: Node, labels: Sequence[Node]) -> str:
    """Return the text of the label to the left of a widget, in the same row."""
    x, y, _, height = node.area
    found = ""
    nearest = None
    for label in labels:
        lx, ly, lwidth, lheight = label.area
        same_row = ly - 6 <= y <= ly + max(lheight, 12) and ly <= y + height
        gap = x - (lx + lwidth)
        if label is not node and same_row and gap >= 0 and (nearest is None or gap < nearest):
            nearest, found = gap, label.name
    return found


def lines(widgets: Sequence[Widget]) -> list[str]:
    """Return the lines of text among them from top to bottom, without the entries' labels."""
    used = {w.label for w in widgets if w.role != "label" or w.label != w.name}
    return [
        w.name for w in widgets if w.role == "label" and w.visible and w.name and w.name not in used
    ]


def choose(widgets: Sequence[Widget], label: str, roles: set[str] | None) -> Widget | None:
    fitting = [w for w in widgets if roles is None or w.role in roles]
    # A combo box is named by what it shows, so only its label counts.
    for widget in fitting:
        if widget.name == label and widget.role != "combo box":
            return widget
    return next((widget for widget in fitting if widget.label == label), None)
