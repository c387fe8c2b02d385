"""Tools → Scripts: its window, the list of scripts, and the view of the selected one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from tests.harness.accessibility import Accessibility
from tests.harness.waiting import HarnessError, wait_until
from tests.harness.widgets import LOG, SCRIPTS, Node, Stale, Widget, widget_of

if TYPE_CHECKING:
    from tests.harness.display import Display
    from tests.harness.obs import Obs

__all__ = ["ScriptsWindow"]

T = TypeVar("T")
_CLOSED = {"menu bar", "label", "push button", "check box", "radio button", "separator"}
"""Roles of which nothing below is looked at: in Qt, most of them have nothing there."""


class ScriptsWindow:
    """The windows of one OBS: opened, closed, and looked through by what is visible."""

    def __init__(self, obs: Obs) -> None:
        """Nothing is opened yet."""
        self._obs = obs
        self._display = obs.display
        self._connection: Accessibility | None = None
        self.sections: Mapping[str, str] = {}
        """By the name of a widget, which entry of the combo box `section_box` shows it."""
        self.section_box = "Show"

    # The accessibility bus

    @property
    def _access(self) -> Accessibility:
        """OBS's windows as a screen reader has them, once it is on the bus."""
        if self._connection is None:
            self._connection = Accessibility(self._display, self._obs.pid)
        return self._connection

    def disconnect(self) -> None:
        """Leave the accessibility bus."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _window(self, name: str | None) -> Node | None:
        data = self._access.tree(name, skip=_CLOSED)
        return Node(data) if data is not None else None

    def _shown(self, name: str) -> Node | None:
        window = self._window(name)
        return window if window is not None and "showing" in window.states else None

    def _windows(self) -> list[Node]:
        """Return the windows OBS shows, without what is in them."""
        windows = [Node(data) for data in self._access.windows()]
        return [window for window in windows if "showing" in window.states]

    def _is_shown(self, title: str) -> bool:
        titles = self._persist(lambda: [w.name for w in self._windows()], "OBS's windows")
        return title in titles

    def _scripts(self) -> Node:
        window = self._shown(SCRIPTS)
        if window is None:
            raise Stale("the Scripts window is not open")
        return window

    def _persist(
        self,
        attempt: Callable[[], T | None],
        what: str,
        timeout: float = 40.0,
    ) -> T:
        """Try until it works; a view that is just being rebuilt is met again."""

        def attempted() -> T | None:
            try:
                return attempt()
            except Stale:
                return None

        return wait_until(attempted, what=what, timeout=timeout, details=self.dump)

    def dump(self, window: str | None = None) -> str:
        """Return what the accessibility bus shows, as text.

        Args:
            window: a window's title; without it, the Scripts window or else the whole of OBS.
        """
        try:
            shown = [each.name for each in self._windows()]
            found = self._window(window or (SCRIPTS if SCRIPTS in shown else None))
        except (Stale, HarnessError) as error:
            return f"(nothing to see: {error})"
        lines = found.dump() if found is not None else ["(OBS shows no such window)"]
        return "\n".join([f"windows shown: {shown}", *lines])

    # Windows

    def menu(self, *path: str) -> None:
        """Choose an entry of the main window's menus, such as ``menu("Tools", "Scripts")``."""

        def choose() -> bool:
            self._access.menu(path)
            return True

        self._persist(choose, f"the menu entry {' → '.join(path)}", timeout=30)

    def open(
        self, script: str | None = None, *, size: tuple[int, int] | None = (1120, 880)
    ) -> None:
        """Open Tools → Scripts.

        Args:
            script: select this script, by its file name.
            size: of the window, in pixels: large enough to show a whole panel. None leaves
                it as OBS has it.
        """
        if not self.is_open:
            self.menu("Tools", "Scripts")
        self._persist(lambda: self._shown(SCRIPTS), "the Scripts window")
        if size is not None:
            width, height = size
            self._display.place(
                self._x_window(SCRIPTS),
                x=max(0, (self._display.width - width) // 2),
                y=max(0, (self._display.height - height) // 2),
                width=width,
                height=height,
            )
        if script is not None:
            self.select(script)

    @property
    def is_open(self) -> bool:
        """Whether the Scripts window is shown."""
        return self._is_shown(SCRIPTS)

    def close(self) -> None:
        """Close the Scripts window with its own button."""
        if self.is_open:
            self._press_in(SCRIPTS, "Close")
            wait_until(lambda: not self.is_open, what="the Scripts window to close")

    def _x_window(self, title: str) -> int:
        return wait_until(
            lambda: self._display.windows(pid=self._obs.pid, title=f"^{re.escape(title)}$"),
            what=f"the window {title!r}",
        )[-1]

    # Scripts

    def scripts(self) -> list[str]:
        """Return the names of the loaded scripts."""
        return list(self._persist(lambda: (self._script_rows(),), "the list of scripts")[0])

    def _script_rows(self) -> dict[str, Node]:
        rows = next((node for node in self._scripts().walk() if node.role == "list"), None)
        if rows is None:
            raise Stale("no list of scripts")
        return {row.name: row for row in rows.children}

    def select(self, script: str) -> None:
        """Click on a script's row and wait for its panel.

        Args:
            script: its file name.
        """

        def selected() -> bool:
            row = self._script_rows().get(script)
            if row is None:
                return False
            if "selected" not in row.states:
                x, y, width, height = row.area
                self._display.focus(self._x_window(SCRIPTS))
                self._display.run(
                    *("xdotool", "mousemove", str(x + min(width // 2, 60)), str(y + height // 2)),
                    *("click", "1"),
                )
                return False
            return self._properties() is not None

        self._persist(selected, f"the script {script!r} to be selected")

    def reload(self) -> None:
        """Press the Reload Scripts button for the selected script."""
        self._press_in(SCRIPTS, "Reload Scripts")

    def defaults(self) -> None:
        """Press the Defaults button for the selected script."""
        self._press_in(SCRIPTS, "Defaults")

    @property
    def description(self) -> str:
        """The selected script's description, as the window shows it."""

        def shown() -> tuple[str] | None:
            parent = self._description_parent()
            labels = [node.name for node in parent.children if node.role == "label"]
            index = labels.index("Description")
            return (labels[index + 1] if index + 1 < len(labels) else "",)

        return self._persist(shown, "the script's description")[0]

    def _description_parent(self) -> Node:
        for node in self._scripts().walk():
            if any(
                child.role == "label" and child.name == "Description" for child in node.children
            ):
                return node
        raise Stale("no description")

    def _properties(self) -> Node:
        """Return the view that holds the selected script's widgets."""
        children = self._description_parent().children
        start = next(i for i, child in enumerate(children) if child.name == "Description")
        for child in children[start + 1 :]:
            if child.role != "label":
                return child
        raise Stale("no properties")

    def properties_tree(self) -> Node:
        """The view that holds the panel's widgets, as a tree."""
        return self._persist(self._properties, "the panel")

    @property
    def display(self) -> Display:
        """The screen that OBS is on."""
        return self._display

    # Buttons

    def _click(self, handle: Callable[[], int]) -> float:
        def clicked() -> tuple[int] | None:
            found = handle()
            self._access.act(found, "Press")
            return (found,)

        found = self._persist(clicked, "the button to be pressed")[0]
        started = time.monotonic()
        # It stays down for a moment, as under a finger; then its callback runs on the thread that
        # also answers here, so that the first look at a button that is up again comes after it.
        longest = 0.0

        def is_up() -> bool:
            nonlocal longest
            asked = time.monotonic()
            try:
                states = self._access.states(found)
            except Stale:
                states = ()
            longest = max(longest, time.monotonic() - asked)
            return "pressed" not in states and time.monotonic() - started > 0.05

        wait_until(is_up, what="the button to come up", timeout=60, interval=0.01)
        return longest

    def _press_in(self, window: str, button: str) -> None:
        self._click(lambda: self._find_in(window, button))

    def _find_in(self, window: str, button: str) -> int:
        shown = self._shown(window)
        for node in shown.walk() if shown is not None else ():
            if node.role == "push button" and button in (node.name, node.description):
                return node.handle
        raise Stale(f"no button {button!r} in {window!r}")

    # Dialogs

    def dialogs(self) -> list[str]:
        """Return the titles of all windows but the main one, the scripts and their log."""
        return [node.name for node in self._dialogs()]

    def _dialogs(self) -> list[Node]:
        return [
            window
            for window in self._windows()
            if window.name not in (SCRIPTS, LOG)
            and not window.name.startswith("OBS ")
            and window.role in ("dialog", "alert", "frame", "window", "file chooser")
        ]

    def _dialog(self) -> Node | None:
        shown = self._dialogs()
        return shown[-1] if shown else None

    def dialog_texts(self) -> list[str]:
        """Return what the dialog on top says."""
        dialog = self._persist(self._dialog, "a dialog")
        window = self._window(dialog.name)
        nodes = window.walk() if window is not None else ()
        return [node.name for node in nodes if node.role == "label" and node.name]

    def answer(self, button: str) -> None:
        """Press a button of the dialog on top, and wait until the dialog is gone."""
        dialog = self._persist(self._dialog, "a dialog")
        self._press_in(dialog.name, button)
        self._persist(lambda: dialog.name not in self.dialogs(), f"{dialog.name!r} to close")

    def _dialog_entry(self, name: str) -> Widget:
        window = self._window(name)
        for node in window.walk() if window is not None else ():
            if node.role == "text":
                return widget_of(node, [])
        raise Stale(f"no entry in {name!r}")
