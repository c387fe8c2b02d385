"""docs/troubleshooting.md quotes what the panel says, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.sentences import MESSAGES, file_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"^\| \*([^*]+)\* \| ", TEXT, re.MULTILINE)
DOOR = (ROOT / "velora_obs.py").read_text(encoding="utf-8")


def pattern(quote: str) -> str:
    """Return what matches the sentence: … stands for anything."""
    return ".*".join(re.escape(part) for part in quote.split("…"))


def sentences() -> list[str]:
    files = (MESSAGES, file_of("web").MESSAGES, file_of("companion").MESSAGES)
    found = [text.replace("{host}", "OBS") for file in files for text in file.values()]
    # What old Pythons can say stands in the door itself.
    return [*found, *re.findall(r'"(Velora for OBS needs Python [^"]*)"', DOOR)]


def test_gatekeeper__the_way_past_it_is_todays() -> None:
    """Since macOS 15 a right-click and Open doesn't get past it any more."""
    [row] = [line for line in TEXT.splitlines() if "Gatekeeper" in line]
    assert "*Privacy & Security*" in row.replace("*System Settings → ", "*")
    assert "*Open Anyway*" in row
    assert "`sh install/install.command`" in row
    assert "right-click" not in row


def test_there_are_quotes() -> None:
    assert len(QUOTES) > 25


@pytest.mark.parametrize("quote", QUOTES)
def test_quote__is_what_is_said(quote: str) -> None:
    wanted = quote.replace("3.10", "…")
    assert any(re.match(pattern(wanted), sentence) for sentence in sentences()), quote
