"""Parts of sentences: lists, choices, and what is counted."""

from __future__ import annotations

from collections.abc import Sequence

from velora_core.messages import message

__all__ = ["alternatives", "listed", "seconds_in_words", "tags_in_words"]


def listed(parts: Sequence[str]) -> str:
    """Join words into one list: with commas, and “and” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.and", first=", ".join(parts[:-1]), last=parts[-1])


def tags_in_words(tags: Sequence[str]) -> str:
    """Return a stream's tags as a part of a sentence."""
    name = "change.no_tags" if not tags else "change.tag" if len(tags) == 1 else "change.tags"
    return message(name, tags=", ".join(tags))


def seconds_in_words(seconds: float) -> str:
    """Return a time to wait as a part of a sentence; it is never none."""
    count = max(1, round(seconds))
    return message("change.second" if count == 1 else "change.seconds", count=count)


def alternatives(parts: Sequence[str]) -> str:
    """Join words into one choice: with commas, and “or” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.or", first=", ".join(parts[:-1]), last=parts[-1])
