"""Each act on the page, without a mouse."""

from __future__ import annotations

import json
from typing import Any

from tests.harness.waiting import wait_until
from tests.page.conftest import Open
from tests.page.driver import BACKSPACE, DOWN, ENTER, ESCAPE, SPACE, TAB, PageBrowser
from tests.page.stand_in import StandIn
from tests.page.states import STATES

TITLE = "[data-key=title] textarea"
CATEGORY = "[data-key=category_entry] input"
TAGS = "[data-key=tags_entry] input"
ONE_HIT = "return document.querySelectorAll('[role=option]').length === 1"


def wait_sent(stand_in: StandIn, values: dict[str, Any]) -> None:
    wait_until(lambda: stand_in.sent and stand_in.sent[-1] == values, what=f"{values} to be sent")


def test_tab__comes_by_everything_in_the_order_in_which_it_stands(
    browser: PageBrowser, page: Open
) -> None:
    page("managing")
    browser.unfold()
    browser.run("document.body.tabIndex = -1; document.body.focus()")
    wanted = browser.run(
        "return [...document.querySelectorAll("
        "'a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')]"
        ".filter((node) => node.offsetParent && !node.disabled)"
        ".map((node, at) => { node.dataset.place = at; return at; })"
    )
    came = []
    for _ in wanted:
        browser.press(TAB)
        came.append(browser.run("return Number(document.activeElement.dataset.place)"))
    assert came == wanted
    assert len(wanted) > 50


