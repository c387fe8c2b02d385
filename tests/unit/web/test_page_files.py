"""The page's files: small, at home, and without a way for a text to become code."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from pathlib import Path

import pytest

from velora_core.messages.en.web import MESSAGES
from velora_core.panel.elements import FILES as FILES_TO_CHOOSE
from velora_core.panel.elements import Kind

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "velora_core" / "web" / "static"
FILES = sorted(STATIC.iterdir())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
STREAMING = [
    STATIC / name for name in ("stream.html", "stream.css", "stream.js", "whip.js", "capture.js")
]
"""What only the page that streams by itself loads."""
SHARED = [STATIC / name for name in ("page.css", "dom.js", "words.js", "connection.js", "icon.svg")]
"""What it loads beside that."""
ON_DEMAND = [STATIC / "pages.js"]
"""What the page loads only where there are several."""


def size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def test_page__is_small() -> None:
    assert size(set(FILES) - {*STREAMING, *ON_DEMAND}) <= 60 * 1024
    assert size(ON_DEMAND) <= 1024


def test_page_that_streams__is_small() -> None:
    assert size(STREAMING) <= 21 * 1024
    assert size([*STREAMING, *SHARED]) <= 42 * 1024


def test_page_that_streams__loads_nothing_else() -> None:
    named = {
        name for file in STREAMING for name in re.findall(r"[\w.]+\.(?:js|css|svg)", _read(file))
    }
    assert named == {file.name for file in [*STREAMING, *SHARED]} - {"stream.html"}
    for file in SHARED:
        assert set(re.findall(r"from \"\./([\w.]+)\"", _read(file))) <= {f.name for f in SHARED}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_file__names_no_other_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"(?:https?:)?//[a-z0-9][\w.-]*", text)
    assert set(found) <= {"http://www.w3.org"}  # the name of SVG, which nobody fetches


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_script__makes_no_code_or_html_of_a_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "Function(",
        "document.write",
    ):
        assert word not in text


@pytest.mark.parametrize("name", ["index.html", "stream.html"])
def test_document__has_no_code_and_no_style_in_it(name: str) -> None:
    text = _read(STATIC / name)
    assert re.findall(r"<script[^>]*>(.*?)</script>", text) == [""]
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"\son\w+=", text)


def test_each_kind__can_be_drawn() -> None:
    nowhere = {Kind.GROUP, Kind.KEPT, *FILES_TO_CHOOSE}
    unused = {Kind.LIST}
    drawn = re.findall(r"^\t(\w+): \w+,$", (STATIC / "sections.js").read_text(), re.MULTILINE)
    assert {*drawn, "notice"} == {kind.value for kind in set(Kind) - nowhere - unused}


def test_words__are_there_and_used() -> None:
    used = {
        name
        for file in SCRIPTS
        for name in re.findall(r"[\"`](web\.[a-z_]+)[\"`]", file.read_text(encoding="utf-8"))
    }
    conditions = {"web.gone", "web.refused", "web.updated"}  # of the connection
    assert used | conditions == set(MESSAGES)


def test_words__have_plain_placeholders() -> None:
    for text in MESSAGES.values():
        for _, name, spec, conversion in string.Formatter().parse(text):
            assert name is None or name.isidentifier()
            assert not spec
            assert conversion is None
