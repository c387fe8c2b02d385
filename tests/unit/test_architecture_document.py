"""The table "Where is what?" answers with files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (.+\?) \| (.+) \|$", DOCUMENT.partition("## Where is what?")[2], re.MULTILINE
)
NAME = re.compile(r"`([\w./-]+(?:\.\w+|/))`")


def test_there_are_questions() -> None:
    assert len(ROWS) >= 60  # the twenty of newcomers among them


@pytest.mark.parametrize(("question", "answer"), ROWS, ids=[question for question, _ in ROWS])
def test_answer__is_there(question: str, answer: str) -> None:
    names = NAME.findall(answer)
    assert names
    first = ROOT / names[0]
    assert first.exists()
    beside = first if first.is_dir() else first.parent
    for name in names[1:]:  # in full, beside the first, or from the package
        places = (ROOT, beside, ROOT / "velora_core", beside.parent)
        assert any((place / name).exists() for place in places), name
