"""Velora's destination, and whose a destination is."""

from __future__ import annotations

import pytest

from tests.unit.fakes import KEY, RTMP, SETUP, SRT, WHIP
from velora_core.errors import ProtocolUnknown
from velora_core.host.destination import (
    PROTOCOLS,
    Destination,
    IngestAddresses,
    describe,
    display_address,
    goes_to_velora_tv,
    same_credential,
    same_destination,
    velora_destination,
)
from velora_core.host.host import Snapshot
from velora_core.secret import Secret

ADDRESSES = IngestAddresses.of(SETUP)


def custom(url: str) -> Destination:
    return Destination("srt" if url.startswith("srt") else "rtmp", Secret(url))


def whip(url: str) -> Destination:
    return Destination("whip", Secret(url))


def test_addresses__have_no_key_in_them() -> None:
    assert ADDRESSES == (RTMP, SRT, "https://ingest.test:3334")
    assert KEY not in repr(ADDRESSES)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol__is_velora_and_known_again(protocol: str) -> None:
    destination = velora_destination(SETUP, protocol)
    assert ADDRESSES.own(destination)
    assert destination.protocol == protocol
    shown = repr(destination) + display_address(destination) + describe(destination)
    assert KEY not in shown
    kept = Snapshot({"key": KEY}, describe(destination), destination)
    assert KEY not in repr(kept) + str(kept)


def test_rtmp_and_srt__have_the_key_beside_the_address() -> None:
    assert velora_destination(SETUP, "rtmp") == Destination("rtmp", Secret(RTMP), Secret(KEY))
    assert velora_destination(SETUP, "srt") == Destination("srt", Secret(SRT), Secret(KEY))


def test_whip__has_the_key_in_the_address() -> None:
    assert velora_destination(SETUP, "whip") == Destination("whip", Secret(WHIP))


@pytest.mark.parametrize("protocol", ["", "RTMP", "hls"])
def test_other_protocols__are_refused(protocol: str) -> None:
    with pytest.raises(ProtocolUnknown, match="choose RTMP, SRT or WHIP"):
        velora_destination(SETUP, protocol)


@pytest.mark.parametrize(
    "destination",
    [
        custom(RTMP + "/"),
        custom(RTMP.upper()),
        custom(SRT + "?mode=caller&latency=200"),
        whip("https://INGEST.test:3334/live/another_key/whip"),
        whip("https://ingest.test:3334"),
    ],
)
def test_velora__however_it_is_written(destination: Destination) -> None:
    assert ADDRESSES.own(destination)


@pytest.mark.parametrize(
    "destination",
    [
        None,
        custom(""),
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
def test_another_platform__is_not_velora(destination: Destination | None) -> None:
    assert not ADDRESSES.own(destination)


def test_shown_address__ends_where_secrets_begin() -> None:
    assert display_address(whip(WHIP)) == "https://ingest.test:3334"
    assert display_address(whip("https://name:live_test_pw@a.test/k/whip")) == "https://a.test"
    assert display_address(custom(SRT + "?passphrase=live_test_phrase")) == SRT


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtmp://name:live_test_password@a.example/live", "rtmp://a.example/live"),
        ("rtmp://name:p@ss@[::1]:1935/a@b", "rtmp://[::1]:1935/a@b"),
        ("rtmp://a.example", "rtmp://a.example"),
        ("auto", "auto"),
        ("", ""),
    ],
)
def test_shown_address__has_no_password(address: str, shown: str) -> None:
    assert display_address(Destination("rtmp", Secret(address), Secret("k"))) == shown


def test_velora_tv__is_known_before_velora_has_said_so() -> None:
    assert goes_to_velora_tv(custom("rtmp://ingest.VELORA.tv:1935/live"))
    assert goes_to_velora_tv(custom("srt://ingest.velora.tv?latency=2000"))
    assert not goes_to_velora_tv(custom("rtmp://velora.tv.other.test/live"))
    assert not goes_to_velora_tv(custom("rtmp://ingest.velora.tv:x@other.test/live"))
    assert not goes_to_velora_tv(custom("rtmp://other.test?@ingest.velora.tv/live"))


def test_described__by_the_platform_or_else_the_address() -> None:
    key = Secret("live_test_key_z789")
    assert describe(custom(RTMP)._replace(key=key)) == f"{RTMP} with key ••••z789"
    assert describe(custom(RTMP)._replace(platform="Twitch")) == "Twitch"
    assert describe(custom(RTMP)._replace(platform="")) == RTMP
    assert describe(custom("")) == "a service without an address"


def test_same__whoever_has_written_the_key() -> None:
    item = custom(RTMP)
    assert same_destination(item, item._replace(of_account=True))
    assert not same_destination(item, item._replace(platform=""))
    assert not same_destination(item, None)


def test_same_credential__an_address_is_compared_by_what_it_means() -> None:
    assert same_credential(whip(WHIP), whip(WHIP.replace("ingest", "INGEST") + "/?region=eu"))
    assert not same_credential(whip(WHIP), whip(WHIP.replace(KEY, "live_test_another")))
    assert not same_credential(custom(RTMP)._replace(key=Secret(KEY)), custom(RTMP))
