"""Speaks AT-SPI for `panel.py`: one JSON object a line in, one a line out.

The bindings exist for the system's own interpreter only, so this file runs on that one, beside OBS,
and imports nothing else of the harness. The questions about all widgets of a window are asked at
once and not one after another, which would take OBS and the bus many times as long.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # type: ignore[import-not-found]  # noqa: E402

# Milliseconds. A busy UI thread is waited for; an action that opens a modal dialog answers late.
TIMEOUT = 60_000
ACTION_TIMEOUT = 3_000

ROLES = {"button": "push button"}  # newer at-spi2 says "button"

TEXT_ROLES = {"text", "password text", "entry", "paragraph", "spin button", "document text"}

ACCESSIBLE, ACTION = "org.a11y.atspi.Accessible", "org.a11y.atspi.Action"
COMPONENT, TEXT = "org.a11y.atspi.Component", "org.a11y.atspi.Text"
PROPERTIES = "org.freedesktop.DBus.Properties"
SCREEN_COORDINATES = 0

Place = tuple[str, str]
"""Of a widget: the program's name on the bus, and the widget's path in it."""


class Stale(Exception):
    """The widget is no longer there."""


def accessibility_bus() -> Any:
    """Return the bus beside the session's own that programs show their widgets on."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    answer = session.call_sync(
        *("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"),
        *(None, None, Gio.DBusCallFlags.NONE, TIMEOUT, None),
    )
    kind = Gio.DBusConnectionFlags
    flags = kind.AUTHENTICATION_CLIENT | kind.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(answer.unpack()[0], flags, None, None)


class Look:
    """Asks for widgets and what is below them; a widget that goes meanwhile is left out."""

    def __init__(self, helper: Helper, skip: list[str]) -> None:
        self._helper = helper
        self._skip = skip
        self._waiting = 0

    def take(self, places: list[Place], *, deep: bool) -> list[dict[str, Any]]:
        """Return a node for each that is there.

        Raises:
            Stale: none of them is.
        """
        nodes = [self._begin(place, deep) for place in places]
        while self._waiting:
            GLib.MainContext.default().iteration(True)
        found = [node for node in nodes if _prune(node)]
        if places and not found:
            raise Stale("it is gone")
        return found

    def _begin(self, place: Place, deep: bool, *, inside: str = "") -> dict[str, Any]:
        """Ask for a widget, and `deep`ly for those below it.

        Args:
            inside: "combo box" below one. Of its entries only the names are asked for: there may
                be hundreds of them, and nobody sees them.
        """
        node: dict[str, Any] = {"handle": self._helper.remember(place), "name": ""}
        node.update(description="", states=[], area=[0, 0, 0, 0], children=[])
        self._get(place, "Name", lambda name: node.update(name=name))
        if inside == "its list":
            node["role"] = "list item"
            return node

        def role(answer: Any) -> None:
            node["role"] = known = role_name(answer[0])
            # Asking a widget for its interfaces would take longer than all the rest.
            if known in TEXT_ROLES:
                text = GLib.Variant("(ii)", (0, -1))
                self._ask(place, TEXT, "GetText", text, lambda it: node.update(text=it[0]))
            if known == "push button":
                self._get(place, "Description", lambda text: node.update(description=text))
            if deep and known not in self._skip:
                self._ask(place, ACCESSIBLE, "GetChildren", None, children)

        def children(answer: Any) -> None:
            if inside == "combo box" and node["role"] == "list":
                below = "its list"
            else:
                below = "combo box" if node["role"] == "combo box" else inside
            found = [child for child in answer[0] if child[0]]
            node["children"] = [self._begin(child, True, inside=below) for child in found]

        self._ask(place, ACCESSIBLE, "GetRole", None, role)
        self._ask(
            place, ACCESSIBLE, "GetState", None, lambda it: node.update(states=state_names(it[0]))
        )
        screen = GLib.Variant("(u)", (SCREEN_COORDINATES,))
        self._ask(place, COMPONENT, "GetExtents", screen, lambda it: node.update(area=list(it[0])))
        return node

    def _get(self, place: Place, name: str, take: Callable[[Any], object]) -> None:
        asked = GLib.Variant("(ss)", (ACCESSIBLE, name))
        self._ask(place, PROPERTIES, "Get", asked, lambda answer: take(answer[0]))

    def _ask(
        self,
        place: Place,
        interface: str,
        method: str,
        arguments: Any,
        take: Callable[[Any], object],
    ) -> None:
        def answered(connection: Any, result: Any) -> None:
            self._waiting -= 1
            with suppress(GLib.Error):  # it went while it was looked at
                take(connection.call_finish(result).unpack())

        self._waiting += 1
        self._helper.bus.call(
            *(*place, interface, method, arguments, None),
            *(Gio.DBusCallFlags.NO_AUTO_START, TIMEOUT, None, answered),
        )


def _prune(node: dict[str, Any]) -> bool:
    """Leave out what is gone below a node. Returns whether it is there itself."""
    node["children"] = [child for child in node["children"] if _prune(child)]
    return "role" in node


@cache
def role_name(number: int) -> str:
    """Return AT-SPI's word for a kind of widget."""
    name = str(Atspi.role_get_name(Atspi.Role(number)))
    return ROLES.get(name, name)


