"""The way to other software's pages, where one server has them all."""

from __future__ import annotations

from tests.page.conftest import Open
from tests.page.driver import PageBrowser

LINKS = (
    "return [...document.querySelectorAll('nav:not([hidden]) a')]"
    ".map((link) => [link.textContent, link.getAttribute('href'), link.ariaCurrent])"
)


def test_pages__are_led_to_and_this_one_is_marked(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    assert browser.run(LINKS) == []
    here, there = {"name": "OBS", "path": "/"}, {"name": "OBS (studio-pc:4455)", "path": "/2/"}
    stand_in.show(pages=[here, there])
    browser.wait("return document.querySelector('nav a')", "the way to the other page")
    assert browser.run(LINKS) == [["OBS", "/", "page"], ["OBS (studio-pc:4455)", "/2/", None]]
    assert browser.axe() == []
    assert not browser.has_horizontal_scroll()
    browser.run("document.querySelector('nav a').focus()")
    stand_in.show(status={"text": "Later."})
    later = "return document.getElementById('status').textContent === 'Later.'"
    browser.wait(later, "another state")
    assert browser.focused == "OBS"
    stand_in.show(pages=[here])
    browser.wait("return document.querySelector('nav').hidden", "nothing to lead to")
