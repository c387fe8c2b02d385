"""What is kept of OBS's events while they wait to be handled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from velora_hosts.companion.software import Links
from velora_hosts.obs_websocket.connection import Connection
from velora_hosts.obs_websocket.events import gist
from velora_hosts.obs_websocket.link import ObsLink
from velora_hosts.obs_websocket.protocol import Malformed
from velora_hosts.websocket.address import Address

NOBODY = cast("Connection", None)


@pytest.fixture
def link() -> ObsLink:
    """Nothing runs: what is told waits."""
    make = cast("Callable[..., Any]", None)
    links = Links(make, lambda *_: None)
    return ObsLink(Address("127.0.0.1", 4455), links, password=lambda: None)


def test_event_of_no_interest__does_not_wait(link: ObsLink) -> None:
    link._note(NOBODY, "x" * 100_000, {"sceneName": "x" * 100_000})
    link._note(NOBODY, "InputVolumeChanged", {"inputName": "x" * 100_000})
    assert link._turns.empty()


def test_endless_name__is_not_obs(link: ObsLink) -> None:
    with pytest.raises(Malformed):
        link._note(NOBODY, "CurrentProgramSceneChanged", {"sceneName": "x" * 100_000})
    assert link._turns.empty()


def test_gist__has_what_is_used_and_no_more() -> None:
    data = {"sceneName": "Game", "sceneUuid": None, "other": "x" * 100_000}
    assert gist(data) == {"sceneName": "Game", "sceneUuid": ""}
