"""What is typed is never overwritten and never lost, and the later of two changes wins."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.harness.waiting import wait_until
from tests.page.conftest import Open
from tests.page.driver import ENTER, TAB, PageBrowser
from tests.page.stand_in import StandIn
from tests.page.test_keyboard import TAGS, TITLE, wait_sent
from velora_core.messages.en.web import MESSAGES

SEED = 20261126


def change(stand_in: StandIn, **values: Any) -> None:
    """Change fields in the panel, as somebody there would."""
    sections = json.loads(json.dumps(stand_in.state["sections"]))
    for element in sections["info"]:
        if element["key"] in values:
            element["value"] = values[element["key"]]
    stand_in.show(sections=sections)


def is_sent(browser: PageBrowser) -> bool:
    return bool(browser.run("return !document.querySelector('.dirty')"))


def test_typing__is_not_overwritten_by_what_comes_meanwhile(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    browser.focus(TITLE)
    browser.run("document.activeElement.select()")
    for letter in "My own":
        browser.press(letter)
        change(stand_in, title=f"Theirs, before {letter}")
    assert browser.value("title") == "My own"
    wait_sent(stand_in, {"title": "My own"})
    change(stand_in, title="Theirs, later")
    browser.press("!", TAB)
    wait_sent(stand_in, {"title": "My own!"})
    wait_until(lambda: is_sent(browser), what="it to have arrived")
    change(stand_in, title="Theirs, last")
    wait_until(lambda: browser.value("title") == "Theirs, last", what="the later one")


def test_change__is_shown_at_once_where_nobody_types(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    browser.focus(TAGS)
    change(stand_in, title="Theirs", tags_entry="a, b", category_entry="Chess")
    wait_until(lambda: browser.value("title") == "Theirs", what="the title")
    assert browser.value("category_entry") == "Chess"
    chips = "return [...document.querySelectorAll('.chip span')].map((node) => node.textContent)"
    assert browser.run(chips) == ["a", "b"]


def test_typed__is_marked_until_it_is_sent_and_kept_without_the_program(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    marks = "return [...document.querySelectorAll('.mark:not([hidden])')].length"
    browser.focus(TITLE)
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the page to notice")
    browser.press("x", TAB)
    browser.focus(TAGS)
    browser.press("late", ENTER)
    assert browser.run(marks) == 2
    title = browser.value("title")
    stand_in.start()
    wait_until(lambda: len(stand_in.sent) == 2, what="both to be sent")
    assert stand_in.sent[0] == {"title": title}
    assert stand_in.sent[1]["tags_entry"].endswith(", late")
    wait_until(lambda: browser.run(marks) == 0, what="the marks to go")
    assert browser.value("title") == title


def test_refused__is_said_at_the_field_and_stays_there(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    stand_in.refused = "The title contains a line break: remove it."
    browser.focus(TITLE)
    browser.press("x", TAB)
    error = browser.wait(
        "return document.querySelector('[data-key=title] .error:not([hidden])')?.textContent",
        "the reason",
    )
    assert error == stand_in.refused
    assert browser.value("title").endswith("x")
    stand_in.refused = ""
    browser.focus(TITLE)
    browser.press("y", TAB)
    wait_until(lambda: stand_in.sent, what="the next try")
    wait_until(lambda: is_sent(browser), what="the mark to go")


def test_secret__that_is_typed_on_after_it_was_saved_is_not_lost(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("signed out")
    browser.focus("[data-key=access_token] input")
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the page to notice")
    browser.press("test_access_00", ENTER)
    browser.press("11")
    stand_in.start()
    wait_until(lambda: stand_in.sent == [{"access_token": "test_access_00"}], what="the first")
    browser.wait("return !document.querySelector('#connection button')", "the page to be back")
    assert browser.value("access_token") == "test_access_0011"
    assert not is_sent(browser)
    browser.press(ENTER)
    wait_sent(stand_in, {"access_token": "test_access_0011"})
    wait_until(lambda: browser.value("access_token") == "", what="it to be taken")


def test_press__waits_for_what_the_program_has_no_time_to_take(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    stand_in.refused, stand_in.refused_with = "OBS is busy.", 503
    browser.focus(TITLE)
    browser.press("x")
    browser.focus("[data-action=update_now]")
    browser.press(ENTER)
    said = browser.wait(
        "return document.querySelector('.answer:not([hidden])')?.textContent", "the answer"
    )
    assert said == MESSAGES["web.not_done"].format(host="OBS")
    assert stand_in.pressed == []  # it would have sent the title of before
    stand_in.refused = ""
    browser.press(ENTER)
    wait_until(lambda: stand_in.pressed == ["update_now"], what="the press")
    assert stand_in.sent[-1]["title"].endswith("x")


@pytest.mark.parametrize("round_", range(3))
def test_page_and_panel__agree_after_acts_on_both(
    browser: PageBrowser, page: Open, round_: int
) -> None:
    """Forty acts on each, in an order that a seed gives."""
    stand_in = page("set up")
    chance = random.Random(SEED + round_)
    for number in range(40):
        act = chance.choice(["panel", "type", "tag", "box", "leave", "restart"])
        if act == "panel":
            change(stand_in, title=f"Panel {number}", tags_entry=f"p{number}")
        elif act == "type":
            browser.focus(TITLE)
            browser.press(chance.choice("abc é"))
        elif act == "tag":
            browser.focus(TAGS)
            browser.press(f"t{number}", ENTER)
        elif act == "box":
            browser.focus("[data-key=suit_encoder] input")
            browser.press(" ")
        elif act == "leave":
            browser.press(TAB)
        elif chance.random() < 0.3:
            stand_in.stop()
            stand_in.show(instance=f"again {number}")
            stand_in.start()
    browser.focus("[data-section=info] summary")

    def agree() -> bool:
        shown = browser.run(
            "return [document.querySelector('[data-key=title] textarea').value,"
            "[...document.querySelectorAll('.chip span')].map((it) => it.textContent).join(', '),"
            "document.querySelector('[data-key=suit_encoder] input').checked]"
        )
        has = {
            element["key"]: element.get("value", False)
            for elements in stand_in.state["sections"].values()
            for element in elements
        }
        wanted = [has["title"], has["tags_entry"], has["suit_encoder"]]
        return is_sent(browser) and shown == wanted

    wait_until(agree, what="the page to show what the panel has")
