"""The text sources of a broadcasting software's picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

__all__ = ["ReplacedText", "TextSources"]


class ReplacedText(NamedTuple):
    """What a source held before, and what it was given instead."""

    before: str
    given: str


class TextSources(Protocol):
    """The text sources of the broadcasting software; called on its UI thread."""

    def text(self, source: str) -> str | None:
        """What a source shows; None when there is no such text source."""

    def set_text(self, source: str, text: str) -> None:
        """Has a source show something."""

    def covered(self) -> Mapping[str, ReplacedText]:
        """What was kept by `save_replaced_texts`, perhaps before a crash."""

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        """Keeps it as safe as the sources themselves are."""
