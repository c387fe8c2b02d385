"""Velora's setup the way OBS wants it, and whose a service is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import KEY, RTMP, SETUP, SRT, WHIP
from velora_core.errors import ProtocolUnknown
from velora_core.host.service import (
    PROTOCOLS,
    AudioEncoders,
    IngestAddresses,
    SavedService,
    Service,
    display_address,
    protocol_of,
    velora_service,
)

ADDRESSES = IngestAddresses.of(SETUP)


def custom(server: Any) -> Service:
    return Service("rtmp_custom", {"server": server})


def whip(server: str) -> Service:
    return Service("whip_custom", {"server": server})


def test_addresses__have_no_key_in_them() -> None:
    assert ADDRESSES == (RTMP, SRT, "https://ingest.test:3334")
    assert KEY not in repr(ADDRESSES)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol__is_velora_and_known_again(protocol: str) -> None:
    service = velora_service(SETUP, protocol)
    assert ADDRESSES.own(service)
    assert protocol_of(service) == protocol
    assert KEY in str(service.settings)
    assert KEY not in repr(service) + display_address(service)
    assert KEY not in repr(SavedService(service, AudioEncoders("aac", "aac")))


def test_rtmp__sets_all_that_another_service_may_have_left() -> None:
    settings = {"server": RTMP, "key": KEY, "use_auth": False, "bwtest": False}
    assert velora_service(SETUP, "rtmp") == ("rtmp_custom", settings)
    assert velora_service(SETUP, "srt").settings == {**settings, "server": SRT}


def test_whip__has_the_key_in_the_address() -> None:
    settings = {"service": "WHIP", "server": WHIP, "bearer_token": ""}
    assert velora_service(SETUP, "whip") == ("whip_custom", settings)


@pytest.mark.parametrize("protocol", ["", "RTMP", "hls"])
def test_other_protocols__are_refused(protocol: str) -> None:
    with pytest.raises(ProtocolUnknown, match="choose RTMP, SRT or WHIP"):
        velora_service(SETUP, protocol)


@pytest.mark.parametrize(
    "service",
    [
        custom(RTMP + "/"),
        custom(RTMP.upper()),
        custom(SRT + "?mode=caller&latency=200"),
        whip("https://INGEST.test:3334/live/another_key/whip"),
        whip("https://ingest.test:3334"),
    ],
)
def test_velora__however_it_is_written(service: Service) -> None:
    assert ADDRESSES.own(service)


@pytest.mark.parametrize(
    "service",
    [
        custom(""),
        custom(None),
        custom(5),
        Service("rtmp_custom", {}),
        custom("rtmp://ingest.test:1935"),
        custom(RTMP + "/more"),
        custom("rtmp://ingest.test.evil.test:1935/live"),
        custom(WHIP),
        whip(RTMP),
        whip(""),
        whip("https://ingest.test:3334.evil.test/"),
        whip("http://ingest.test:3334/"),
    ],
)
def test_another_platform__is_not_velora(service: Service) -> None:
    assert not ADDRESSES.own(service)


def test_shown_server__ends_where_secrets_begin() -> None:
    assert display_address(whip(WHIP)) == "https://ingest.test:3334"
    assert display_address(custom(SRT + "?passphrase=live_test_phrase")) == SRT


@pytest.mark.parametrize(
    ("encoders", "suits", "wanted"),
    [
        (AudioEncoders("aac", "ffmpeg_aac"), False, AudioEncoders("opus", "ffmpeg_opus")),
        (AudioEncoders("opus", "ffmpeg_aac"), False, AudioEncoders("opus", "ffmpeg_opus")),
        (AudioEncoders("aac", "other_opus"), False, AudioEncoders("opus", "other_opus")),
        (AudioEncoders("opus", "other_opus"), True, AudioEncoders("opus", "other_opus")),
        (AudioEncoders("", ""), False, AudioEncoders("opus", "ffmpeg_opus")),
    ],
)
def test_whip__needs_opus_in_both_output_modes(
    encoders: AudioEncoders, suits: bool, wanted: AudioEncoders
) -> None:
    assert encoders.support_whip is suits
    assert encoders.for_whip() == wanted
    assert wanted.support_whip
