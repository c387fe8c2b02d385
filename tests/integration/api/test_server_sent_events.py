"""The parser for server-sent events, with hundreds of random cuts and bytes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.api.test_server_sent_events import EVENTS, WHOLE, events
from tests.unit.examples import EXAMPLES


@EXAMPLES
@given(st.lists(st.integers(min_value=0, max_value=len(WHOLE)), max_size=12))
def test_stream__cut_at_any_places(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(WHOLE)]
    assert events(*(WHOLE[a:b] for a, b in pairwise(cuts))) == EVENTS


@EXAMPLES
@given(st.binary(max_size=300), st.integers(min_value=1, max_value=40))
def test_any_bytes__give_the_same_events_however_they_are_cut(junk: bytes, size: int) -> None:
    pieces = [junk[start : start + size] for start in range(0, len(junk), size)]
    assert events(*pieces) == events(junk)
