"""A script's panel as a user meets it: looked at, clicked and typed into by what is visible."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence

from tests.harness.scripts_window import ScriptsWindow
from tests.harness.waiting import HarnessError, WaitTimeout, wait_until
from tests.harness.widgets import (
    ENTRY_ROLES,
    LIST_BUTTONS,
    SCRIPTS,
    Stale,
    Widget,
    choose,
    leaves,
    lines,
    widget_of,
)

__all__ = ["PanelWidgets"]


class PanelWidgets(ScriptsWindow):
    """What is in the panel of the selected script."""

    def widgets(self) -> list[Widget]:
        """Return the panel's widgets, from top to bottom."""
        return list(self._persist(lambda: (self._look(),), "the panel's widgets")[0])

    def _look(self) -> list[Widget]:
        nodes = list(leaves(self._properties()))
        labels = [node for node in nodes if node.role == "label" and node.name]
        return [widget_of(node, labels) for node in nodes]

    def texts(self) -> list[str]:
        """Return the lines of text on the panel from top to bottom, without the entries' labels."""
        return lines(self.widgets())

    def find(self, label: str, *, role: str | None = None) -> Widget | None:
        """Return a widget by its own text or by the label beside it; None when it is not there.

        Args:
            role: AT-SPI's word for the kind of widget.
        """
        roles = None if role is None else {role}
        widgets = self.widgets()
        found = choose(widgets, label, roles)
        if found is None and self._uncover(label, widgets):
            found = choose(self.widgets(), label, roles)
        return found

    def is_shown_from_its_start(self, label: str) -> bool:
        """Whether a field shows its text from the first letter on."""

        def look() -> tuple[int]:
            field = self._widget(label, {"text"})
            x, y, _, height = field.area
            return (self._access.letter_at(field.handle, x + 2, y + height // 2),)

        return self._persist(look, f"the first letter in {label!r}")[0] == 0

    def _uncover(self, label: str, widgets: Sequence[Widget]) -> bool:
        """Choose the section that a widget is in, seeing what is there now.

        Returns:
            whether that was another one.
        """
        section = self.sections.get(label)
        box = choose(widgets, self.section_box, {"combo box"})
        if section is None or box is None or box.name == section:
            return False
        self.choose(self.section_box, section)
        return True

    def wait_for(self, label: str, *, role: str | None = None, timeout: float = 30.0) -> Widget:
        """Wait until a widget is there.

        Args:
            timeout: seconds.
        """
        return self._widget(label, None if role is None else {role}, timeout)

    def wait_for_text(self, pattern: str, *, timeout: float = 30.0) -> str:
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

    def _widget(self, label: str, roles: set[str] | None, timeout: float = 30.0) -> Widget:
        kind = " or ".join(sorted(roles)) if roles else "widget"

        def found() -> Widget | None:
            widgets = self._look()
            widget = choose(widgets, label, roles)
            if widget is None and self._uncover(label, widgets):
                widget = choose(self._look(), label, roles)
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
            widgets = self._look()
            widget = choose(widgets, name, {"push button"})
            if widget is None and self._uncover(name, widgets):
                widget = choose(self._look(), name, {"push button"})
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
                return self._find_in(SCRIPTS, button)
            return self._widget(button, {"push button"}).handle

        known = [self._persist(find, f"the button {button!r}")]
        return lambda: self._click(lambda: known.pop() if known else find())

    # Entries

    def text(self, label: str) -> str:
        """Return what an entry holds; a password is shown for a moment, by the button beside it."""
        entry = self._widget(label, ENTRY_ROLES)
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
            entry = choose(widgets, label, {"text", "password text"})
            if entry is not None and (entry.role == "text") == shown:
                return True
            for widget in widgets:
                if widget.label == label and widget.name in ("Show", "Hide"):
                    self._access.act(widget.handle, "Toggle")
            return False

        self._persist(toggled, f"{label!r} to be shown: {shown}")

    def set_number(self, label: str, number: int) -> None:
        """Replace what a field for a number holds, by typing."""
        self._type(
            lambda: self._widget(label, {"spin button"}),
            str(number),
            lambda: self._widget(label, {"spin button"}).text or "",
        )

    def set_text(self, label: str, text: str) -> None:
        """Replace what an entry holds, by typing.

        Args:
            label: the label beside the entry.
        """
        self._type(
            lambda: self._widget(label, {"text", "password text"}), text, lambda: self.text(label)
        )

    def paste(self, label: str, text: str) -> None:
        """Replace what an entry or an editable combo box holds in one go, from the clipboard.

        A hidden one may be taken at once, and the view built anew without it.
        """

        hidden: list[Callable[[], Collection[str]]] = []  # entries that it was pasted into

        def pasted() -> bool:
            if any(map(_is_gone, hidden)):  # later than the attempt before had waited for it
                return True
            roles = {"text", "password text", "combo box"}
            entry = self._focus(lambda: self._widget(label, roles))
            states = self._access.follow(entry.handle)
            self._display.keys("ctrl+a")
            self._display.paste(text)
            if entry.role == "password text":
                hidden.append(states)
                return self._comes_true(lambda: _is_gone(states) or self.text(label) == text)
            read = self.choice if entry.role == "combo box" else self.text
            return self._comes_true(lambda: read(label) == text)

        self._persist(pasted, f"the text to be in {label!r}")  # keys get lost, see `_type`

    def _type(
        self, find: Callable[[], Widget], text: str, read: Callable[[], str], window: str = SCRIPTS
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

    def _focus(self, find: Callable[[], Widget], window: str = SCRIPTS) -> Widget:
        self._display.focus(self._x_window(window))

        def focused() -> Widget | None:
            widget = find()
            if "focused" in widget.states:
                return widget
            self._access.act(widget.entry or widget.handle, "SetFocus")
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
        items = [entry.strip() for entry in box.items]
        if item not in items:
            raise HarnessError(f"the combo box {label!r} offers {items}, not {item!r}")

        def chosen() -> bool:
            self._display.focus(self._x_window(SCRIPTS))
            before = set(self._display.windows(pid=self._obs.pid))
            self._access.act(self._widget(label, {"combo box"}).handle, "ShowMenu")

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
            self._access.act(self._widget(label, {"check box"}).handle, "Toggle")
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
        self._access.act(self._widget(label, {"list"}).item_handles[index], "Toggle")
        self._press_list_button(label, "remove")
        wanted = before[:index] + before[index + 1 :]
        self._persist(lambda: self.entries(label) == wanted, f"{text!r} to leave {label!r}")

    def _press_list_button(self, label: str, button: str) -> None:
        def handle() -> int:
            widgets = self._look()
            box = choose(widgets, label, {"list"})
            if box is None:
                raise Stale(f"no list {label!r}")
            x, y, width, height = box.area
            beside = [
                w
                for w in widgets
                if w.role in ("push button", "check box")
                and w.area[0] >= x + width
                and y - 4 <= w.area[1] < y + height
            ]
            beside.sort(key=lambda w: w.area[1])
            return beside[LIST_BUTTONS.index(button)].handle

        self._persist(
            lambda: self._access.act(handle(), "Press") or True,
            f"the {button} button of {label!r}",
        )


def _is_gone(states: Callable[[], Collection[str]]) -> bool:
    try:
        now = states()
    except Stale:
        return True
    return "showing" not in now and "visible" not in now
