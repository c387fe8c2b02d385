"""A real browser streams through the page's real server to a real WHIP server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness.waiting import wait_until
from tests.harness.whip_server import WhipServer
from tests.page.driver import DOWN, ENTER, TAB, UP, PageBrowser
from tests.page.studio import ALLOWED, MEDIA, Studio, open_studio
from tests.unit.fakes import KEY

Make = Callable[[PageBrowser], Studio]


@pytest.fixture(scope="module")
def cameras() -> Iterator[PageBrowser]:
    """A browser with a camera and a microphone that make something up."""
    with PageBrowser(*MEDIA, ALLOWED) as browser:
        yield browser


@pytest.fixture
def whip() -> Iterator[WhipServer]:
    with WhipServer() as server:
        yield server


@pytest.fixture
def make_studio(tmp_path: Path, whip: WhipServer) -> Iterator[Make]:
    with ExitStack() as stack:
        yield lambda browser: stack.enter_context(open_studio(browser, whip, tmp_path))


@pytest.fixture
def studio(make_studio: Make, cameras: PageBrowser) -> Studio:
    return make_studio(cameras)


def test_stream__is_seen_and_heard_and_ends(studio: Studio) -> None:
    browser, whip = studio.browser, studio.whip
    assert browser.axe() == []
    studio.go_live()
    assert studio.velora.named("update") == [{"title": "From a browser"}]
    studio.wait(lambda: whip.frames > 20, "twenty frames")
    studio.wait(lambda: whip.loudest > 300, "the camera's tone")
    assert whip.size[0] >= 320
    assert "H264" in whip.offers[0]
    for scheme in ("dark", "light"):
        browser.prefer(scheme)
        assert browser.axe() == [], scheme
    for width in (320, 900):
        browser.resize(width)
        assert not browser.has_horizontal_scroll()
    browser.focus("#mute")
    browser.press(ENTER)
    assert browser.run("return document.querySelector('#mute').ariaPressed") == "true"
    figures = re.compile(r"\b0:0\d:\d\d\b.*Mbit/s", re.DOTALL)
    studio.wait(lambda: figures.search(browser.text()), "the figures")
    assert KEY not in browser.source() + str(browser.addresses())
    browser.run(
        "const rate = document.querySelectorAll('select')[2];"
        "rate.value = '1500'; rate.dispatchEvent(new Event('change'))"
    )
    studio.press("main")
    studio.wait(lambda: whip.deleted == ["/resource/1"], "the stream to be deleted")
    studio.wait(lambda: studio.said == "The stream has ended.", "the page to say so")
    assert browser.complaints() == []


def test_lost_connection__is_made_again(studio: Studio) -> None:
    whip = studio.whip
    studio.go_live()
    studio.wait(lambda: whip.frames > 5, "frames")
    whip.drop()
    studio.wait(lambda: len(whip.offers) == 2, "another connection")
    before = whip.frames
    studio.wait(lambda: whip.frames > before + 5, "frames by it")
    studio.wait(lambda: "You are streaming" in studio.said, "the page to say so")
    assert len(studio.velora.named("update")) == 1


NO_SECOND_TRY = """
    const own = window.setTimeout;
    window.setTimeout = (act, pause, ...more) => (pause === 1000 ? 0 : own(act, pause, ...more));
