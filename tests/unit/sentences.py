"""The sentences that people read, for tests that look at all of them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from velora_core.messages.files import FILES

__all__ = ["MESSAGES", "file_of"]

_OTHERS = ("web", "companion")
"""Files of programs that have tests of their own."""


def file_of(name: str) -> ModuleType:
    """Return a file of sentences; without a name, the package itself."""
    return import_module(f"velora_core.messages.en.{name}".rstrip("."))


MESSAGES: dict[str, str] = {
    name: sentence
    for file in dict.fromkeys(["", *FILES.values()])
    if file not in _OTHERS
    for name, sentence in file_of(file).MESSAGES.items()
}
"""All but those of `_OTHERS`."""
