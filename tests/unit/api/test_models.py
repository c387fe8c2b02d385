"""Answers become values, or one error that names endpoint and field."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from velora_core.api.models import (
    Category,
    Profile,
    StreamInfo,
    StreamInfoUpdate,
    StreamSetup,
    normalize_tags,
    stream_key_from_json,
    success_from_json,
)
from velora_core.errors import (
    InvalidResponse,
    ProtocolNotOffered,
    TagInvalid,
    TitleInvalid,
    TitleTooLong,
)
from velora_core.host.destination import Destination, IngestAddresses, velora_destination
from velora_core.secret import Secret

SETUP: dict[str, Any] = {
    "streamKey": "live_test_key_0001",
    "rtmpUrl": "rtmp://ingest.velora.tv:1935/live",
    "srtUrl": "srt://ingest.velora.tv:9999",
    "whipUrl": "https://ingest.velora.tv:3334/live/live_test_key_0001/whip",
    "ingestServer": "ingest.velora.tv",
}
INFO: dict[str, Any] = {
    "title": "Hello",
    "categoryName": "Music",
    "categorySlug": "music",
    "isLive": True,
    "viewerCount": 142,
    "startedAt": "2026-01-19T02:30:00.000Z",
}


def setup(**changes: Any) -> StreamSetup:
    return StreamSetup.from_json({**SETUP, **changes}, endpoint="/stream/setup")


def info(**changes: Any) -> StreamInfo:
    return StreamInfo.from_json({**INFO, **changes}, endpoint="/stream/info")


def test_setup__is_read_and_unknown_fields_are_ignored() -> None:
    got = setup(new="field")
    assert got.stream_key.reveal() == "live_test_key_0001"
    assert got.rtmp_url == SETUP["rtmpUrl"]
    assert got.srt_url == SETUP["srtUrl"]
    assert got.whip_url
    assert got.whip_url.reveal() == SETUP["whipUrl"]


def test_setup__shows_no_secret() -> None:
    assert "live_test" not in repr(setup())
    assert "/whip" not in repr(setup())


NEEDED = ("streamKey", "rtmpUrl")


@pytest.mark.parametrize("field", NEEDED)
@pytest.mark.parametrize("value", [None, 5, "", "two words", "line\nbreak", ["x"]])
def test_setup__names_the_field_that_is_wrong(field: str, value: object) -> None:
    with pytest.raises(InvalidResponse, match=f"/stream/setup.*field {field}:") as failure:
        setup(**{field: value})
    assert (failure.value.endpoint, failure.value.field) == ("/stream/setup", field)
    assert "live_test" not in str(failure.value)


@pytest.mark.parametrize("field", NEEDED)
def test_setup__names_the_field_that_is_missing(field: str) -> None:
    data = {name: value for name, value in SETUP.items() if name != field}
    with pytest.raises(InvalidResponse, match=f"{field}: missing"):
        StreamSetup.from_json(data, endpoint="/stream/setup")


@pytest.mark.parametrize(
    "value", ["https://ingest.velora.tv/live", "ingest.velora.tv/live", "rtmp://"]
)
def test_setup__takes_no_rtmp_address_of_another_kind(value: str) -> None:
    with pytest.raises(InvalidResponse, match="not an address of the expected kind"):
        setup(rtmpUrl=value)


NO_ADDRESS = (None, 5, "", "two words", "rtmp://ingest.velora.tv", "javascript://x")


@pytest.mark.parametrize("value", NO_ADDRESS)
def test_setup__needs_only_the_address_of_the_protocol_in_use(value: object) -> None:
    got = setup(srtUrl=value, whipUrl=value, ingestServer=value)
    assert (got.srt_url, got.whip_url) == (None, None)
    destination = velora_destination(got, "rtmp")
    assert destination == Destination("rtmp", Secret(SETUP["rtmpUrl"]), Secret(SETUP["streamKey"]))
    for protocol in ("srt", "whip"):
        with pytest.raises(ProtocolNotOffered, match=f"no {protocol.upper()} address"):
            velora_destination(got, protocol)
    addresses = IngestAddresses.of(got.with_key(Secret("live_test_new")))
    assert addresses.own(destination)
    assert not addresses.own(Destination("rtmp", Secret("")))
    assert not addresses.own(Destination("whip", Secret("")))


def test_setup__of_nothing_but_rtmp() -> None:
    data = {name: SETUP[name] for name in NEEDED}
    got = StreamSetup.from_json(data, endpoint="/stream/setup")
    assert got == StreamSetup(Secret(SETUP["streamKey"]), SETUP["rtmpUrl"])


def test_setup__takes_rtmps() -> None:
    assert setup(rtmpUrl="rtmps://ingest.velora.tv/live").rtmp_url.startswith("rtmps://")


def test_info__is_read() -> None:
    assert info() == StreamInfo(
        title="Hello",
        category_name="Music",
        category_slug="music",
        is_live=True,
        viewer_count=142,
        started_at=datetime(2026, 1, 19, 2, 30, tzinfo=timezone.utc),
        tags=None,
    )


@pytest.mark.parametrize("missing", ["viewerCount", "startedAt", "tags"])
def test_info__copes_without(missing: str) -> None:
    data = {name: value for name, value in INFO.items() if name != missing}
    StreamInfo.from_json(data, endpoint="/stream/info")
    StreamInfo.from_json({**data, missing: None}, endpoint="/stream/info")


def test_info__of_a_new_account_has_nulls() -> None:
    got = info(title=None, categoryName=None, categorySlug=None, isLive=False)
    assert (got.title, got.category_name, got.category_slug) == (None, None, None)


def test_info__tells_no_tags_from_unknown_tags() -> None:
    assert info(tags=[]).tags == ()
    assert info().tags is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 5),
        ("isLive", None),
        ("isLive", "yes"),
        ("isLive", 1),
        ("viewerCount", -1),
        ("viewerCount", "many"),
        ("viewerCount", True),
        ("startedAt", "yesterday"),
        ("startedAt", 5),
        ("tags", "a,b"),
        ("tags", [1]),
    ],
)
def test_info__names_the_field_that_is_wrong(field: str, value: object) -> None:
    with pytest.raises(InvalidResponse, match=f"field {field}:"):
        info(**{field: value})


@pytest.mark.parametrize("field", ["title", "categoryName", "categorySlug", "isLive"])
def test_info__names_the_field_that_is_missing(field: str) -> None:
    with pytest.raises(InvalidResponse, match=f"{field}: missing"):
        StreamInfo.from_json({k: v for k, v in INFO.items() if k != field}, endpoint="/x")


@pytest.mark.parametrize("text", ["2026-01-19T02:30:00Z", "2026-01-19T03:30:00+01:00"])
def test_info__time_is_utc(text: str) -> None:
    assert info(startedAt=text).started_at == datetime(2026, 1, 19, 2, 30, tzinfo=timezone.utc)


def categories(data: object) -> tuple[Category, ...]:
    return Category.list_from_json(data, endpoint="/stream/categories")


@pytest.mark.parametrize("name", ["categories", "results", "data", None])
def test_categories__are_found_where_they_may_be(name: str | None) -> None:
    entries = [{"slug": "music", "name": " Music ", "imageUrl": None}]
    assert categories({name: entries} if name else entries) == (Category("music", "Music"),)


def test_categories__each_slug_once_and_in_order() -> None:
    entries = [{"slug": f"c{number % 2500}", "name": f"C {number}"} for number in range(5000)]
    got = categories({"categories": entries})
    assert len(got) == 2500
    assert got[7] == Category("c7", "C 7")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "categories: missing"),
        ({"categories": None}, "categories: empty"),
        ({"results": 5}, "results: of the wrong type"),
        ("text", "categories: of the wrong type"),
        ({"categories": [5]}, r"categories\[0\]: not an object"),
        ([{"slug": "a", "name": "A"}, {"slug": "b", "name": None}], r"categories\[1\]\.name"),
        ([{"slug": "a", "name": "  "}], r"categories\[0\]\.name: without content"),
        ([{"slug": "", "name": "A"}], r"categories\[0\]\.slug"),
        ([{"slug": "a b", "name": "A"}], r"categories\[0\]\.slug"),
        ([{"slug": "a", "name": "A", "imageUrl": 5}], r"categories\[0\]\.imageUrl"),
    ],
)
def test_categories__name_the_field_that_is_wrong(data: object, field: str) -> None:
    with pytest.raises(InvalidResponse, match=field):
        categories(data)


def test_profile__falls_back_to_the_username() -> None:
    got = Profile.from_json({"username": "somebody", "displayName": None}, endpoint="/me")
    assert got == Profile("somebody", "somebody", None)


def test_profile__knows_whether_streaming_is_enabled() -> None:
    data = {"username": "a", "displayName": "A", "streamingEnabled": False}
    assert Profile.from_json(data, endpoint="/me").streaming_enabled is False
    with pytest.raises(InvalidResponse, match="streamingEnabled"):
        Profile.from_json({**data, "streamingEnabled": "no"}, endpoint="/me")


def test_key_and_success__are_read_as_strictly() -> None:
    assert stream_key_from_json({"streamKey": "live_test_1"}, endpoint="/x").reveal()
    assert success_from_json({"success": False}, endpoint="/x") is False
    keys: tuple[object, ...] = ({}, {"streamKey": None}, {"streamKey": "a b"}, [], None)
    for wrong in keys:
        with pytest.raises(InvalidResponse):
            stream_key_from_json(wrong, endpoint="/x")
    flags: tuple[object, ...] = ({}, {"success": None}, {"success": "yes"})
    for wrong in flags:
        with pytest.raises(InvalidResponse, match="success"):
            success_from_json(wrong, endpoint="/x")


@pytest.mark.parametrize("title", ["x" * 140, "  " + "x" * 140 + "\n", "🎮" * 140])
def test_title__of_140_characters_is_fine(title: str) -> None:
    assert StreamInfoUpdate.checked(title=title).title == title.strip()


@pytest.mark.parametrize(("length", "excess"), [(141, 1), (10_000, 9_860)])
def test_title__that_is_too_long_says_how_long_it_is(length: int, excess: int) -> None:
    with pytest.raises(TitleTooLong, match=f"{length} characters.*shorten it by {excess}"):
        StreamInfoUpdate.checked(title="x" * length)


@pytest.mark.parametrize("bad", ["\n", "\x00", "\x7f", "\u2028", "\ud800"])
def test_invisible_characters__are_refused_inside_titles_and_tags(bad: str) -> None:
    with pytest.raises(TitleInvalid):
        StreamInfoUpdate.checked(title=f"a{bad}b")
    with pytest.raises(TagInvalid):
        normalize_tags([f"a{bad}b"])


def test_tags__are_trimmed_and_each_is_there_once() -> None:
    assert normalize_tags([" a ", "A", "", "  ", "b", "a"]) == ("a", "b")
    assert len(normalize_tags(str(number) for number in range(100))) == 100


def test_update__holds_exactly_what_was_given() -> None:
    assert StreamInfoUpdate.checked().to_json() == {}
    assert not StreamInfoUpdate.checked()
    assert StreamInfoUpdate.checked(tags=[]).to_json() == {"tags": []}
    assert StreamInfoUpdate.checked(tags=[])
    assert StreamInfoUpdate.checked(title="").to_json() == {"title": ""}
    assert StreamInfoUpdate.checked(title="t", category_slug="s", tags=["x"]).to_json() == {
        "title": "t",
        "categorySlug": "s",
        "tags": ["x"],
    }


@pytest.mark.parametrize(
    ("key", "whip", "then"),
    [
        ("live_test_k", "https://a.test/live/live_test_k/whip", "live/live_test_new/whip"),
        ("live_t+/=", "https://a.test/live/live_t%2B%2F%3D/whip", "live/live_test_new/whip"),
        ("live", "https://a.test/live/live/whip", "live/live_test_new/whip"),
        ("a.test", "https://a.test/live/a.test/whip", "live/live_test_new/whip"),
        ("live_test_k", "https://a.test/whip?key=live_test_k", "whip?key=live_test_new"),
    ],
)
def test_new_key__takes_the_old_ones_place_in_the_address(key: str, whip: str, then: str) -> None:
    setup = StreamSetup(Secret(key), "rtmp://a.test/live", None, Secret(whip))
    got = setup.with_key(Secret("live_test_new"))
    assert got.whip_url == Secret(f"https://a.test/{then}")


def test_tags__as_one_text_are_a_mistake() -> None:
    with pytest.raises(TypeError, match="list of texts"):
        StreamInfoUpdate.checked(tags="calm")
