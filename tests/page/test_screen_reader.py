"""A stream is run by what a screen reader has of the page; names and actions, never a selector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import Display
from tests.harness.waiting import wait_until
from tests.harness.widgets import Node
from tests.page.conftest import Open
from tests.page.driver import BACKSPACE, TAB, PageBrowser
from tests.page.screen_reader import ScreenReader

_CONTROLS = {
    *("push button", "toggle button", "entry", "password text", "combo box", "check box"),
    *("spin button", "link", "list box"),
}
THERE = (
    "return [...document.querySelectorAll('a[href], button, input, select, textarea')]"
    ".filter((node) => node.checkVisibility({visibilityProperty: true})).length"
)


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display


@pytest.fixture(scope="module")
def chromium(display: Display) -> Iterator[PageBrowser]:
    """Stand in for the browser of all other tests, of which no reader can read anything."""
    with PageBrowser(display=display) as browser:
        yield browser


@pytest.fixture
def reader(display: Display, browser: PageBrowser) -> Iterator[ScreenReader]:
    with ScreenReader(display, browser.pid) as reader:
        yield reader


def found(reader: ScreenReader, role: str, name: str) -> Node:
    node = wait_until(lambda: reader.find(role, name), what=f"{role} {name!r}")
    assert isinstance(node, Node)
    return node


@pytest.mark.parametrize("name", ["signed out", "managing", "asked"])
def test_each_control__has_a_name(
    browser: PageBrowser, page: Open, reader: ScreenReader, name: str
) -> None:
    page(name)
    browser.unfold()
    there = browser.run(THERE)
    assert there > 10

    def controls() -> list[Node]:
        found = [node for node in reader.page() if node.role in _CONTROLS]
        return found if len(found) >= there else []

    wanted = wait_until(controls, what="all of the page to be read")
    assert [node for node in wanted if not node.name] == []


def test_stream__is_run_without_seeing_it(
    browser: PageBrowser, page: Open, reader: ScreenReader
) -> None:
    stand_in = page("live")
    found(reader, "image", "Viewers in this stream: 42 now, at least 3, at most 57.")
    title = found(reader, "entry", "Title")
    assert title.text == browser.value("title")
    update = found(reader, "push button", "Update now")
    assert update.description.startswith("Sends your changes")
    stand_in.answer = lambda _: {"answer": "Velora has your title.", "tone": "normal"}
    reader.act(update)
    wait_until(lambda: stand_in.pressed == ["update_now"], what="the press")
    stand_in.show(status={"text": "Your stream has ended.", "tone": "warning"})
    wait_until(lambda: "Warning: Your stream has ended." in reader.status(), what="the news")

    reader.act(found(reader, "toggle button", "Apply the preset Just talking"), "check")
    wait_until(lambda: stand_in.pressed[1:] == ["preset_apply"], what="the preset")
    stand_in.refused = "Velora takes no such title."
    browser.focus("[data-key=title] textarea")
    wait_until(
        lambda: "focused" in found(reader, "entry", "Title").states, what="the reader to be there"
    )
    browser.press("x", BACKSPACE, TAB)
    wait_until(lambda: stand_in.refused in reader.status(), what="the refusal to be read out")
    wait_until(
        lambda: "invalid-entry" in found(reader, "entry", "Title").states, what="the mark at it"
    )
    stand_in.stop()
    gone = "OBS does not answer."
    wait_until(lambda: any(gone in said for said in reader.status()), what="the loss")
    found(reader, "push button", "Try again")
    stand_in.start()
    wait_until(lambda: "Connected again." in reader.status(), what="the return")