def test_title__its_length_is_there_at_each_letter_and_enter_sends_it(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("signed in")
    browser.focus(TITLE)
    for length, letter in enumerate("Grüß 🎲!", start=1):
        browser.press(letter)
        counted = browser.run("return document.querySelector('.count').textContent")
        assert counted == f"{length if letter != ' ' else length - 1}/140"
    browser.press(ENTER)
    wait_sent(stand_in, {"title": "Grüß 🎲!"})
    assert browser.value("title") == "Grüß 🎲!"
    browser.run("document.activeElement.value = 'x'.repeat(141)")
    browser.press("y")
    assert browser.run("return document.querySelector('.count.over').textContent") == "142/140"


def test_category__is_searched_and_chosen(browser: PageBrowser, page: Open) -> None:
    stand_in = page("signed in")
    browser.focus(CATEGORY)
    browser.press("mus")
    # And for what it was on the way, where keys come slowly.
    wait_until(lambda: stand_in.asked[-1:] == ["mus"], what="the search")
    browser.wait(ONE_HIT, "the hit")
    assert stand_in.sent == []  # a part of a name is no category
    browser.press(DOWN)
    chosen = browser.run(
        "const field = document.activeElement;"
        "return document.getElementById(field.getAttribute('aria-activedescendant')).textContent"
    )
    assert chosen == "Music"
    browser.press(ENTER)
    wait_sent(stand_in, {"category_entry": "music"})
    assert browser.run("return document.querySelector('[role=listbox]').hidden")
    assert browser.focused == "category_entry"


def test_category__a_late_answer_takes_nothing_from_what_is_chosen(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("signed in")
    browser.focus(CATEGORY)
    browser.press("mu")
    wait_until(lambda: stand_in.found[-1:] == ["mu"], what="the first search")
    browser.wait(ONE_HIT, "its hit")
    stand_in.finds.clear()
    browser.press("s")
    wait_until(lambda: stand_in.asked[-1] == "mus", what="the second search")
    browser.press(DOWN)
    stand_in.finds.set()
    wait_until(lambda: stand_in.found[-1] == "mus", what="its answer")
    browser.run("return fetch('api/v1/state').then((answer) => answer.text())")  # after that one
    browser.press(ENTER)
    wait_sent(stand_in, {"category_entry": "music"})


def test_category__a_picture_that_cannot_be_had_leaves_no_trace(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("signed in")
    stand_in.hits = [
        {"slug": name, "name": name, "picture": picture, "starred": False}
        for name, picture in (("a", "/icon.svg"), ("b", "/pictures/b"), ("c", None))
    ]
    browser.focus(CATEGORY)
    browser.press(DOWN)
    there = (
        "return [...document.querySelectorAll('.picture')]"
        ".map((it) => Boolean(it.querySelector('img')?.naturalWidth || it.firstChild))"
    )
    wait_until(lambda: browser.run(there) == [True, False, False], what="the one picture")


def test_category__escape_leaves_it_as_it_was(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    before = browser.value("category_entry")
    browser.focus(CATEGORY)
    browser.press("mus")
    browser.press(ESCAPE, ESCAPE, TAB)
    assert browser.value("category_entry") == before
    assert stand_in.sent == []


def test_category__can_be_cleared(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    browser.focus(CATEGORY)
    browser.press(TAB, ENTER)
    wait_sent(stand_in, {"category_entry": ""})


def test_tags__are_added_and_taken_away(browser: PageBrowser, page: Open) -> None:
    stand_in = page("signed in")
    browser.focus(TAGS)
    browser.press("english,")
    wait_sent(stand_in, {"tags_entry": "english"})
    browser.press("a b", ENTER)
    wait_sent(stand_in, {"tags_entry": "english, a b"})
    browser.press("english", ENTER)  # it is there
    browser.press(BACKSPACE)
    wait_sent(stand_in, {"tags_entry": "english"})
    browser.press(TAB, shift=True)
    assert browser.focused == "tags_entry" or "english" in browser.focused
    browser.run("document.querySelector('.chip button').focus()")
    browser.press(SPACE)
    wait_sent(stand_in, {"tags_entry": ""})
    assert browser.run("return document.activeElement.placeholder") == "Add a tag"


def test_preset__is_applied_in_one_press(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    browser.run("document.querySelectorAll('.preset')[1].focus()")
    browser.press(SPACE)
    wait_until(lambda: stand_in.pressed == ["preset_apply"], what="the press")
    assert stand_in.sent == [{"preset": "p2"}]


def test_new_key__takes_two_steps_and_the_focus_follows(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")

    def answer(action: str) -> dict[str, Any]:
        asked = STATES["asked" if action == "regenerate" else "set up"]["question"]
        stand_in.show(question=asked)
        return {"answer": ""}

    stand_in.answer = answer
    browser.focus("[data-action=regenerate]")
    browser.press(ENTER)
    wait_until(lambda: browser.focused == "regenerate_no", what="the question to have the focus")
    browser.press(ENTER)
    wait_until(lambda: browser.focused == "regenerate", what="the focus to come back")
    wait_until(lambda: stand_in.pressed == ["regenerate", "regenerate_no"], what="both presses")
    browser.wait("return !document.querySelector('[aria-busy=true]')", "both answers")
    browser.press(ENTER)
    wait_until(lambda: browser.focused == "regenerate_no", what="the question to have the focus")
    browser.press(TAB, shift=True)
    assert browser.focused == "regenerate_yes"
    browser.press(ENTER)
    wait_until(lambda: stand_in.pressed[-1] == "regenerate_yes", what="the press")


def test_focus__stays_where_a_button_was(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")

    def answer(action: str) -> dict[str, Any]:
        name = "managing" if action == "presets_more" else "signed in"
        stand_in.show(sections=STATES[name]["sections"])
        return {"answer": ""}

    stand_in.answer = answer
    browser.focus("[data-action=presets_more]")
    browser.press(ENTER)
    wait_until(lambda: browser.focused == "presets_less", what="the focus to stay in its row")
    browser.focus("[data-action=set_count]")
    browser.press(ENTER)
    wait_until(lambda: browser.focused == "Presets", what="the focus to stay in its section")


def test_check__is_answered_as_a_list_below_its_button(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    said = "Everything is in order. Velora is reachable. Stream key OK (••••z789)."
    stand_in.answer = lambda _: {"answer": said, "tone": "normal"}
    browser.focus("[data-action=check]")
    browser.press(ENTER)
    items = browser.wait(
        "return [...document.querySelectorAll('[data-section=setup] .answer li')]"
        ".map((node) => node.textContent)",
        "the answer",
    )
    assert items == [
        "Everything is in order.",
        "Velora is reachable.",
        "Stream key OK (••••z789).",
    ]


def test_token__goes_one_way(browser: PageBrowser, page: Open) -> None:
    stand_in = page("signed out")
    browser.focus("[data-key=access_token] input")
    browser.press("test_access_0000", ENTER)
    wait_sent(stand_in, {"access_token": "test_access_0000"})
    browser.wait("return !document.querySelector('[data-key=access_token] input').value", "it")
    assert "test_access_0000" not in browser.source()
    assert browser.run("return JSON.stringify([{...localStorage}, {...sessionStorage}])") == (
        json.dumps([{}, {}]).replace(" ", "")
    )


def test_sign_in__takes_what_was_typed_and_not_saved(browser: PageBrowser, page: Open) -> None:
    stand_in = page("own app")
    for key in ("client_id", "client_secret"):
        browser.focus(f"[data-key={key}] input")
        browser.press(f"test_{key}_0000")
    assert stand_in.sent == []  # a part of a secret is none
    browser.focus("[data-action=sign_in]")
    browser.press(ENTER)
    wait_until(lambda: stand_in.pressed == ["sign_in"], what="the press")
    first, second = stand_in.sent
    assert first == {"client_id": "test_client_id_0000"}
    assert second == {"client_secret": "test_client_secret_0000"}
    assert browser.run("return !document.querySelector('.dirty')")
    assert browser.run("return !document.querySelector('[data-key=client_secret] input').value")


def test_greyed_button__can_be_reached_and_says_why(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    sections = json.loads(json.dumps(stand_in.state["sections"]))
    for element in sections["info"]:
        if element["key"] == "update_now":
            element |= {"enabled": False, "help": "The permission is missing."}
    stand_in.show(sections=sections)
    script = "return document.querySelector('[data-action=update_now]').ariaDisabled === 'true'"
    browser.wait(script, "the button to be grey")
    browser.focus("[data-action=update_now]")
    browser.press(ENTER)
    said = "return [...document.querySelectorAll('[role=status]')].map((node) => node.textContent)"
    wait_until(lambda: "The permission is missing." in browser.run(said), what="the reason")
    assert stand_in.pressed == []


def test_other_fields__are_sent_as_what_they_are(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    browser.focus("[data-key=suit_encoder] input")
    browser.press(SPACE)
    wait_sent(stand_in, {"suit_encoder": True})
    browser.focus("[data-key=protocol] select")
    browser.press("s")
    wait_sent(stand_in, {"protocol": "srt"})
    browser.focus("[data-key=live_interval] input")
    browser.run("document.activeElement.select()")
    browser.press("45", ENTER)
    wait_sent(stand_in, {"live_interval": 45})
    browser.run("document.activeElement.select()")
    browser.press("9999999")
    browser.wait("return document.querySelector('.error:not([hidden])')", "the limits to be said")
    browser.press(TAB)
    wait_until(lambda: browser.value("live_interval") == "45", what="what was sent to be back")
    assert stand_in.sent[-1] == {"live_interval": 45}


def test_section__is_folded_and_stays_so(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    script = "return document.querySelector('[data-section=info]').open"
    browser.run("document.querySelector('[data-section=info] summary').focus()")
    browser.press(ENTER)
    assert browser.run(script) is False
    browser.show(stand_in.address)
    assert browser.run(script) is False
    browser.run("localStorage.clear()")


def test_tip__opens_with_the_focus_and_closes_by_escape(browser: PageBrowser, page: Open) -> None:
    page("set up")
    browser.focus("[data-section=info] .help")
    shown = (
        "const tip = document.activeElement.nextElementSibling;"
        "return tip?.textContent.includes('140 characters') && getComputedStyle(tip).visibility"
    )
    browser.press(TAB)
    browser.press(TAB, shift=True)
    assert browser.run(shown) == "visible"
    browser.press(ESCAPE)
    assert browser.run(shown) == "hidden"
