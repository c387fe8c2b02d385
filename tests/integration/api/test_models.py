"""Answers that nobody would send, a hundred of them: values, or our own error."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.api.test_models import INFO, SETUP
from tests.unit.examples import EXAMPLES
from velora_core.api.models import (
    Category,
    Profile,
    StreamInfo,
    StreamSetup,
    stream_key_from_json,
    success_from_json,
)
from velora_core.errors import VeloraError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)
MAYBE = st.one_of(JSON, st.text(max_size=3))


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from([*SETUP, *INFO, "categories", "username", "tags"]), MAYBE)
    | JSON
)
def test_whatever_comes__only_our_own_error_comes_out(data: object) -> None:
    readers: list[Any] = [
        StreamSetup.from_json,
        StreamInfo.from_json,
        Category.list_from_json,
        Profile.from_json,
        stream_key_from_json,
        success_from_json,
    ]
    for read in readers:
        with suppress(VeloraError):
            read(data, endpoint="/x")
