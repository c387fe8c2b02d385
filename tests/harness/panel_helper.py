"""Speaks AT-SPI for `panel.py`: one JSON object a line in, one a line out.

The accessibility bindings exist for the system's own interpreter only, so this file runs on that
one, beside OBS, and imports nothing else of the harness.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402

# Milliseconds. A busy UI thread is waited for; an action that opens a modal dialog answers late.
PATIENCE = 60_000
ACTION_PATIENCE = 3_000

ROLES = {"button": "push button"}  # newer at-spi2 says "button"

TEXT_ROLES = {"text", "password text", "entry", "paragraph", "spin button", "document text"}


class Stale(Exception):
    """The widget is no longer there."""


class Helper:
    """Looks at and acts on the windows of one process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._known: dict[int, Any] = {}
        self._next = 0
        Atspi.set_timeout(PATIENCE, PATIENCE)

    def run(self) -> None:
        for line in sys.stdin:
            try:
                request = json.loads(line)
                command = getattr(self, "do_" + request.pop("command"))
                answer = {"result": command(**request)}
            except Stale as error:
                answer = {"stale": str(error)}
            except GLib.Error as error:
                answer = {"stale": error.message}
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    def _application(self) -> Any:
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self._pid:
                # What the bindings remember of a rebuilt view would be wrong.
                child.set_cache_mask(Atspi.Cache.NONE)
                return child
        return None

    def _children(self, accessible: Any) -> list[Any]:
        count = accessible.get_child_count()
        found = (accessible.get_child_at_index(index) for index in range(count))
        return [child for child in found if child is not None]

    def _node(self, accessible: Any) -> dict[str, Any]:
        self._next += 1
        self._known[self._next] = accessible
        role = accessible.get_role_name()
        states = accessible.get_state_set().get_states()
        node: dict[str, Any] = {
            "handle": self._next,
            "role": ROLES.get(role, role),
            "name": accessible.get_name() or "",
            "description": accessible.get_description() or "",
            "states": sorted(state.value_nick for state in states),
        }
        area = accessible.get_extents(Atspi.CoordType.SCREEN)
        node["area"] = [area.x, area.y, area.width, area.height]
        # Asking a widget for its interfaces would take longer than all the rest.
        if node["role"] in TEXT_ROLES:
            node["text"] = Atspi.Text.get_text(accessible, 0, -1)
        return node

    def _tree(self, accessible: Any, skip: list[str]) -> dict[str, Any]:
        node = self._node(accessible)
        node["children"] = []
        if node["role"] not in skip:
            for child in self._children(accessible):
                try:
                    node["children"].append(self._tree(child, skip))
                except GLib.Error:
                    continue  # gone while it was looked at
        return node

    def _accessible(self, handle: int) -> Any:
        try:
            return self._known[handle]
        except KeyError:
            raise Stale("the widget belongs to an older look") from None

    def do_windows(self) -> list[dict[str, Any]]:
        application = self._application()
        return [] if application is None else [self._node(w) for w in self._children(application)]

    def do_tree(self, name: str | None = None, skip: list[str] | None = None) -> Any:
        """The tree of the window of that name, of the application without one; None without it."""
        self._known.clear()
        application = self._application()
        if application is None or name is None:
            return None if application is None else self._tree(application, skip or [])
        for window in reversed(self._children(application)):
            if window.get_name() == name:
                return self._tree(window, skip or [])
        return None

    def do_node(self, handle: int) -> dict[str, Any]:
        return self._node(self._accessible(handle))

    def do_act(self, handle: int, action: str) -> bool:
        """Do an action by its name. Returns whether the answer came in time."""
        accessible = self._accessible(handle)
        names = [
            Atspi.Action.get_action_name(accessible, index)
            for index in range(Atspi.Action.get_n_actions(accessible))
        ]
        if action not in names:
            raise ValueError(f"the widget offers {names}, not {action!r}")
        return self._act(accessible, names.index(action))

    def _act(self, accessible: Any, index: int) -> bool:
        Atspi.set_timeout(ACTION_PATIENCE, ACTION_PATIENCE)
        try:
            Atspi.Action.do_action(accessible, index)
        except GLib.Error as error:
            if "did not receive a reply" not in error.message.lower():
                raise
            return False
        finally:
            Atspi.set_timeout(PATIENCE, PATIENCE)
        return True

    def do_menu(self, path: list[str]) -> bool:
        """Choose a menu entry of the main window, such as ``["Tools", "Scripts"]``."""
        application = self._application()
        if application is None:
            raise Stale("OBS is not on the accessibility bus")
        for window in self._children(application):
            for bar in self._children(window):
                if bar.get_role_name() == "menu bar":
                    return self._choose(bar, path)
        raise Stale("no menu bar")

    def _choose(self, menu: Any, path: list[str]) -> bool:
        entries = self._children(menu)
        names = [entry.get_name().replace("&", "") for entry in entries]
        if path[0] not in names:
            raise Stale(f"the menu has {names}, not {path[0]!r}")
        entry = entries[names.index(path[0])]
        if len(path) == 1:
            return self._act(entry, 0)
        for child in self._children(entry):
            if child.get_role_name() in ("popup menu", "menu"):
                return self._choose(child, path[1:])
        return self._choose(entry, path[1:])


if __name__ == "__main__":
    os.environ.setdefault("NO_AT_BRIDGE", "1")
    Helper(int(sys.argv[1])).run()
