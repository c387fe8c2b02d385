"""One place in a JSON text changes, every other byte stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from velora_install import json_splice as splice

from tests.unit.examples import EXAMPLES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
INDENT = st.sampled_from([None, 0, 1, 4, "\t"])


@settings(EXAMPLES, max_examples=150)
@given(st.lists(JSON, max_size=5), JSON, INDENT, st.booleans())
def test_append_and_remove__are_each_others_opposite(
    there: list[object], new: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps({"a": [1], "list": there, "z": {}}, indent=indent, ensure_ascii=ascii_only)
    span = splice.find_all(text, "list")[-1]
    assert span is not None
    longer = splice.append_item(text, span, new)
    assert json.loads(longer) == {"a": [1], "list": [*there, new], "z": {}}
    span = splice.find_all(longer, "list")[-1]
    assert span is not None
    assert splice.remove_item(longer, span, len(there)) == text


@settings(EXAMPLES, max_examples=150)
@given(st.lists(JSON, min_size=1, max_size=5), st.data(), INDENT)
def test_remove__takes_out_that_one(there: list[object], data: st.DataObject, indent: int) -> None:
    text = json.dumps(there, indent=indent)
    index = data.draw(st.integers(0, len(there) - 1))
    shorter = splice.remove_item(text, splice.root(text), index)
    assert json.loads(shorter) == there[:index] + there[index + 1 :]


@settings(EXAMPLES, max_examples=150)
@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4), JSON, INDENT)
def test_append_member(there: dict[str, object], new: object, indent: int) -> None:
    text = json.dumps(there, indent=indent)
    longer = splice.append_member(text, splice.root(text), "new member", new)
    assert json.loads(longer) == {**there, "new member": new}


def test_space_around__stays() -> None:
    text = ' \r\n{ "list" : [ 1 ,\t2 ] }\r\n '
    span = splice.find_all(text, "list")[-1]
    assert span is not None
    assert splice.append_item(text, span, 3) == ' \r\n{ "list" : [ 1 ,\t2 ,\t3 ] }\r\n '


def test_name_twice__the_last_one_counts() -> None:
    text = '{"a": [1], "a": [2]}'
    span = splice.find_all(text, "a")[-1]
    assert span is not None
    assert splice.append_item(text, span, 3) == '{"a": [1], "a": [2,3]}'


def test_missing__is_none_all_the_way() -> None:
    assert splice.find_all("{}", "a", "b")[1:] == (None, None)


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{} x", "\ufeff{}", "nonsense", '{"a" 1}'])
def test_no_json__is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever json raises
        splice.members(text, splice.root(text))


def test_other_types__are_value_errors() -> None:
    with pytest.raises(ValueError, match="not an object"):
        splice.members("[]", splice.root("[]"))
    with pytest.raises(ValueError, match="not an array"):
        splice.items("{}", splice.root("{}"))
