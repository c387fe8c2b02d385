"""Tools → Scripts as a user meets it: looked at, clicked and typed into by what is visible."""

from __future__ import annotations

import json
import re
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.harness.pictures import take_picture
from tests.harness.processes import OwnedProcess
from tests.harness.waiting import HarnessError, WaitTimeout, wait_until

if TYPE_CHECKING:
    from tests.harness.display import Display
    from tests.harness.obs import Obs

__all__ = ["Panel", "Widget"]

T = TypeVar("T")

_SCRIPTS = "Scripts"
_LOG = "Script Log"
_ENTRY_ROLES = {"text", "password text", "combo box"}
_FIELD_ROLES = {"text", "password text", "combo box", "list", "spin button", "slider"}
_LEAF_ROLES = _FIELD_ROLES | {"label", "push button", "check box", "radio button", "table"}
_LIST_BUTTONS = ("add", "remove", "edit", "up", "down")


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


class _Stale(Exception):
    """A widget was rebuilt between the look and the act."""


class _Node:
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
        self.children = [_Node(child) for child in data.get("children", ())]

    def walk(self) -> Iterator[_Node]:
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


class Panel:
    """The Scripts window of one OBS, and the Script Log and the dialogs around it."""

    def __init__(self, obs: Obs) -> None:
        """Nothing is opened yet."""
        self._obs = obs
        self._display = obs.display
        self._helper: OwnedProcess | None = None
        self.sections: Mapping[str, str] = {}
        """By the name of a widget, which entry of the combo box `section_box` shows it."""
        self.section_box = "Show"

    # The helper

    def stop_helper(self) -> None:
        """End the helper program."""
        if self._helper is not None:
            self._helper.stop()
            self._helper = None

    def _ask(self, command: str, *, timeout: float = 90.0, **arguments: Any) -> Any:
        if self._helper is None or self._helper.exit_code is not None:
            self.stop_helper()
            self._helper = OwnedProcess(
                [
                    "/usr/bin/python3",
                    "-u",
                    str(Path(__file__).with_name("panel_helper.py")),
                    str(self._obs.pid),
                ],
                environment=self._display.environment(),
                name="panel helper",
                output=self._display.folder / "panel_helper.log",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        stdin, stdout = self._helper.popen.stdin, self._helper.popen.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"command": command, **arguments}).encode() + b"\n")
        stdin.flush()
        if not select.select([stdout], [], [], timeout)[0]:
            self.stop_helper()
            raise HarnessError(f"the panel did not answer {command!r} within {timeout:g} s")
        line = stdout.readline()
        if not line:
            log = (self._display.folder / "panel_helper.log").read_text(errors="replace")
            self.stop_helper()
            raise HarnessError(f"the panel helper ended\n{log[-2000:]}")
        answer = json.loads(line)
        if "stale" in answer:
            raise _Stale(answer["stale"])
        if "error" in answer:
            raise HarnessError(f"{command}: {answer['error']}\n{self.dump()}")
        return answer["result"]

    def _window(self, name: str | None) -> _Node | None:
        data = self._ask("tree", name=name, skip=["menu bar"])
        return _Node(data) if data is not None else None

    def _shown(self, name: str) -> _Node | None:
        window = self._window(name)
        return window if window is not None and "showing" in window.states else None

    def _windows(self) -> list[_Node]:
        """Return the windows OBS shows, without what is in them."""
        windows = [_Node(data) for data in self._ask("windows")]
        return [window for window in windows if "showing" in window.states]

    def _is_shown(self, title: str) -> bool:
        titles = self._persist(lambda: [w.name for w in self._windows()], "OBS's windows")
        return title in titles

    def _scripts(self) -> _Node:
        window = self._shown(_SCRIPTS)
        if window is None:
            raise _Stale("the Scripts window is not open")
        return window

    def _persist(
        self,
        attempt: Callable[[], T | None],
        what: str,
        timeout: float = 25.0,
    ) -> T:
        """Try until it works; a view that is just being rebuilt is met again."""

        def attempted() -> T | None:
            try:
                return attempt()
            except _Stale:
                return None

        return wait_until(attempted, what=what, timeout=timeout, details=self.dump)

    def dump(self, window: str | None = None) -> str:
        """Return what the accessibility bus shows, as text.

        Args:
            window: a window's title; without it, the Scripts window or else the whole of OBS.
        """
        try:
            shown = [each.name for each in self._windows()]
            found = self._window(window or (_SCRIPTS if _SCRIPTS in shown else None))
        except (_Stale, HarnessError) as error:
            return f"(nothing to see: {error})"
        lines = found.dump() if found is not None else ["(OBS shows no such window)"]
        return "\n".join([f"windows shown: {shown}", *lines])

    # Windows

    def menu(self, *path: str) -> None:
        """Choose an entry of the main window's menus, such as ``menu("Tools", "Scripts")``."""

        def choose() -> bool:
            self._ask("menu", path=list(path))
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
        self._persist(lambda: self._shown(_SCRIPTS), "the Scripts window")
        if size is not None:
            width, height = size
            self._display.place(
                self._x_window(_SCRIPTS),
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
        return self._is_shown(_SCRIPTS)

    def close(self) -> None:
        """Close the Scripts window with its own button."""
        if self.is_open:
            self._press_in(_SCRIPTS, "Close")
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

    def _script_rows(self) -> dict[str, _Node]:
        rows = next((node for node in self._scripts().walk() if node.role == "list"), None)
        if rows is None:
            raise _Stale("no list of scripts")
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
                self._display.focus(self._x_window(_SCRIPTS))
                self._display.run(
                    *("xdotool", "mousemove", str(x + min(width // 2, 60)), str(y + height // 2)),
                    *("click", "1"),
                )
                return False
            return self._properties() is not None

        self._persist(selected, f"the script {script!r} to be selected")

    def reload(self) -> None:
        """Press the Reload Scripts button for the selected script."""
        self._press_in(_SCRIPTS, "Reload Scripts")

    def defaults(self) -> None:
        """Press the Defaults button for the selected script."""
        self._press_in(_SCRIPTS, "Defaults")

    @property
    def description(self) -> str:
        """The selected script's description, as the window shows it."""

        def shown() -> tuple[str] | None:
            parent = self._description_parent()
            labels = [node.name for node in parent.children if node.role == "label"]
            index = labels.index("Description")
            return (labels[index + 1] if index + 1 < len(labels) else "",)

        return self._persist(shown, "the script's description")[0]

    def _description_parent(self) -> _Node:
        for node in self._scripts().walk():
            if any(
                child.role == "label" and child.name == "Description" for child in node.children
            ):
                return node
        raise _Stale("no description")

    def _properties(self) -> _Node:
        """Return the view that holds the selected script's widgets."""
        children = self._description_parent().children
        start = next(i for i, child in enumerate(children) if child.name == "Description")
        for child in children[start + 1 :]:
            if child.role != "label":
                return child
        raise _Stale("no properties")

    def properties_tree(self) -> _Node:
        """The view that holds the panel's widgets, as a tree."""
        return self._persist(self._properties, "the panel")

    @property
    def display(self) -> Display:
        """The screen that OBS is on."""
        return self._display

    # Widgets

    def widgets(self) -> list[Widget]:
        """Return the panel's widgets, from top to bottom."""
        return list(self._persist(lambda: (self._look(),), "the panel's widgets")[0])

    def _look(self) -> list[Widget]:
        leaves = list(_leaves(self._properties()))
        labels = [node for node in leaves if node.role == "label" and node.name]
        return [_widget(node, labels) for node in leaves]

    def texts(self) -> list[str]:
        """Return the lines of text on the panel from top to bottom, without the entries' labels."""
        widgets = self.widgets()
        used = {w.label for w in widgets if w.role != "label" or w.label != w.name}
        return [
            w.name
            for w in widgets
            if w.role == "label" and w.visible and w.name and w.name not in used
        ]

    def find(self, label: str, *, role: str | None = None) -> Widget | None:
        """Return a widget by its own text or by the label beside it; None when it is not there.

        Args:
            role: AT-SPI's word for the kind of widget.
        """
        roles = None if role is None else {role}
        found = _choose(self.widgets(), label, roles)
        if found is None and self._uncover(label):
            found = _choose(self.widgets(), label, roles)
        return found

    def _uncover(self, label: str) -> bool:
        """Choose the section that a widget is in; returns whether that was another one."""
        section = self.sections.get(label)
        box = _choose(self.widgets(), self.section_box, {"combo box"})
        if section is None or box is None or box.name == section:
            return False
        self.choose(self.section_box, section)
        return True

    def wait_for(self, label: str, *, role: str | None = None, timeout: float = 10.0) -> Widget:
        """Wait until a widget is there.

        Args:
            timeout: seconds.
        """
        return self._widget(label, None if role is None else {role}, timeout)

    def wait_for_text(self, pattern: str, *, timeout: float = 10.0) -> str:
        """Wait until a line of text on the panel matches a regular expression; return the line.

        Args:
            timeout: seconds.
        """

        def matching() -> str | None:
            for widget in self._look():
                if widget.role == "label" and widget.visible and re.search(pattern, widget.name):
                    return widget.name
            return None

        return self._persist(matching, f"the text {pattern!r} on the panel", timeout)

    def _widget(self, label: str, roles: set[str] | None, timeout: float = 10.0) -> Widget:
        kind = " or ".join(sorted(roles)) if roles else "widget"

        def found() -> Widget | None:
            widget = _choose(self._look(), label, roles)
            if widget is None and self._uncover(label):
                widget = _choose(self._look(), label, roles)
            return widget

        return self._persist(found, f"the {kind} {label!r}", timeout)

    # Buttons

    def press(self, button: str) -> float:
        """Press a button of the panel and wait until its callback has returned.

        Args:
            button: its visible name.

        Returns:
            the seconds OBS's window was busy with it.
        """
        return self._click(lambda: self._enabled_button(button).handle)

    def _enabled_button(self, name: str) -> Widget:
        def found() -> Widget | None:
            widget = _choose(self._look(), name, {"push button"})
            if widget is None and self._uncover(name):
                widget = _choose(self._look(), name, {"push button"})
            return widget if widget is not None and widget.enabled else None

        return self._persist(found, f"the button {name!r} to be there and enabled")

    def aim(self, button: str, *, at_window: bool = False) -> Callable[[], float]:
        """Look a button up now, to press it in an instant later.

        Args:
            button: its visible name.
            at_window: it is one of the Scripts window's own, such as "Reload Scripts".

        Returns:
            what presses it and returns what `press` does.
        """

        def find() -> int:
            if at_window:
                return self._find_in(_SCRIPTS, button)
            return self._widget(button, {"push button"}).handle

        known = [self._persist(find, f"the button {button!r}")]
        return lambda: self._click(lambda: known.pop() if known else find())

    def _click(self, handle: Callable[[], int]) -> float:
        def clicked() -> tuple[int] | None:
            found = handle()
            self._ask("act", handle=found, action="Press")
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
                states = self._ask("node", handle=found)["states"]
            except _Stale:
                states = []
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
        raise _Stale(f"no button {button!r} in {window!r}")

    # Entries

    def text(self, label: str) -> str:
        """Return what an entry holds; a password is shown for a moment, by the button beside it."""
        entry = self._widget(label, _ENTRY_ROLES)
        if entry.role != "password text":
            return entry.text or ""
        self._show_password(label, True)
        try:
            return self._widget(label, {"text"}).text or ""
        finally:
            self._show_password(label, False)

    def _show_password(self, label: str, shown: bool) -> None:
        def toggled() -> bool:
            widgets = self._look()
            entry = _choose(widgets, label, {"text", "password text"})
            if entry is not None and (entry.role == "text") == shown:
                return True
            for widget in widgets:
                if widget.label == label and widget.name in ("Show", "Hide"):
                    self._ask("act", handle=widget.handle, action="Toggle")
            return False

        self._persist(toggled, f"{label!r} to be shown: {shown}")

    def set_text(self, label: str, text: str) -> None:
        """Replace what an entry holds, by typing.

        Args:
            label: the label beside the entry.
        """
        self._type(
            lambda: self._widget(label, {"text", "password text"}), text, lambda: self.text(label)
        )

    def paste(self, label: str, text: str) -> None:
        """Replace what an entry holds in one go, from the clipboard.

        A hidden one may be taken at once, and the view built anew without it.
        """

        def pasted() -> bool:
            entry = self._focus(lambda: self._widget(label, {"text", "password text"}))
            self._display.keys("ctrl+a")
            self._display.paste(text)
            if entry.role == "password text":
                return self._comes_true(
                    lambda: self._is_gone(entry.handle) or self.text(label) == text
                )
            return self._comes_true(lambda: self.text(label) == text)

        self._persist(pasted, f"the text to be in {label!r}")  # keys get lost, see `_type`

    def _is_gone(self, handle: int) -> bool:
        try:
            states = self._ask("node", handle=handle)["states"]
        except _Stale:
            return True
        return "showing" not in states and "visible" not in states

    def _type(
        self, find: Callable[[], Widget], text: str, read: Callable[[], str], window: str = _SCRIPTS
    ) -> None:
        def typed() -> bool:
            self._focus(find, window)
            self._display.keys("ctrl+a", "BackSpace")
            self._display.type(text)
            return self._comes_true(lambda: read() == text)

        # Once in a few hundred keys one gets lost on its way through the X server.
        self._persist(typed, f"{text!r} to be typed")

    def _comes_true(self, condition: Callable[[], bool]) -> bool:
        try:
            return wait_until(condition, what="", timeout=2)
        except WaitTimeout:
            return False

    def _focus(self, find: Callable[[], Widget], window: str = _SCRIPTS) -> Widget:
        self._display.focus(self._x_window(window))

        def focused() -> Widget | None:
            widget = find()
            if "focused" in widget.states:
                return widget
            self._ask("act", handle=widget.entry or widget.handle, action="SetFocus")
            return None

        return self._persist(focused, "the widget to take the focus")

    # Choices

    def items(self, label: str) -> list[str]:
        """Return the entries a combo box offers."""
        return [item.strip() for item in self._widget(label, {"combo box"}).items]

    def choice(self, label: str) -> str:
        """Return what a combo box shows."""
        widget = self._widget(label, {"combo box"})
        return (widget.name if widget.text is None else widget.text).strip()

    def choose(self, label: str, item: str) -> None:
        """Choose an entry of a combo box from its list.

        Args:
            item: the entry's visible name.
        """
        box = self._widget(label, {"combo box"})
        items = [one.strip() for one in box.items]
        if item not in items:
            raise HarnessError(f"the combo box {label!r} offers {items}, not {item!r}")

        def chosen() -> bool:
            self._display.focus(self._x_window(_SCRIPTS))
            before = set(self._display.windows(pid=self._obs.pid))
            self._ask("act", handle=self._widget(label, {"combo box"}).handle, action="ShowMenu")

            def opened() -> set[int]:
                return set(self._display.windows(pid=self._obs.pid)) - before

            # Without the list, the keys would press the window's default button.
            if not self._comes_true(lambda: bool(opened())):
                return False
            time.sleep(0.2)  # the list opens with an animation
            self._display.keys("Home", *["Down"] * items.index(item), "Return")
            if self._comes_true(lambda: self.choice(label) == item):
                return True
            if opened():
                self._display.keys("Escape")
            return False

        self._persist(chosen, f"{label!r} to show {item!r}")

    def type_in_choice(self, label: str, text: str) -> None:
        """Replace the text of an editable combo box, by typing.

        The box completes what fits the beginning of one of its entries, and once the focus leaves
        it, takes that entry's spelling: `choice` tells what it shows then.
        """

        def typed() -> str:
            shown = self.choice(label)
            return text if shown.casefold().startswith(text.casefold()) else shown

        self._type(lambda: self._widget(label, {"combo box"}), text, typed)

    def ticked(self, label: str) -> bool:
        """Return whether a check box is ticked."""
        return self._widget(label, {"check box"}).checked

    def tick(self, label: str, on: bool = True) -> None:
        """Tick a check box, or untick it."""
        if self.ticked(label) != on:
            self._ask("act", handle=self._widget(label, {"check box"}).handle, action="Toggle")
            self._persist(lambda: self.ticked(label) == on, f"{label!r} to be ticked: {on}")

    # Editable lists

    def entries(self, label: str) -> list[str]:
        """Return the entries of an editable list."""
        return list(self._widget(label, {"list"}).items)

    def add_entry(self, label: str, text: str) -> None:
        """Add an entry to an editable list, by its + button and the dialog that comes."""
        before = self.entries(label)
        self._press_list_button(label, "add")
        dialog = self._persist(self._dialog, "the dialog for a new entry")
        self._type(
            lambda: self._dialog_entry(dialog.name),
            text,
            lambda: self._dialog_entry(dialog.name).text or "",
            window=dialog.name,
        )
        self.answer("OK")
        self._persist(lambda: self.entries(label) == [*before, text], f"{text!r} in {label!r}")

    def remove_entry(self, label: str, text: str) -> None:
        """Select an entry of an editable list and press its bin button."""
        before = self.entries(label)
        index = before.index(text)
        self._ask("act", handle=self._widget(label, {"list"}).item_handles[index], action="Toggle")
        self._press_list_button(label, "remove")
        wanted = before[:index] + before[index + 1 :]
        self._persist(lambda: self.entries(label) == wanted, f"{text!r} to leave {label!r}")

    def _press_list_button(self, label: str, button: str) -> None:
        def handle() -> int:
            widgets = self._look()
            box = _choose(widgets, label, {"list"})
            if box is None:
                raise _Stale(f"no list {label!r}")
            x, y, width, height = box.area
            beside = [
                w
                for w in widgets
                if w.role in ("push button", "check box")
                and w.area[0] >= x + width
                and y - 4 <= w.area[1] < y + height
            ]
            beside.sort(key=lambda w: w.area[1])
            return beside[_LIST_BUTTONS.index(button)].handle

        self._persist(
            lambda: self._ask("act", handle=handle(), action="Press") or True,
            f"the {button} button of {label!r}",
        )

    # Dialogs

    def dialogs(self) -> list[str]:
        """Return the titles of all windows but the main one, the scripts and their log."""
        return [node.name for node in self._dialogs()]

    def _dialogs(self) -> list[_Node]:
        return [
            window
            for window in self._windows()
            if window.name not in (_SCRIPTS, _LOG)
            and not window.name.startswith("OBS ")
            and window.role in ("dialog", "alert", "frame", "window", "file chooser")
        ]

    def _dialog(self) -> _Node | None:
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

    def rename_profile(self, name: str) -> None:
        """Rename the profile by OBS's menu and the dialog that comes."""
        self.menu("Profile", "Rename")
        dialog = self._persist(self._dialog, "the dialog for the profile's name")
        self._type(
            lambda: self._dialog_entry(dialog.name),
            name,
            lambda: self._dialog_entry(dialog.name).text or "",
            window=dialog.name,
        )
        self.answer("OK")

    def _dialog_entry(self, name: str) -> Widget:
        window = self._window(name)
        for node in window.walk() if window is not None else ():
            if node.role == "text":
                return _widget(node, [])
        raise _Stale(f"no entry in {name!r}")

    # The Script Log

    @property
    def script_log_shown(self) -> bool:
        """Whether the Script Log window is shown: opened, or popped up by a warning."""
        return self._is_shown(_LOG)

    def script_log_text(self) -> str:
        """Return the text of the Script Log window, which is opened for it when it is not shown."""
        if not self.script_log_shown:
            if not self.is_open:
                self.open()
            self._press_in(_SCRIPTS, "Script Log")

        def read() -> tuple[str] | None:
            window = self._shown(_LOG)
            for node in window.walk() if window is not None else ():
                if node.text is not None:
                    return (node.text.strip("\n"),)
            return None

        return self._persist(read, "the Script Log window")[0]

    def close_script_log(self) -> None:
        """Close the Script Log window with its own button."""
        if self.script_log_shown:
            self._press_in(_LOG, "Close")
            wait_until(lambda: not self.script_log_shown, what="the Script Log window to close")

    # Pictures

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the Scripts window as PNG."""
        window = self._persist(lambda: self._shown(_SCRIPTS), "the Scripts window")
        self._display.focus(self._x_window(_SCRIPTS))
        time.sleep(0.3)  # it is drawn anew when it comes to the front
        return take_picture(self._display, path, area=window.area)


def _leaves(node: _Node) -> Iterator[_Node]:
    """The widgets below a node; what a combo box or a list is made of stays inside."""
    for child in node.children:
        if child.role == "label" and not child.name:
            continue
        if child.role in _LEAF_ROLES:
            yield child
        elif child.role != "scroll bar":
            yield from _leaves(child)


def _widget(node: _Node, labels: Sequence[_Node]) -> Widget:
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


def _label_beside(node: _Node, labels: Sequence[_Node]) -> str:
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


def _choose(widgets: Sequence[Widget], label: str, roles: set[str] | None) -> Widget | None:
    fitting = [w for w in widgets if roles is None or w.role in roles]
    # A combo box is named by what it shows, so only its label counts.
    for widget in fitting:
        if widget.name == label and widget.role != "combo box":
            return widget
    return next((widget for widget in fitting if widget.label == label), None)
