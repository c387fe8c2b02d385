"""Events get from the connection's thread to the link's, unless their connection is over."""

from __future__ import annotations

from typing import Any

import pytest

from velora_hosts.companion import connected_link as module
from velora_hosts.companion.connected_link import ConnectedLink
from velora_hosts.companion.errors import SoftwareError
from velora_hosts.companion.software import Links
from velora_hosts.companion.untrusted import Malformed


class Connection:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Gone(SoftwareError):
    sentence = "companion.connected"


class SomeLink(ConnectedLink[Connection]):
    """Connects at once; its turns are done when the test says so."""

    def __init__(self) -> None:
        self.logged: list[str] = []
        super().__init__("some", Links(self._no_app, lambda _, line: self.logged.append(line)))
        self.handled: list[str] = []
        self.disconnected = 0

    def _no_app(self, host: Any) -> Any:
        raise AssertionError

    def _open(self) -> None:
        self._connection = Connection()

    def _disconnected(self) -> None:
        self.disconnected += 1

    def _poll(self) -> None:
        pass

    def connected_to(self) -> Connection:
        self._open()
        assert self._connection is not None
        return self._connection

    def event(self, connection: Connection, name: str) -> None:
        self._queue(connection, lambda: self.handled.append(name))

    def end(self, connection: Connection) -> None:
        self._note_end(connection, Gone(place="x"))

    def turn(self) -> None:
        while not self._turns.empty():
            self._turns.get_nowait()()


@pytest.fixture
def link() -> SomeLink:
    return SomeLink()


def test_event__is_handled_in_a_turn_of_the_link(link: SomeLink) -> None:
    connection = link.connected_to()
    link.event(connection, "first")
    assert link.handled == []
    link.turn()
    assert link.handled == ["first"]


def test_event__of_an_earlier_connection_is_not_heard(link: SomeLink) -> None:
    before = link.connected_to()
    link.event(before, "late")
    now = link.connected_to()
    link.end(before)
    link.event(now, "new")
    link.turn()
    assert link.handled == ["new"]
    assert link.connected
    assert now.closed == 0


def test_end__loses_the_connection_once_and_what_comes_after_it_is_not_heard(
    link: SomeLink,
) -> None:
    connection = link.connected_to()
    link.end(connection)
    link.event(connection, "after the end")
    link.end(connection)
    link.turn()
    assert not link.connected
    assert (connection.closed, link.disconnected, link.handled) == (1, 1, [])
    assert len(link.logged) == 1


def test_too_many_waiting__is_another_program(
    link: SomeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_WAITING", 2)
    connection = link.connected_to()
    for number in range(3):
        link.event(connection, str(number))
    with pytest.raises(Malformed):
        link.event(connection, "one too many")
    link.turn()
    assert link.handled == ["0", "1", "2"]
