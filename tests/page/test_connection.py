"""The page without its program, and with another version of it."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.harness.waiting import wait_until
from tests.page.conftest import Open
from tests.page.driver import ENTER, TAB, PageBrowser
from tests.page.test_keyboard import TITLE

GONE = "return document.querySelector('#connection p')?.textContent || ''"


@pytest.mark.parametrize("how", ["is closed", "is killed"])
def test_program__goes_and_comes_back(browser: PageBrowser, page: Open, how: str) -> None:
    stand_in = page("live")
    stand_in.says_bye = how == "is closed"
    for number in range(3):
        stand_in.stop()
        wait_until(lambda: "OBS does not answer" in browser.run(GONE), what="the page to say so")
        news = f"Here again, {number}."
        stand_in.show(instance=f"number {number}", status={"text": news})
        stand_in.start()
        wait_until(lambda: browser.run(GONE) == "", what="the page to come back")
        said = "return document.getElementById('status').textContent === arguments[0]"
        browser.wait(said, "the news", news)


def test_retry__is_one_press(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the button")
    browser.focus("#connection button")
    stand_in.start()
    browser.press(ENTER)
    wait_until(lambda: browser.run(GONE) == "", what="the page to come back")


AT_HAND = (
    "return caches.match('./').then((page) =>"
    "navigator.serviceWorker.getRegistration().then((it) => Boolean(page && it?.active)))"
)


def test_opened_before_its_program__says_so_and_comes_by_itself(
    browser: PageBrowser, page: Open
) -> None:
    """One that was opened here before; a dock does that, and a browser that restores its tabs."""
    stand_in = page("live")
    browser.wait(AT_HAND, "the page to be at hand")
    stand_in.stop()
    browser.open(f"{stand_in.address}?ticket=used-up")
    wait_until(lambda: "The program does not answer" in browser.run(GONE), what="the page")
    assert browser.axe() == []
    browser.run("window.before = true")
    stand_in.show(version="99.0", instance="later", status={"text": "Here now."})
    stand_in.start()
    said = "return document.getElementById('status')?.textContent"
    wait_until(lambda: browser.run(said) == "Here now.", what="its state")
    assert not browser.run("return window.before"), "its files may be of another version"
    wait_until(lambda: browser.run(GONE) == "", what="the page to say no more of it")


class _Another(BaseHTTPRequestHandler):
    """Another program, which answers whatever it is asked."""

    status, content = HTTPStatus.OK, b"OK"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def do_PATCH(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_program_at_the_port__is_shown_where_the_page_was(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    browser.wait(AT_HAND, "the page to be at hand")
    stand_in.stop()
    with ThreadingHTTPServer(("127.0.0.1", stand_in.port), _Another) as another:
        thread = threading.Thread(target=another.serve_forever, args=(0.02,))
        thread.start()
        browser.open(stand_in.address)
        assert browser.text() == "OK"
        another.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (HTTPStatus.OK, b"OK"),
        (HTTPStatus.OK, b"{}"),
        (HTTPStatus.NOT_FOUND, b'{"detail": "Not Found"}'),
    ],
)
def test_another_program_at_the_port__gets_for_sent_nothing_that_was_typed(
    browser: PageBrowser, page: Open, status: HTTPStatus, content: bytes
) -> None:
    class Another(_Another):
        pass

    Another.status, Another.content = status, content
    stand_in = page("set up")
    stand_in.stop()
    with ThreadingHTTPServer(("127.0.0.1", stand_in.port), Another) as another:
        thread = threading.Thread(target=another.serve_forever, args=(0.02,))
        thread.start()
        wait_until(lambda: "OBS does not answer" in browser.run(GONE), what="the page to say so")
        browser.focus(TITLE)
        browser.run("document.activeElement.select()")
        browser.press("Mine", TAB)
        browser.focus("[data-action=update_now]")
        browser.press(ENTER)
        browser.wait("return document.querySelector('.answer p')?.textContent", "what it says")
        assert browser.run("return document.querySelectorAll('.dirty').length") == 1
        another.shutdown()
        thread.join()
    stand_in.start()
    wait_until(lambda: stand_in.sent == [{"title": "Mine"}], what="it to be sent")
    assert stand_in.pressed == []


def test_refused__says_to_open_it_again(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    stand_in.let_in = False
    stand_in.stop()
    stand_in.start()
    wait_until(lambda: "open it from the panel again" in browser.run(GONE), what="the page")
    stand_in.let_in = True
    wait_until(lambda: browser.run(GONE) == "", what="the page to come back")


def test_other_version__reloads_the_page_once(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    browser.run("window.before = true")
    stand_in.show(version="99.0")
    wait_until(lambda: not browser.run("return window.before"), what="the page to load anew")
    browser.wait("return document.querySelector('#status')?.textContent", "its state")
    browser.run("window.again = true")
    stand_in.show(status={"text": "Newer."})
    said = "return document.getElementById('status').textContent"
    wait_until(lambda: browser.run(said) == "Newer.", what="news")
    assert browser.run("return window.again")


def test_other_version__comes_once_what_was_typed_has_arrived(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the page to notice")
    browser.focus(TITLE)
    browser.run("document.activeElement.select()")
    browser.press("Typed meanwhile", TAB)
    browser.run("window.before = true")
    stand_in.show(version="99.0", instance="updated")
    stand_in.start()
    drawn = "return !window.before && Boolean(document.querySelector(arguments[0]))"
    browser.wait(drawn, "the page to load anew", TITLE)
    wait_until(lambda: browser.value("title") == "Typed meanwhile", what="what was typed")
    assert stand_in.sent == [{"title": "Typed meanwhile"}]


def test_other_version__that_does_not_take_what_was_typed_is_said(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    stand_in.stop()
    browser.wait("return document.querySelector('#connection button')", "the page to notice")
    browser.focus(TITLE)
    browser.run("document.activeElement.select()")
    browser.press("Typed meanwhile", TAB)
    stand_in.refused, stand_in.refused_with = "OBS is busy.", 503
    stand_in.show(version="99.0", instance="updated")
    stand_in.start()
    wait_until(lambda: "another version of Velora" in browser.run(GONE), what="the page to say so")
    assert browser.value("title") == "Typed meanwhile"
    assert browser.axe() == []
    browser.run("window.before = true")
    stand_in.refused = ""
    wait_until(lambda: not browser.run("return window.before"), what="the page to load anew")
    assert stand_in.sent == [{"title": "Typed meanwhile"}]


def test_press__without_the_program_says_that_it_was_not_done(
    browser: PageBrowser, page: Open
) -> None:
    stand_in = page("set up")
    stand_in.stop()
    browser.focus("[data-action=update_now]")
    browser.press(ENTER)
    said = browser.wait("return document.querySelector('.answer p')?.textContent", "the answer")
    assert said.startswith("This was not done: OBS does not answer.")
    wait_until(lambda: "OBS does not answer" in browser.run(GONE), what="the page to say so")
    stand_in.start()
    wait_until(lambda: browser.run(GONE) == "", what="the page to come back")
    assert stand_in.pressed == []


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_running_time__is_right_with_a_clock_an_hour_off(
    browser: PageBrowser, page: Open, ahead: int
) -> None:
    stand_in = page("live")
    live, now = stand_in.state["live"], stand_in.state["now"]
    stand_in.show(now=now + ahead, live={**live, "since": now + ahead - 600})
    time = "return document.querySelector('.time').textContent"
    wait_until(lambda: browser.run(time)[:5] == "0:10:", what="the running time")


def test_hidden_page__keeps_no_connection(browser: PageBrowser, page: Open) -> None:
    stand_in = page("set up")
    hide = (
        "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    said = "return document.getElementById('status').textContent"
    before = browser.run(said)
    browser.run(hide, True)
    opened = stand_in.paths.count("/api/v1/events")
    stand_in.show(status={"text": "While nobody looked."})
    assert browser.run(said) == before
    browser.run(hide, False)
    wait_until(lambda: browser.run(said) == "While nobody looked.", what="the news")
    assert stand_in.paths.count("/api/v1/events") == opened + 1
