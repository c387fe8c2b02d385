"""The title's limit, as people see it."""

from __future__ import annotations

import pytest

from velora_core.api.validation import title_count, too_long, validate_title
from velora_core.errors import TitleInvalid, TitleTooLong


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("", ""),
        ("   ", ""),
        ("x", "1/140"),
        (" x ", "1/140"),
        ("🎮" * 97, "97/140"),
        ("x" * 140, "140/140"),
        ("x" * 141, "141/140: 1 too many, Velora will not accept it"),
        ("x" * 10_000, "10000/140: 9860 too many, Velora will not accept it"),
    ],
)
def test_count(title: str, count: str) -> None:
    assert title_count(title) == count


@pytest.mark.parametrize("length", [0, 1, 139, 140, 141, 142])
def test_count_and_check__agree(length: int) -> None:
    title = f" {'x' * length} "
    assert too_long(title) is (length > 140)
    if length > 140:
        with pytest.raises(TitleTooLong, match=f"{length} characters"):
            validate_title(title)
    else:
        assert validate_title(title) == "x" * length


@pytest.mark.parametrize("character", ["\n", "\x00", "\x7f", "\u2028", "\ud800"])
def test_invisible_character__is_refused(character: str) -> None:
    with pytest.raises(TitleInvalid):
        validate_title(f"a{character}b")