def state_names(words: list[int]) -> list[str]:
    """Return AT-SPI's words for the bits that are set."""
    return list(_state_names(words[0] | (words[1] << 32)))


@cache
def _state_names(bits: int) -> tuple[str, ...]:
    """Widgets have few different states, and each name takes a call of the bindings."""
    known = range(int(Atspi.StateType.LAST_DEFINED))
    return tuple(
        sorted(Atspi.StateType(number).value_nick for number in known if bits >> number & 1)
    )


class Helper:
    """Looks at and acts on the windows of one process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._program = ""
        self._known: dict[int, Place] = {}
        self._next = 0
        self.bus = accessibility_bus()

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

    def remember(self, place: Place) -> int:
        """Return the handle by which the other side names a widget."""
        self._next += 1
        self._known[self._next] = place
        return self._next

    def _call(
        self,
        place: Place,
        interface: str,
        method: str,
        arguments: Any = None,
        *,
        timeout: int = TIMEOUT,
    ) -> Any:
        answer = self.bus.call_sync(
            *(*place, interface, method, arguments, None),
            *(Gio.DBusCallFlags.NO_AUTO_START, timeout, None),
        )
        return answer.unpack()

    def _application(self) -> Place | None:
        root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        for place in self._call(root, ACCESSIBLE, "GetChildren")[0]:
            if self._program != place[0]:
                name = GLib.Variant("(s)", (place[0],))
                try:
                    asked = self._call(bus, bus[0], "GetConnectionUnixProcessID", name)
                except GLib.Error:
                    continue  # it has just gone
                if asked[0] != self._pid:
                    continue
                self._program = place[0]
            return (place[0], place[1])
        return None

    def _children(self, place: Place) -> list[Place]:
        found = self._call(place, ACCESSIBLE, "GetChildren")[0]
        return [(bus, path) for bus, path in found if bus]

    def _name(self, place: Place) -> str:
        asked = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
        return str(self._call(place, PROPERTIES, "Get", asked)[0])

    def _role(self, place: Place) -> str:
        return role_name(self._call(place, ACCESSIBLE, "GetRole")[0])

    def _place(self, handle: int) -> Place:
        try:
            return self._known[handle]
        except KeyError:
            raise Stale("the widget belongs to an older look") from None

    def do_windows(self) -> list[dict[str, Any]]:
        application = self._application()
        if application is None:
            return []
        return Look(self, []).take(self._children(application), deep=False)

    def do_tree(self, name: str | None = None, skip: list[str] | None = None) -> Any:
        """Return the tree of the window of that name, or of the application, or None."""
        self._known.clear()
        application = self._application()
        if application is None:
            return None
        if name is None:
            return Look(self, skip or []).take([application], deep=True)[0]
        for window in reversed(self._children(application)):
            if self._name(window) == name:
                return Look(self, skip or []).take([window], deep=True)[0]
        return None

    def do_node(self, handle: int) -> dict[str, Any]:
        return Look(self, []).take([self._place(handle)], deep=False)[0]

    def do_letter_at(self, handle: int, x: int, y: int) -> int:
        """Return the number of the letter of a field that is at a place on the screen."""
        asked = GLib.Variant("(iiu)", (x, y, SCREEN_COORDINATES))
        return int(self._call(self._place(handle), TEXT, "GetOffsetAtPoint", asked)[0])

    def do_act(self, handle: int, action: str) -> bool:
        """Do an action by its name. Returns whether the answer came in time."""
        place = self._place(handle)
        asked = GLib.Variant("(ss)", (ACTION, "NActions"))
        names = [
            self._call(place, ACTION, "GetName", GLib.Variant("(i)", (index,)))[0]
            for index in range(self._call(place, PROPERTIES, "Get", asked)[0])
        ]
        if action not in names:
            raise ValueError(f"the widget offers {names}, not {action!r}")
        return self._act(place, names.index(action))

    def _act(self, place: Place, index: int) -> bool:
        number = GLib.Variant("(i)", (index,))
        try:
            self._call(place, ACTION, "DoAction", number, timeout=ACTION_TIMEOUT)
        except GLib.Error as error:
            if not error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
                raise
            return False
        return True

    def do_menu(self, path: list[str]) -> bool:
        """Choose a menu entry of the main window, such as ``["Tools", "Scripts"]``.

        Some versions of OBS have three dots behind an entry's name, which count for nothing.
        """
        application = self._application()
        if application is None:
            raise Stale("OBS is not on the accessibility bus")
        for window in self._children(application):
            for bar in self._children(window):
                if self._role(bar) == "menu bar":
                    return self._choose(bar, path)
        raise Stale("no menu bar")

    def _choose(self, menu: Place, path: list[str]) -> bool:
        entries = self._children(menu)
        names = [self._name(entry).replace("&", "").removesuffix("...") for entry in entries]
        if path[0] not in names:
            raise Stale(f"the menu has {names}, not {path[0]!r}")
        entry = entries[names.index(path[0])]
        if len(path) == 1:
            return self._act(entry, 0)
        for child in self._children(entry):
            if self._role(child) in ("popup menu", "menu"):
                return self._choose(child, path[1:])
        return self._choose(entry, path[1:])


if __name__ == "__main__":
    Helper(int(sys.argv[1])).run()
