"""docs/api-reference.md is what the docstrings say now."""

from __future__ import annotations

import velora_core
from tests.tooling.api_reference import FILE, reference


def test_reference__is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == reference(), (
        "run python -m tests.tooling.api_reference --write"
    )


def test_reference__has_the_public_face() -> None:
    text = reference()
    for name in velora_core.__all__:
        assert f"\n## {name}\n" in text or name.startswith("__")
    assert "**`get_stream_setup() -> StreamSetup`**" in text
    assert "- raises `TitleTooLong`, `TitleInvalid`, `TagInvalid`: before anything is sent." in text
    assert "| `RateLimited` |" in text
