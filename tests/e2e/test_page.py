"""The panel as a page: a real Chromium beside a real OBS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.page_world import CATEGORY, TAGS, TITLE, PageWorld
from tests.harness import Display, wait_until
from tests.page.driver import ENTER, TAB, PageBrowser
from tests.soak.page_acts import PageActs

SEED = 16
ACTS = 8
FIRST_HIT = "return document.querySelector('[role=option] .name')?.textContent === 'Music'"
GONE = "return document.querySelector('#connection p')?.textContent || ''"


@pytest.fixture(scope="module")
def browser() -> Iterator[PageBrowser]:
    with PageBrowser() as browser:
        yield browser


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
    page.wait(FIRST_HIT, "the category")
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
    """A share of `python -m tests.soak.page_acts`."""
    acts = PageActs(world, SEED)
    acts.begin()
    acts.do(ACTS)
    acts.compare_panel()
    world.quit_clean()
