"""OBS's services, and what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import KEY, OTHER, RTMP, SETUP, SRT, WHIP
from velora_core.host.destination import PROTOCOLS, Destination, velora_destination
from velora_core.secret import Secret
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import (
    Service,
    changed_service,
    destination_of,
    read_snapshot,
    service_for,
    setup_of,
    snapshot_of,
)

AUDIO = AudioEncoders("aac", "ffmpeg_aac")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol__is_the_same_destination_again(protocol: str) -> None:
    destination = velora_destination(SETUP, protocol)
    service = service_for(destination)
    assert destination_of(service) == destination
    assert KEY in str(service.settings)
    assert KEY not in repr(service)


def test_rtmp__sets_all_that_another_service_may_have_left() -> None:
    settings = {"server": RTMP, "key": KEY, "use_auth": False, "bwtest": False}
    assert service_for(velora_destination(SETUP, "rtmp")) == ("rtmp_custom", settings)
    assert service_for(velora_destination(SETUP, "srt")).settings == {**settings, "server": SRT}


def test_whip__has_the_key_in_the_address() -> None:
    settings = {"service": "WHIP", "server": WHIP, "bearer_token": ""}
    assert service_for(velora_destination(SETUP, "whip")) == ("whip_custom", settings)


def test_options__stay_while_the_protocol_does() -> None:
    present = Service(
        "rtmp_custom", {"server": RTMP, "key": "live_test_1", "use_auth": True, "x": 1}
    )
    wanted = velora_destination(SETUP, "rtmp")
    assert service_for(wanted, present).settings["x"] == 1
    assert service_for(wanted, present).settings["use_auth"] is False
    for protocol in ("srt", "whip"):
        other = velora_destination(SETUP, protocol)
        assert service_for(other, present) == service_for(other)


def test_change__touches_address_and_key_only() -> None:
    present = Service("rtmp_custom", {"server": RTMP, "key": "live_test_1", "use_auth": True})
    wanted = Destination("rtmp", Secret("rtmp://moved.test/live"), Secret(KEY))
    assert changed_service(present, wanted).settings == {
        "server": "rtmp://moved.test/live",
        "key": KEY,
        "use_auth": True,
    }
    whip = Service("whip_custom", {"server": WHIP})
    assert changed_service(whip, destination_of(whip)) == whip
    token = destination_of(whip)._replace(key=Secret("live_test_token"))
    assert changed_service(whip, token).settings["bearer_token"] == "live_test_token"


def test_listed_platform__is_named() -> None:
    destination = destination_of(OTHER)
    assert destination.platform == "Other"
    assert not destination.is_custom
    assert destination_of(Service("rtmp_common", {})).platform == ""
    assert destination_of(Service("rtmp_custom", {"service": "x"})).platform is None


def test_youtubes_dialog__has_written_the_key() -> None:
    settings = {"server": RTMP, "key": KEY, "stream_id": "test"}
    assert destination_of(Service("rtmp_custom", settings)).of_account
    assert not destination_of(Service("rtmp_common", settings)).of_account


@pytest.mark.parametrize("server", [None, 5, ""])
def test_no_address__is_an_empty_one(server: Any) -> None:
    assert not destination_of(Service("rtmp_custom", {"server": server})).url
    assert not destination_of(Service("whip_custom", {})).url


def test_snapshot__is_the_same_again() -> None:
    snapshot = snapshot_of(OTHER, AUDIO)
    assert snapshot.description == "Other with key ••••ther"
    assert read_snapshot(dict(snapshot.data)) == snapshot
    assert setup_of(snapshot) == (OTHER, AUDIO)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"kind": 1, "settings": {}, "audio": ["", ""]},
        {"kind": "x", "settings": [], "audio": ["", ""]},
        {"kind": "x", "settings": {}, "audio": None},
        {"kind": "x", "settings": {}, "audio": ["aac"]},
        {"kind": "x", "settings": {}, "audio": ["aac", 5]},
    ],
)
def test_snapshot__of_something_else_is_none(data: object) -> None:
    assert read_snapshot(data) is None
