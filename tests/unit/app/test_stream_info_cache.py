"""What need not be sent again."""

from __future__ import annotations

import pytest

from tests.unit.clock import Clock
from velora_core.api.models import StreamInfo, StreamInfoUpdate
from velora_core.app.stream_info_cache import StreamInfoCache

ALL = StreamInfoUpdate("Hello", "music", ("a", "b"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.ruling(monkeypatch, "app.stream_info_cache")


@pytest.fixture
def known(clock: Clock) -> StreamInfoCache:
    return StreamInfoCache()


def test_nothing_known__everything_differs(known: StreamInfoCache) -> None:
    assert known.diff(ALL) == ALL
    assert not known.covers(ALL)


def test_after_an_answer__only_what_differs(known: StreamInfoCache) -> None:
    known.store(StreamInfo("Hello", "Art", "art", is_live=True, tags=("a", "b")))
    assert known.diff(ALL) == StreamInfoUpdate(category_slug="music")
    assert known.covers(ALL)


def test_channel_without_title_and_category__is_known_to_have_none(known: StreamInfoCache) -> None:
    known.store(StreamInfo(None, None, None, is_live=False))
    assert known.covers(ALL)
    assert known.diff(ALL) == ALL


def test_tags_that_velora_does_not_tell__are_sent(known: StreamInfoCache) -> None:
    known.store(StreamInfo("Hello", "Music", "music", is_live=True))
    assert known.diff(ALL) == StreamInfoUpdate(tags=("a", "b"))


def test_what_was_sent__is_known(known: StreamInfoCache) -> None:
    known.applied(StreamInfoUpdate(title="Hello", tags=("a", "b")))
    assert known.diff(ALL) == StreamInfoUpdate(category_slug="music")
    known.applied(ALL)
    assert not known.diff(ALL)


def test_tags_removed__are_known_to_be_none(known: StreamInfoCache) -> None:
    known.applied(StreamInfoUpdate(tags=()))
    assert not known.diff(StreamInfoUpdate(tags=()))
    assert known.diff(StreamInfoUpdate(tags=("a",)))


def test_a_moment_later__nothing_is_believed(known: StreamInfoCache, clock: Clock) -> None:
    known.applied(ALL)
    clock.now += 14
    assert not known.diff(ALL)
    clock.now += 2
    assert known.diff(ALL) == ALL
    assert not known.covers(ALL)


def test_forget(known: StreamInfoCache) -> None:
    known.applied(ALL)
    known.clear()
    assert known.diff(ALL) == ALL


def test_covers__asks_only_for_what_is_to_be_set(known: StreamInfoCache) -> None:
    known.applied(StreamInfoUpdate(title="Hello"))
    assert known.covers(StreamInfoUpdate(title="Other", tags=("x",)))
    assert not known.covers(StreamInfoUpdate(category_slug="art"))
