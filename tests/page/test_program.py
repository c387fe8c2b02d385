"""The page and its real server: each button, and that panel and page never disagree."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.waiting import wait_until
from tests.page.driver import DOWN, ENTER, TAB, PageBrowser
from tests.page.offers import offered, to_offer
from tests.page.test_keyboard import CATEGORY, TAGS, TITLE
from tests.ports import free_port
from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, run, run_until_idle
from velora_core.api.models import Category
from velora_core.application import Application
from velora_core.panel.elements import Action
from velora_core.panel.json import element_to_plain
from velora_core.web import start_page

ACTS = int(os.environ.get("VELORA_PAGE_ACTS", "60"))
"""Of the walk on both; another number is for those who look for something."""
SEED = 20261126
_LAST = ("presets_less", "preset_delete_yes", "regenerate_yes")
"""They end what others need."""
_AGAIN = {"regenerate_no": "regenerate", "preset_delete_no": "preset_delete"}
"""By what was answered with no, what is to be asked once more."""


class Program:
    """An application with its page in a browser; this thread is its UI thread."""

    def __init__(self, app: Application, velora: FakeVelora, browser: PageBrowser) -> None:
        self.app = app
        self.velora = velora
        self.browser = browser

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait until something is so, and be the UI thread meanwhile."""

        def look() -> Any:
            self.app.process_ui_queue()
            return condition()

        return wait_until(look, what=what, interval=0.02)

    def press(self, action: str) -> None:
        """Press a button of the page's by the keyboard, and wait for its answer."""
        self.browser.focus(f"[data-action={action}]")
        self.browser.press(ENTER)
        self.wait(
            lambda: self.browser.run("return !document.querySelector('[aria-busy=true]')"),
            f"an answer to {action}",
        )
        run_until_idle(self.app)
        self.wait(
            lambda: offered(self.browser) == self.to_offer(), "the page to offer what it should"
        )

    def type(self, selector: str, *keys: str) -> None:
        """Press keys in an element, as soon as it is there."""
        here = "return document.querySelector(arguments[0])"
        self.wait(lambda: self.browser.run(here, selector), selector)
        self.browser.focus(selector)
        self.browser.press(*keys)

    def to_offer(self) -> set[str]:
        """Return the actions that the page is to offer."""
        sections = self.app.sections(self.app.features.page.view())
        return to_offer(map(element_to_plain, sections.walk()))

    def agrees(self) -> bool:
        """Return whether the page shows what the fields hold."""
        settings = self.app.settings
        shown = self.browser.run(
            "const value = (key) => document.querySelector(`[data-key=${key}] input,"
            "[data-key=${key}] textarea, [data-key=${key}] select`);"
            "return [value('title').value, value('category_entry').value,"
            "[...document.querySelectorAll('.chip span')].map((node) => node.textContent),"
            "value('suit_encoder').checked, value('protocol').value,"
            "document.querySelectorAll('.dirty').length]"
        )
        return bool(
            shown
            == [
                settings.title,
                settings.category_name or settings.category,
                list(settings.tags),
                settings.suit_encoder,
                settings.protocol,
                0,
            ]
        )


@pytest.fixture
def program(
    browser: PageBrowser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    host, velora = FakeHost(), FakeVelora()
    velora.hits = {"mus": (Category("music", "Music"), Category("musical", "Musicals"))}
    monkeypatch.setattr("velora_core.api.client.VeloraClient", velora)
    monkeypatch.setattr("velora_core.web.server.PORT", free_port())
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    environment = {"VELORA_ACCESS_TOKEN": TOKEN}
    app = Application(host, environment=environment, folder=tmp_path, page=start_page)
    try:
        app.panel_opened()
        run_until_idle(app)
        run(app, app.press(Action.OPEN_PAGE))
        program = Program(app, velora, browser)
        browser.resize(300, 900)
        browser.open(str(app.panel().find("page_address").value))
        browser.wait("return document.querySelector('#status')?.textContent", "the page")
        browser.unfold()
        yield program
    finally:
        app.close()


def test_each_button__is_pressed_and_does_what_it_says(program: Program) -> None:
    """Breadth first: each that is offered, until there is none that was not pressed."""
    velora, browser = program.velora, program.browser
    program.type(TITLE, "From the page", TAB)
    program.type(CATEGORY, "mus")
    program.wait(lambda: browser.run("return document.querySelector('[role=option]')"), "the hits")
    browser.press(DOWN, ENTER)
    program.type(TAGS, "english", ENTER)
    program.wait(program.agrees, "the fields to have it")
    program.press("update_now")
    sent = {"title": "From the page", "category_slug": "music", "tags": ("english",)}
    assert velora.named("update")[-1] == sent
    program.press("presets_more")
    program.type("[data-key=preset_name] input", "One", TAB)
    program.wait(lambda: program.app.settings.preset_name == "One", "the name")
    program.press("preset_save")
    program.type("[data-key=recent] select", DOWN)
    program.wait(lambda: program.app.settings.recent, "the recent title to be chosen")
    program.type(".preset", ENTER)
    preset = program.app.state.presets[0].id
    program.wait(lambda: program.app.settings.preset == preset, "the preset to be chosen")
    pressed = {"update_now", "presets_more", "preset_save", "preset_apply"}
    for _ in range(60):
        rest = [action for action in offered(browser) if action not in pressed]
        if not rest:
            break
        rest.sort(key=lambda action: (action in _LAST, action))
        program.press(rest[0])
        pressed.add(rest[0])
        pressed.discard(_AGAIN.get(rest[0], ""))
    assert not rest
    assert len(pressed) > 20
    assert {"regenerate_yes", "regenerate_no", "configure", "restore", "check"} <= pressed
    assert {"preset_delete_yes", "preset_delete_no", "recent_use", "set_count"} <= pressed
    assert velora.named("regenerate")
    assert browser.axe() == []


def test_page_and_panel__agree_after_each_act(program: Program) -> None:
    """An order of acts on both that a seed gives."""
    app, browser = program.app, program.browser
    chance = random.Random(SEED)
    for number in range(ACTS):
        act = chance.randrange(8)
        if act == 0:
            app.edit({"title": f"Panel {number}", "tags_entry": f"a{number}, b"})
        elif act == 1:
            app.edit({"category_entry": chance.choice(["Music", "", "no such", "just-chatting"])})
        elif act == 2:
            app.edit({"suit_encoder": bool(number % 2), "protocol": chance.choice(["rtmp", "srt"])})
        elif act == 3:
            browser.focus(TITLE)
            browser.press(chance.choice(["x", "é", "🎲", " y"]), TAB)
        elif act == 4:
            browser.focus(TAGS)
            browser.press(f"t{number}", ENTER, TAB)
        elif act == 5:
            browser.focus("[data-key=suit_encoder] input")
            browser.press(" ")
        elif act == 6:
            browser.focus(CATEGORY)
            browser.press(chance.choice("mj"), ENTER, TAB)
        else:
            program.press(chance.choice(["update_now", "refresh", "load"]))
        browser.run("document.activeElement.blur()")
        program.wait(program.agrees, f"the page to agree after act {number}, {act}")
