"""The windows of one program as AT-SPI gives them to a screen reader.

The questions about all widgets of a window are asked at once and not one after another, which would
take OBS and the bus many times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

from tests.harness.atspi_names import ROLES, STATES
from tests.harness.dbus import Bus, BusError, Destination
from tests.harness.display import Display
from tests.harness.waiting import HarnessError
from tests.harness.widgets import Stale

__all__ = ["Accessibility"]

_TEXT_ROLES = {"text", "password text", "entry", "paragraph", "spin button", "document text"}
_ACCESSIBLE, _ACTION = "org.a11y.atspi.Accessible", "org.a11y.atspi.Action"
_COMPONENT, _TEXT = "org.a11y.atspi.Component", "org.a11y.atspi.Text"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SCREEN_COORDINATES = 0
_ACTION_TIMEOUT = 3.0  # seconds; an action that opens a modal dialog answers late

_Data = dict[str, Any]


class Accessibility:
    """Looks at and acts on the windows of one process."""

    def __init__(self, display: Display, pid: int) -> None:
        """Connect to the bus beside the session's own that programs show their widgets on.

        Args:
            display: the screen that the program is on.
            pid: the program's.
        """
        self._pid = pid
        self._program = ""
        self._known: dict[int, Destination] = {}
        self._next = 0
        session = Bus(display.environment()["DBUS_SESSION_BUS_ADDRESS"])
        try:
            address = session.call(
                Destination("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress"
            )
        finally:
            session.close()
        self._bus = Bus(address)

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def windows(self) -> list[_Data]:
        """Return the program's windows, without what is in them."""
        application = self._application()
        return [] if application is None else self._look(self._children(application))

    def tree(self, name: str | None = None, *, skip: Collection[str] = ()) -> _Data | None:
        """Return the tree of the window of that name, or of the whole program, or None.

        Args:
            skip: roles of widgets of which nothing below is wanted.
        """
        self._known.clear()
        application = self._application()
        if application is None:
            return None
        if name is None:
            return self._look([application], deep=True, skip=skip)[0]
        for window in reversed(self._children(application)):
            if self._name(window) == name:
                return self._look([window], deep=True, skip=skip)[0]
        return None

    def states(self, handle: int) -> Collection[str]:
        """Return the states of a widget that was looked at, as they are now."""
        return self.follow(handle)()

    def follow(self, handle: int) -> Callable[[], Collection[str]]:
        """Return what tells a widget's states after other looks, too, as long as it is there."""
        place = self._place(handle)
        return lambda: _state_names(*self._call(place, _ACCESSIBLE, "GetState"))

    def letter_at(self, handle: int, x: int, y: int) -> int:
        """Return the number of the letter of a field that is at a place on the screen."""
        asked = (x, y, _SCREEN_COORDINATES)
        return int(self._call(self._place(handle), _TEXT, "GetOffsetAtPoint", "iiu", asked))

    def act(self, handle: int, action: str) -> bool:
        """Do an action by its name. Returns whether the answer came in time."""
        place = self._place(handle)
        names = [
            self._call(place, _ACTION, "GetName", "i", (index,))
            for index in range(self._call(place, _PROPERTIES, "Get", "ss", (_ACTION, "NActions")))
        ]
        if action not in names:
            raise HarnessError(f"the widget offers {names}, not {action!r}")
        return self._do(place, names.index(action))

    def menu(self, path: Sequence[str]) -> bool:
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

    def _choose(self, menu: Destination, path: Sequence[str]) -> bool:
        entries = self._children(menu)
        names = [self._name(entry).replace("&", "").removesuffix("...") for entry in entries]
        if path[0] not in names:
            raise Stale(f"the menu has {names}, not {path[0]!r}")
        entry = entries[names.index(path[0])]
        if len(path) == 1:
            return self._do(entry, 0)
        for child in self._children(entry):
            if self._role(child) in ("popup menu", "menu"):
                return self._choose(child, path[1:])
        return self._choose(entry, path[1:])

    def _do(self, place: Destination, index: int) -> bool:
        try:
            self._bus.call(place, _ACTION, "DoAction", "i", (index,), timeout=_ACTION_TIMEOUT)
        except BusError as error:
            if not error.timed_out:
                raise Stale(str(error)) from None
            return False
        return True

    def _call(self, *call: Any) -> Any:
        try:
            return self._bus.call(*call)
        except BusError as error:
            raise Stale(str(error)) from None

    def _application(self) -> Destination | None:
        root = Destination("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        bus = Destination("org.freedesktop.DBus", "/org/freedesktop/DBus")
        for place in self._children(root):
            if self._program != place.name:
                try:
                    pid = self._call(bus, bus.name, "GetConnectionUnixProcessID", "s", place[:1])
                except Stale:
                    continue  # it has just gone
                if pid != self._pid:
                    continue
                self._program = place.name
            return place
        return None

    def _children(self, place: Destination) -> list[Destination]:
        return _places(self._call(place, _ACCESSIBLE, "GetChildren"))

    def _name(self, place: Destination) -> str:
        return str(self._call(place, _PROPERTIES, "Get", "ss", (_ACCESSIBLE, "Name")))

    def _role(self, place: Destination) -> str:
        return _role_name(self._call(place, _ACCESSIBLE, "GetRole"))

    def _place(self, handle: int) -> Destination:
        try:
            return self._known[handle]
        except KeyError:
            raise Stale("the widget belongs to an older look") from None

    def _look(
        self, places: Sequence[Destination], *, deep: bool = False, skip: Collection[str] = ()
    ) -> list[_Data]:
        """Return a node for each that is there; what goes meanwhile is left out.

        Raises:
            Stale: none of them is.
        """
        nodes = [self._begin(place, deep, skip) for place in places]
        try:
            self._bus.wait()
        except BusError as error:
            raise Stale(str(error)) from None
        found = [node for node in nodes if _prune(node)]
        if places and not found:
            raise Stale("it is gone")
        return found

    def _begin(
        self, place: Destination, deep: bool, skip: Collection[str], *, inside: str = ""
    ) -> _Data:
        """Ask for a widget, and `deep`ly for those below it.

        Args:
            inside: "combo box" below one. Of its entries only the names are asked for: there may
                be hundreds of them, and nobody sees them.
        """
        self._next += 1
        self._known[self._next] = place
        node: _Data = {"handle": self._next, "name": "", "description": "", "states": []}
        node.update(area=[0, 0, 0, 0], children=[])

        def ask(
            interface: str,
            method: str,
            take: Callable[[Any], object],
            signature: str = "",
            arguments: Sequence[str | int] = (),
        ) -> None:
            self._bus.ask(
                *(place, interface, method, signature, arguments),
                answered=lambda values: take(values[0]) if values else None,
            )

        def keep(name: str) -> Callable[[Any], object]:
            return lambda value: node.update({name: value})

        ask(_PROPERTIES, "Get", keep("name"), "ss", (_ACCESSIBLE, "Name"))
        if inside == "its list":
            node["role"] = "list item"
            return node

        def role(number: int) -> None:
            node["role"] = known = _role_name(number)
            # Asking a widget for its interfaces would take longer than all the rest.
            if known in _TEXT_ROLES:
                ask(_TEXT, "GetText", keep("text"), "ii", (0, -1))
            if known == "push button":
                ask(_PROPERTIES, "Get", keep("description"), "ss", (_ACCESSIBLE, "Description"))
            if deep and known not in skip:
                ask(_ACCESSIBLE, "GetChildren", children)

        def children(found: list[tuple[str, str]]) -> None:
            if inside == "combo box" and node["role"] == "list":
                below = "its list"
            else:
                below = "combo box" if node["role"] == "combo box" else inside
            node["children"] = [
                self._begin(child, True, skip, inside=below) for child in _places(found)
            ]

        ask(_ACCESSIBLE, "GetRole", role)
        ask(_ACCESSIBLE, "GetState", lambda words: node.update(states=_state_names(*words)))
        ask(_COMPONENT, "GetExtents", keep("area"), "u", (_SCREEN_COORDINATES,))
        return node


def _places(found: list[tuple[str, str]]) -> list[Destination]:
    return [Destination(name, path) for name, path in found if name]


def _prune(node: _Data) -> bool:
    """Leave out what is gone below a node. Returns whether it is there itself."""
    node["children"] = [child for child in node["children"] if _prune(child)]
    return "role" in node


def _role_name(number: int) -> str:
    return ROLES[number] if number < len(ROLES) else f"role {number}"


@cache
def _state_names(low: int, high: int) -> tuple[str, ...]:
    bits = low | high << 32
    return tuple(sorted(name for number, name in enumerate(STATES) if bits >> number & 1))
