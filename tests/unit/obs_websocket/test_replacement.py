"""A service that takes another one's place, and what stands there between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from velora_hosts.obs.service import Service
from velora_hosts.obs_websocket.connection import Connection
from velora_hosts.obs_websocket.host import ObsWebsocketHost
from velora_hosts.obs_websocket.remote import RemoteObs
from velora_hosts.obs_websocket.replacement import finished, replacing
from velora_hosts.websocket.address import Address

MINE = {
    "server": "rtmp://mine.test/app",
    "key": "live_test_mine",
    "use_auth": True,
    "username": "me",
}
CUSTOM = Service("rtmp_custom", {"server": "rtmp://ingest.test/live", "key": "live_test_key"})
COMMON = Service("rtmp_common", {"service": "Other", "server": "auto", "key": "live_test_other"})
WHIP = Service(
    "whip_custom", {"server": "https://ingest.test/whip", "bearer_token": "live_test_key"}
)


def sent(present: Service, wanted: Service) -> list[Service]:
    """Return the services that are set, one after the other."""
    requests = [data for _, data in replacing(present, wanted)]
    return [Service(it["streamServiceType"], it["streamServiceSettings"]) for it in requests]


@pytest.mark.parametrize("wanted", [CUSTOM, COMMON, WHIP])
def test_same_type_with_more_in_it__another_type_comes_first(wanted: Service) -> None:
    present = Service(wanted.kind, {**wanted.settings, "old": "live_test_old"})
    between, last = sent(present, wanted)
    assert last == wanted
    assert between.kind != wanted.kind
    assert finished(between) == wanted
    assert between.text("key") == wanted.text("key")
    assert "live_test_old" not in str(between.settings)
    # What stands there between is no longer of that type, so that one message is enough.
    assert sent(between, wanted) == [wanted]


def test_between__leads_where_the_second_one_does() -> None:
    for wanted in (CUSTOM, COMMON):
        between, _ = sent(Service(wanted.kind, {"old": 1}), wanted)
        assert (between.server, between.text("key")) == (wanted.server, wanted.text("key"))


@pytest.mark.parametrize(
    ("present", "wanted"),
    [(CUSTOM, WHIP), (COMMON, CUSTOM), (CUSTOM, CUSTOM), (Service("rtmp_custom", {}), CUSTOM)],
)
def test_nothing_would_stay__one_request(present: Service, wanted: Service) -> None:
    assert sent(present, wanted) == [wanted]


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "live_test_by_hand"},
        {"server": "rtmp://mine.test/app"},
        {"velora_next": "rtmp_custom"},
        {"velora_next": {"kind": 5, "settings": {}}},
        {"velora_next": {"kind": "rtmp_custom", "settings": []}},
        {"velora_next": {"kind": "rtmp_common", "settings": {}}},
    ],
)
def test_changed_since__is_what_there_is(changed: dict[str, Any]) -> None:
    between, _ = sent(Service("rtmp_custom", {"old": 1}), CUSTOM)
    found = Service(between.kind, {**between.settings, **changed})
    assert finished(found) is found


def test_another_server_since__is_what_there_is() -> None:
    between, _ = sent(Service("whip_custom", {"old": 1}), WHIP)
    found = Service(between.kind, {**between.settings, "server": "rtmp://mine.test/app"})
    assert finished(found) is found


class _Obs:
    """Answers as an OBS does that streams, and has this service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.address = Address.parse("", 4455)
        self.changes = 0

    def request(self, name: str, _: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "obsVersion": "32.0.0",
            "currentProfileName": "Main",
            "profiles": ["Main"],
            "streamServiceType": self.service.kind,
            "streamServiceSettings": self.service.settings,
            "currentProgramSceneName": "Scene",
            "currentSceneCollectionName": "Main",
            "outputActive": True,
            "slotValue": "0123456789",
        }

    def batch(self, requests: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        self.changes += 1
        data = requests[-1][1]
        self.service = Service(data["streamServiceType"], data["streamServiceSettings"])


@pytest.mark.parametrize("chosen", [None, COMMON])
def test_finished_once_the_stream_is_over__unless_another_was_chosen(
    chosen: Service | None,
) -> None:
    between, _ = sent(Service("rtmp_custom", {"old": 1}), CUSTOM)
    obs = _Obs(between)
    remote = RemoteObs(cast("Connection", obs))
    host = ObsWebsocketHost(obs.address, remote, wake=lambda: None, log=lambda *_: None)
    host.finish_service()
    assert obs.changes == 0
    host.stream_is(running=False)
    obs.service = chosen or obs.service  # a moment after it was looked at last
    host.finish_service()
    assert obs.service == (chosen or CUSTOM)
    assert obs.changes == (0 if chosen else 1)
