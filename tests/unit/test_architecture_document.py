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
CODE = re.compile(r"`([A-Za-z_]\w+)`")
NAME = re.compile(r"`([\w./-]+(?:\.\w+|/))`")


def test_there_are_questions() -> None:
    assert len(ROWS) >= 60  # the twenty of newcomers among them


@pytest.mark.parametrize(("question", "answer"), ROWS, ids=[question for question, _ in ROWS])
def test_answer__is_there(question: str, answer: str) -> None:
    assert _files(answer)


@pytest.mark.parametrize(("question", "answer"), ROWS, ids=[question for question, _ in ROWS])
def test_answer__names_what_is_in_its_files(question: str, answer: str) -> None:
    for name in CODE.findall(answer):
        assert any(re.search(rf"\b{name}\b", text) for text in map(_text, _files(answer))), name


def _files(answer: str) -> list[Path]:
    """Return the files and folders that an answer names."""
    first, *others = NAME.findall(answer)
    found = [ROOT / first]
    assert found[0].exists(), first
    beside = found[0] if found[0].is_dir() else found[0].parent
    for name in others:  # in full, beside the first, or from the package
        places = [place / name for place in (ROOT, beside, ROOT / "velora_core", beside.parent)]
        found += [place for place in places if place.exists()][:1]
        assert any(place.exists() for place in places), name
    return found


def _text(place: Path) -> str:
    files = [place] if place.is_file() else list(place.rglob("*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
