"""Tools → Scripts as a user meets it, with the dialogs and the Script Log around it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.harness.panel_widgets import PanelWidgets
from tests.harness.pictures import take_picture
from tests.harness.waiting import wait_until
from tests.harness.widgets import LOG, SCRIPTS, Node, Stale, Widget, widget_of

__all__ = ["Panel", "Widget"]

_WEBSOCKET = "WebSocket Server Settings"
_KICK = 4
"""Cells from a session's address to its button."""


class Panel(PanelWidgets):
    """The Scripts window of one OBS, and the Script Log and the dialogs around it."""

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

    def choose_file(self, label: str, path: Path, *, button: str) -> None:
        """Press *Browse* beside a field, and enter a file in the dialog that comes.

        Args:
            label: the field's.
            path: of the file.
            button: of the dialog, that says that this is the file: "Open" or "Save".
        """
        self._click(lambda: self._browse(label))
        dialog = self._persist(self._dialog, "the dialog for a file").name
        self._type(
            lambda: self._file_name(dialog),
            str(path),
            lambda: self._file_name(dialog).text or "",
            window=dialog,
        )
        self._press_in(dialog, button)
        self._persist(lambda: dialog not in self.dialogs(), f"{dialog!r} to close")

    def _browse(self, label: str) -> int:
        y = self._widget(label, {"text"}).area[1]
        buttons = [widget for widget in self._look() if widget.name == "Browse"]
        if not buttons:
            raise Stale(f"nothing to browse beside {label!r}")
        return min(buttons, key=lambda button: abs(button.area[1] - y)).handle

    def _file_name(self, dialog: str) -> Widget:
        window = self._window(dialog)
        for node in window.walk() if window is not None else ():
            if node.role == "text" and node.name.startswith("File name"):
                return widget_of(node, [])
        raise Stale(f"no file name in {dialog!r}")

    def kick(self, session: str) -> None:
        """End a session of OBS's websocket server, in Tools → WebSocket Server Settings.

        Args:
            session: the address it comes from, as OBS shows it.
        """
        self.menu("Tools", _WEBSOCKET)
        self._persist(lambda: self._kick_button(session), f"the session {session}")

        def gone() -> bool:
            button = self._kick_button(session)
            if button is None:
                return True
            # Each second OBS makes the list anew. A click in between is lost; a second one too
            # early meets the session that has come up to the place of this one.
            x, y, width, height = button.area
            place = str(x + width // 2), str(y + height // 2)
            self._display.run("xdotool", "mousemove", *place, "click", "1")
            until = time.monotonic() + 3.0
            while time.monotonic() < until and self._kick_button(session) is not None:
                time.sleep(0.1)
            return False

        self._persist(gone, f"the end of {session}")
        self._press_in(_WEBSOCKET, "Cancel")
        wait_until(lambda: not self._is_shown(_WEBSOCKET), what=f"{_WEBSOCKET} to close")

    def _kick_button(self, session: str) -> Node | None:
        """Return the cell with the button; None while there is no such session."""
        window = self._shown(_WEBSOCKET)
        cells = [node for node in window.walk() if node.role == "table cell"] if window else []
        names = [cell.name for cell in cells]
        return cells[names.index(session) + _KICK] if session in names else None

    # The Script Log

    @property
    def script_log_shown(self) -> bool:
        """Whether the Script Log window is shown: opened, or popped up by a warning."""
        return self._is_shown(LOG)

    def script_log_text(self) -> str:
        """Return the text of the Script Log window, which is opened for it when it is not shown."""
        if not self.script_log_shown:
            if not self.is_open:
                self.open()
            self._press_in(SCRIPTS, "Script Log")

        def read() -> tuple[str] | None:
            window = self._shown(LOG)
            for node in window.walk() if window is not None else ():
                if node.text is not None:
                    return (node.text.strip("\n"),)
            return None

        return self._persist(read, "the Script Log window")[0]

    def close_script_log(self) -> None:
        """Close the Script Log window with its own button."""
        if self.script_log_shown:
            self._press_in(LOG, "Close")
            wait_until(lambda: not self.script_log_shown, what="the Script Log window to close")

    # Pictures

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the Scripts window as PNG."""
        window = self._persist(lambda: self._shown(SCRIPTS), "the Scripts window")
        self._display.focus(self._x_window(SCRIPTS))
        time.sleep(0.3)  # it is drawn anew when it comes to the front
        return take_picture(self._display, path, area=window.area)
