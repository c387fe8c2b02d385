"""What is read of Meld Studio's session, and what of it waits to be handled."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from velora_hosts.companion.settings import CompanionSettings
from velora_hosts.companion.software import Links
from velora_hosts.companion.untrusted import Malformed
from velora_hosts.meld_studio.connection import Connection
from velora_hosts.meld_studio.link import MeldLink
from velora_hosts.meld_studio.session import session_of
from velora_hosts.websocket.address import Address


class Compared(str):
    """A name that counts how often it is compared with another one."""

    __slots__ = ()
    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_many_layers__are_read_in_time_that_grows_with_their_number() -> None:
    layers = {
        str(number): {"type": "layer", "name": Compared(f"Layer {number}"), "text": "x"}
        for number in range(1000)
    }
    assert len(session_of({"items": layers}).layers) == 1000
    assert Compared.times < 100_000


@pytest.fixture
def link(tmp_path: Path) -> MeldLink:
    """Nothing runs: what is told waits."""
    make = cast("Callable[..., Any]", None)
    links = Links(make, lambda *_: None)
    return MeldLink("meld", Address("127.0.0.1", 13376), links, CompanionSettings(tmp_path))


def test_sessions_that_wait__only_the_latest_is_kept(
    link: MeldLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        link, "_handle", lambda _, values, latest: handled.append((dict(values), list(latest)))
    )
    nobody, latest = cast("Connection", None), deque[Any](maxlen=1)
    for number in range(3):
        values = {"isStreaming": True, "session": {"items": {str(number): {}}}, "other": "x"}
        link._note(nobody, values, latest)
    while not link._turns.empty():
        link._turns.get()()
    assert handled == [({"isStreaming": True}, [{"items": {"2": {}}}])] * 3


def test_streaming_that_is_no_flag__does_not_wait(link: MeldLink) -> None:
    with pytest.raises(Malformed):
        link._note(cast("Connection", None), {"isStreaming": "x" * 100_000}, deque(maxlen=1))
    assert link._turns.empty()
