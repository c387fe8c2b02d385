"""The page fits wherever it is put, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.page.conftest import Open
from tests.page.driver import DOWN, PageBrowser
from tests.page.states import STATES

HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\"><b>bold</b>&amp;<script>owned=1</script>",
    "x" * 200,
    "\u202eright to left \u2067mixed\u2069 עברית العربية",
    "{{constructor}} ${1} {label} 🎲" * 6,
]


@pytest.mark.parametrize("name", STATES)
def test_page__fits_into_each_width(browser: PageBrowser, page: Open, name: str) -> None:
    page(name)
    browser.unfold()
    for width in (260, 300, 400, 703, 704, 900, 1400):
        browser.resize(width)
        assert not browser.has_horizontal_scroll(), width
        assert browser.run("return document.querySelector('h1').offsetHeight") < 30, width
    browser.resize(260, 1000, zoom=2.0)
    assert not browser.has_horizontal_scroll(), "260, zoomed in to 200 %"


@pytest.mark.parametrize("name", ["signed out", "signed in", "set up", "live"])
def test_first_look__has_each_button_once(browser: PageBrowser, page: Open, name: str) -> None:
    page(name, width=1000)
    seen = browser.run(
        "return [...document.querySelectorAll('details[open] button[data-action]')]"
        ".map((node) => node.dataset.action)"
    )
    assert len(seen) > 2
    assert sorted(seen) == sorted(set(seen))
    times = "return [...document.querySelectorAll('.sentences time')].map((it) => it.offsetWidth)"
    widths = browser.run(times)
    assert max(widths) - min(widths) <= 1, "what was said stands in line"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text__is_a_text_and_widens_nothing(
    browser: PageBrowser, page: Open, text: str
) -> None:
    stand_in = page("live", width=260)
    state = json.loads(json.dumps(stand_in.state))
    _replace(state["sections"], text)
    hit = {"slug": "x", "name": text, "picture": None, "starred": True}
    stand_in.hits = [hit]
    stand_in.show(
        **{key: state[key] for key in ("sections",)},
        status={"text": text, "tone": "error"},
        live={**state["live"], "title": text, "category": text, "trouble": text},
        sentences=[{"at": 1.0, "text": text, "tone": "warning"}],
    )
    browser.unfold()
    browser.wait(
        "return document.getElementById('status').textContent.includes(arguments[0])", "", text
    )
    browser.focus("[data-key=category_entry] input")
    browser.press(DOWN)
    browser.wait("return document.querySelector('[role=option]')", "the list")
    for width in (260, 1400):
        browser.resize(width)
        assert not browser.has_horizontal_scroll(), width
    assert browser.run("return document.querySelectorAll('img, script:not([src])').length") == 0
    assert browser.run("return [window.owned, document.title.includes('owned')]") == [None, False]
    assert browser.value("title") == text
    assert browser.run("return document.querySelector('[role=option] .name').textContent") == text


def _replace(sections: dict[str, list[dict[str, Any]]], text: str) -> None:
    for elements in sections.values():
        for element in elements:
            for part in ("label", "help", "text"):
                if part in element:
                    element[part] = text
            if element["kind"] in ("text", "editable_choice", "address"):
                element["value"] = text
            for option in element.get("options", []):
                option["label"] = text


def test_rich_text__has_links_to_https_and_nothing_else(browser: PageBrowser, page: Open) -> None:
    stand_in = page("signed out")
    sections = json.loads(json.dumps(stand_in.state["sections"]))
    text = (
        'See <a href="https://developer.velora.tv" style="color: red">the site</a>, <b>now</b>: '
        '<a href="javascript:alert(1)">no</a> <i>plain</i> <img src=x onerror=alert(1)>'
    )
    for element in sections["account"]:
        if element["key"] == "token_line":
            element["text"] = text
    stand_in.show(sections=sections)
    found = browser.wait(
        "const it = document.querySelector('[data-key=token_line]');"
        "return it.textContent.includes('See') && [it.textContent,"
        "[...it.querySelectorAll('*')].map((node) => node.outerHTML)]",
        "the text",
    )
    assert found[0].endswith(
        'now: <a href="javascript:alert(1)">no</a> <i>plain</i> <img src=x onerror=alert(1)>'
    )
    assert found[1] == [
        '<a href="https://developer.velora.tv" target="_blank" rel="noopener noreferrer">'
        "the site</a>",
        "<strong>now</strong>",
    ]
