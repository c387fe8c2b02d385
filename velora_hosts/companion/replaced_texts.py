"""Texts that were replaced, as JSON, wherever a host keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from velora_core.host.host import ReplacedText

__all__ = ["as_json", "from_json"]


def as_json(covered: Mapping[str, ReplacedText]) -> dict[str, list[str]]:
    """Return what to keep."""
    return {name: list(pair) for name, pair in covered.items()}


def from_json(kept: Any) -> dict[str, ReplacedText]:
    """Return what was kept; whoever changed that meanwhile, nothing but two texts is taken."""
    found = kept.items() if isinstance(kept, dict) else ()
    return {name: ReplacedText(*pair) for name, pair in found if _is_two_texts(pair)}


def _is_two_texts(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
