"""Everyone can use it: what axe-core finds in each state, dark and light."""

from __future__ import annotations

import pytest

from tests.harness.waiting import wait_until
from tests.page.conftest import Open
from tests.page.driver import DOWN, PageBrowser
from tests.page.states import STATES


@pytest.mark.parametrize("name", STATES)
def test_axe__finds_nothing(browser: PageBrowser, page: Open, name: str) -> None:
    page(name)
    browser.unfold()
    for scheme in ("dark", "light"):
        browser.prefer(scheme)
        assert browser.axe() == [], scheme


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe__finds_nothing_in_what_opens(browser: PageBrowser, page: Open, scheme: str) -> None:
    stand_in = page("live", width=900)
    browser.prefer(scheme)
    stand_in.answer = lambda _: {"answer": "One. Two. Three. Four.", "tone": "error"}
    browser.focus("[data-action=update_now]")
    browser.press("\ue007")
    browser.wait("return document.querySelector('.answer li')", "the answer")
    stand_in.refused = "That is not a title."
    browser.focus("[data-key=title] textarea")
    browser.press("x")
    browser.wait("return document.querySelector('.error:not([hidden])')", "the refusal")
    browser.focus("[data-key=category_entry] input")
    browser.press(DOWN)
    browser.wait("return document.querySelector('[role=option]')", "the list")
    browser.press(DOWN)
    assert browser.axe() == []


def test_news__are_announced(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    said = (
        "return [...document.querySelectorAll('[role=status], [role=alert]')]"
        ".map((node) => node.textContent)"
    )
    kept = "return window.kept.every((node) => node.isConnected)"
    browser.run("window.kept = [...document.querySelectorAll('[role=status], [role=alert]')]")
    stand_in.show(status={"text": "Your stream is live.", "tone": "warning"})
    wait_until(lambda: "Warning: Your stream is live." in browser.run(said), what="the news")
    stand_in.stop()
    wait_until(lambda: "OBS does not answer" in "".join(browser.run(said)), what="the loss")
    stand_in.start()
    wait_until(lambda: "Connected again." in browser.run(said), what="the return")
    assert browser.run(kept), "a region that is new itself is not read out"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe__finds_nothing_without_the_program(
    browser: PageBrowser, page: Open, scheme: str
) -> None:
    stand_in = page("set up")
    browser.prefer(scheme)
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the page to say so")
    assert browser.axe() == []
    assert "OBS does not answer" in browser.text()
    stand_in.start()
    browser.wait("return !document.querySelector('#connection button')", "the page to come back")
