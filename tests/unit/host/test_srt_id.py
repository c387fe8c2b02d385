"""SRT's stream id."""

from __future__ import annotations

import pytest

from tests.unit.fakes import KEY, SETUP
from velora_core.errors import StreamIdInvalid
from velora_core.host.srt_id import join_srt_id, split_srt_id, srt_id_prefix


@pytest.mark.parametrize(
    ("form", "prefix", "stream_id"),
    [
        ("", "", KEY),
        ("{key}", "", KEY),
        (" {key} ", "", KEY),
        ("default/live/{key}", "default/live/", f"default%2Flive%2F{KEY}"),
        ("{host}/{app}/{key}", "ingest.test/live/", f"ingest.test%2Flive%2F{KEY}"),
        (
            "srt://{host}:{port}/{app}/{key}",
            "srt://ingest.test:9999/live/",
            f"srt%3A%2F%2Fingest.test%3A9999%2Flive%2F{KEY}",
        ),
        ("#!::m=publish,r={key}", "#!::m=publish,r=", f"%23%21%3A%3Am%3Dpublish%2Cr%3D{KEY}"),
        ("ä %/{key}", "ä %/", f"%C3%A4%20%25%2F{KEY}"),
    ],
)
def test_form__there_and_back(form: str, prefix: str, stream_id: str) -> None:
    assert srt_id_prefix(form, SETUP) == prefix
    assert join_srt_id(prefix, KEY) == stream_id
    assert split_srt_id(stream_id) == (prefix, KEY)


@pytest.mark.parametrize(
    "form",
    [
        "default/live",
        "{key}/live",
        "{key}/{key}",
        "{vhost}/{key}",
        "{/{key}",
        "live{key}",
        "a" * 300 + "/{key}",
        "a\n/{key}",
        "a\0/{key}",
    ],
)
def test_form__that_can_not_be_used(form: str) -> None:
    with pytest.raises(StreamIdInvalid):
        srt_id_prefix(form, SETUP)


@pytest.mark.parametrize(
    "stream_id", ["", KEY, "default/live/" + KEY, "a%2fb", "%", "%2F%", "live_test key", "ä"]
)
def test_what_somebody_else_has_written__stays_as_it_is(stream_id: str) -> None:
    assert split_srt_id(stream_id) == ("", stream_id)
