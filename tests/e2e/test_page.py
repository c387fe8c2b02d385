"""The panel as a page: a real Chromium beside a real OBS."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import World
from tests.harness import BrowserButton, Display, Profile, wait_until
from tests.page.driver import ENTER, TAB, PageBrowser

SEED = 16
ACTS = 8
TITLE = "[data-key=title] textarea"
CATEGORY = "[data-key=category_entry] input"
TAGS = "[data-key=tags_entry] input"
GONE = "return document.querySelector('#connection p')?.textContent || ''"


@pytest.fixture(scope="module")
def browser() -> Iterator[PageBrowser]:
    with PageBrowser() as browser:
        yield browser


class PageWorld(World):
    """A world in which a browser shows the page."""

    def __init__(self, display: Display, folder: Path, browser: PageBrowser) -> None:
        super().__init__(display, folder)
        self.button = BrowserButton(folder / "browser")
        self.page = browser

    def open_page(self, settings: dict[str, Any], **how: Any) -> None:
        """Start OBS, and open the page by the panel's button."""
        self.start(settings, environment=self.button.environment, **how)
        assert self.press("Open the dock").startswith("The dock is on")
        self.page.show(self.button.wait(), width=300)
        self.page.unfold()

    def press_on_page(self, action: str) -> None:
        """Press a button by the keyboard."""
        self.page.wait(f"return document.querySelector('[data-action={action}]')", action)
        self.page.focus(f"[data-action={action}]")
        self.page.press(ENTER)

    def wait_said(self, part: str) -> None:
        """Wait until the page's status has a part in it."""
        script = "return document.getElementById('status').textContent"
        wait_until(
            lambda: part in self.page.run(script),
            what=f"the page to say {part!r}",
            details=lambda: str(self.page.text()),
        )

    def type_on_page(self, selector: str, text: str) -> None:
        """Replace what is in a line, and leave it."""
        self.page.focus(selector)
        self.page.run("document.activeElement.select()")
        self.page.press(text, TAB)
        wait_until(self.all_sent, what="it to be sent")

    def all_sent(self) -> bool:
        return bool(self.page.run("return !document.querySelector('.dirty')"))


@pytest.fixture
def world(display: Display, tmp_path: Path, browser: PageBrowser) -> Iterator[PageWorld]:
    with PageWorld(display, tmp_path, browser) as world:
        yield world


def test_page__runs_a_whole_stream(world: PageWorld) -> None:
    page = world.page
    world.open_page({"page_kept": True})
    key = world.velora.account.stream_key
    world.press_on_page("configure")
    world.wait_said("OBS will stream to")
    service = world.obs.request("GetStreamServiceSettings")["streamServiceSettings"]
    assert (service["server"], service["key"]) == (world.rtmp.url, key)
    assert key not in page.source()

    world.type_on_page(TITLE, "From the page")
    page.focus(CATEGORY)
    page.press("musi")
    page.wait("return document.querySelector('[role=option]')", "the category")
    page.press("\ue015", ENTER)
    page.focus(TAGS)
    page.press("english,late", ENTER)
    wait_until(world.all_sent, what="all to be sent")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(world.updates, what="the info to arrive")
    assert world.updates()[-1] == {
        "title": "From the page",
        "categorySlug": "music",
        "tags": ["english", "late"],
    }
    page.wait("return document.querySelector('.air.on .time')?.textContent", "the running time")
    page.wait("return document.querySelector('.figures dd').textContent === '0'", "the viewers")
    world.type_on_page(TITLE, "Later")
    world.press_on_page("update_now")
    wait_until(lambda: world.updates()[-1].get("title") == "Later", what="the second title")
    assert page.axe() == []
    world.obs.stop_stream()
    page.wait("return !document.querySelector('.air.on')", "the end of the stream")

    world.press_on_page("regenerate")
    wait_until(lambda: page.focused == "regenerate_no", what="the question to have the focus")
    page.press(TAB, shift=True)
    page.press(ENTER)
    world.wait_said("with your new key")
    assert world.velora.account.stream_key != key
    world.press_on_page("check")
    page.wait("return document.querySelector('.answer li')", "the findings")
    for secret in (key, world.velora.account.stream_key, world.token):
        assert secret not in page.source()
    world.quit_clean()
    wait_until(lambda: "OBS does not answer" in page.run(GONE), what="the page to say so")
    page.focus(TITLE)
    page.press("!", TAB)
    world.start_again()
    wait_until(lambda: page.run(GONE) == "", what="the page to come back")
    wait_until(world.all_sent, what="what was typed meanwhile to arrive")
    world.press("Refresh")
    assert world.panel.text("Title") == "Later!"
    world.quit_clean()


def test_page_and_panel__agree_after_acts_on_both(world: PageWorld) -> None:
    """An order of acts that a seed gives; the later one wins."""
    world.open_page({"title": "First"}, profiles=[Profile(service=world.velora_service())])
    chance = random.Random(SEED)
    last: dict[str, str] = {"title": "First", "tags": ""}
    for number in range(ACTS):
        act = chance.choice(["page title", "page tag", "panel title", "panel tags", "update"])
        text = f"{act} {number}"
        if act == "page title":
            world.type_on_page(TITLE, text)
            last["title"] = text
        elif act == "page tag":
            world.page.focus(TAGS)
            world.page.press(text, ENTER)
            wait_until(world.all_sent, what="the tag to be sent")
            last["tags"] = ", ".join(filter(None, [last["tags"], text]))
        elif act == "panel title":
            world.panel.set_text("Title", text)
            last["title"] = text
        elif act == "panel tags":
            world.panel.set_text("Tags", text)
            last["tags"] = text
        else:
            world.press_on_page("update_now")
            wait_until(lambda: _sent(world) == last["title"], what="the update")
        wait_until(lambda: _shown(world) == last, what=f"the page to agree after {text}")
    world.press("Refresh")
    assert {"title": world.panel.text("Title"), "tags": world.panel.text("Tags")} == last
    world.quit_clean()


def _sent(world: PageWorld) -> str:
    return str(world.updates()[-1].get("title")) if world.updates() else ""


def _shown(world: PageWorld) -> Any:
    return world.page.run(
        "document.activeElement.blur();"
        "return {title: document.querySelector('[data-key=title] textarea').value,"
        "tags: [...document.querySelectorAll('.chip span')].map((it) => it.textContent).join(', ')}"
    )