"""
"""Another connection that fails is not tried again after a second, nor ever by itself."""
ONLINE = "window.dispatchEvent(new Event('online'))"


def test_network_that_is_gone__the_stream_goes_on_by_another(studio: Studio) -> None:
    """Nobody says goodbye: the browser finds out by itself, and the page doubts it first."""
    whip = studio.whip
    studio.go_live()
    studio.wait(lambda: whip.frames > 5, "frames")
    whip.vanish()
    studio.wait(lambda: len(whip.offers) == 2, "another connection", timeout=60)
    before = whip.frames
    studio.wait(lambda: whip.frames > before + 5, "frames by it")
    studio.wait(lambda: "You are streaming" in studio.said, "the page to say so")
    studio.wait(lambda: whip.deleted == ["/resource/1"], "the first stream to be deleted")


def test_network_that_is_back__is_not_waited_for(studio: Studio) -> None:
    whip, browser = studio.whip, studio.browser
    browser.run(NO_SECOND_TRY)
    studio.go_live()
    studio.wait(lambda: whip.frames > 5, "frames")
    whip.status = 503
    whip.drop()
    studio.wait(lambda: "Velora takes no stream" in studio.said, "that it does not work yet")
    whip.status = 201
    browser.run(ONLINE)
    studio.wait(lambda: len(whip.offers) == 2, "another connection")
    studio.wait(lambda: "You are streaming" in studio.said, "the page to say so")


def test_screen__takes_the_cameras_place_while_streaming(studio: Studio) -> None:
    browser, whip = studio.browser, studio.whip
    studio.go_live()
    studio.wait(lambda: whip.frames > 5, "frames")
    camera = "return document.querySelector('video').srcObject.getVideoTracks()[0].label"
    before = browser.run(camera)
    browser.focus("select")
    browser.press(DOWN)
    studio.wait(lambda: browser.run(camera) != before, "the screen")
    seen = whip.frames
    studio.wait(lambda: whip.frames > seen + 5, "frames of it")
    assert len(whip.offers) == 1
    assert "You are streaming" in studio.said
    browser.press(UP)
    studio.wait(lambda: browser.run(camera) == before, "the camera")


def test_late_candidate__is_handed_on(studio: Studio) -> None:
    studio.browser.run(
        "const add = RTCPeerConnection.prototype.addEventListener;"
        "RTCPeerConnection.prototype.addEventListener = function (name, act) {"
        "  const late = (event) => setTimeout(() => act(event), 300);"
        "  return add.call(this, name, name === 'icecandidate' ? late : act);"
        "};"
    )
    studio.go_live()
    studio.wait(lambda: studio.whip.trickled, "the candidates")
    lines = studio.whip.trickled[0].split("\r\n")
    begins = [line.partition(":")[0].partition(" ")[0] for line in lines]
    assert begins[:4] == ["a=ice-ufrag", "a=ice-pwd", "m=video", "a=mid"]
    assert "a=candidate" in begins
    assert begins[-2:] == ["a=end-of-candidates", ""]


def test_closed_tab__ends_the_stream(
    make_studio: Make,
) -> None:
    with PageBrowser(*MEDIA, ALLOWED) as browser:
        studio = make_studio(browser)
        studio.go_live()
        studio.wait(lambda: studio.whip.frames > 5, "frames")
    # The browser is gone with all its tabs, and could send nothing.
    studio.wait(lambda: studio.whip.deleted == ["/resource/1"], "the stream to be deleted")


def test_page_that_is_left__ends_the_stream(studio: Studio) -> None:
    studio.go_live()
    studio.browser.open("about:blank")
    studio.wait(lambda: studio.whip.deleted == ["/resource/1"], "the stream to be deleted")


def test_refused_key__is_said(studio: Studio) -> None:
    studio.whip.status = 403
    studio.press("main")
    studio.wait(lambda: "stream key" in studio.said, "the refusal")
    assert studio.browser.run("return document.querySelector('#main').textContent").startswith(
        "Start"
    )
    assert studio.browser.axe() == []


def test_program_that_closes__ends_the_stream(studio: Studio) -> None:
    studio.go_live()
    studio.wait(lambda: studio.open_events == 2, "the page to hold its stream")
    studio.app.close()
    wait_until(
        lambda: "was closed" in studio.said,
        what="the page to say so",
        details=lambda: studio.said,
    )
    wait_until(lambda: studio.whip.deleted == ["/resource/1"], what="the stream to be deleted")


def test_preview__comes_and_goes_by_keyboard(studio: Studio) -> None:
    browser = studio.browser
    browser.focus("#main")
    browser.press(TAB)
    assert browser.focused == "Show the preview"
    browser.press(ENTER)
    studio.wait(lambda: browser.run("return document.querySelector('video').srcObject"), "preview")
    off = "Turn camera and microphone off"  # once the list of devices is there, too
    studio.wait(lambda: browser.focused == off, "the button to say what it does now")
    options = "return [...document.querySelectorAll('select')].map((node) => node.options.length)"
    studio.wait(lambda: min(browser.run(options)) > 1, "the names of the devices")
    browser.press(ENTER)
    assert not browser.run("return document.querySelector('video').srcObject")


def test_no_permission__is_said(make_studio: Make) -> None:
    with PageBrowser(*MEDIA, "--deny-permission-prompts") as browser:
        studio = make_studio(browser)
        studio.press("main")
        studio.wait(lambda: "may not use your camera" in studio.said, "the refusal")


def test_no_device__is_said(make_studio: Make) -> None:
    with PageBrowser(f"{MEDIA[0]}=device-count=0", ALLOWED) as browser:
        studio = make_studio(browser)
        studio.press("main")
        studio.wait(lambda: "no such camera" in studio.said, "that there is none")
