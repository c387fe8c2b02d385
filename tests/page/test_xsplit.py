"""Velora's page in a model of XSplit: its streams are followed, its stream keys stay there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.harness.waiting import wait_until
from tests.page.driver import ENTER, TAB, PageBrowser
from tests.page.model_xsplit import STREAM_KEY, ModelXsplit
from tests.ports import free_port
from tests.unit.fakes import KEY, RTMP, TOKEN, FakeVelora, run_until_idle
from velora_core.application import Application
from velora_core.host.host import Host, HostScene
from velora_core.panel.elements import Action
from velora_core.storage.preset_content import PresetContent
from velora_core.web.shared_pages import SharedPages
from velora_hosts.companion.software import Links
from velora_hosts.xsplit.link import XsplitLink

TITLE = "[data-key=title] textarea"


class Beside:
    """The companion beside XSplit; this thread is the link's."""

    def __init__(self, browser: PageBrowser, velora: FakeVelora, folder: Path) -> None:
        self.browser = browser
        self.velora = velora
        self.sent: list[Any] = []
        self._folder = folder
        self.link = XsplitLink("XSplit", Links(self._make, lambda *_: None))
        take = self.link._take

        def noted(body: Any) -> None:
            self.sent.append(body)
            take(body)

        self.link._take = noted  # type: ignore[method-assign]
        self.link._open()
        run_until_idle(self.app)
        self.app.wait_for(self.app.press(Action.COPY_ADDRESS))  # Velora says where it takes streams
        self.wait(lambda: self.app.state.page.address, "the page to be on")

    def _make(self, host: Host, *, follow: Callable[[Any], None], extension: Any) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        page = partial(SharedPages({}).start, extension=extension)
        return Application(
            host, environment=environment, folder=self._folder, follow=follow, page=page
        )

    @property
    def app(self) -> Application:
        assert self.link.app
        return self.link.app

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        def look() -> Any:
            while not self.link._turns.empty():
                self.link._turns.get()()
            self.app.process_ui_queue()
            return condition()

        return wait_until(look, what=what, interval=0.02)

    def show(self) -> None:
        """Open the page as XSplit would, by the address that is copied for it."""
        address = self.app.state.page.address
        assert address
        self.browser.resize(300, 900)
        self.browser.open(address.reveal().replace("/?", "/xsplit?"))
        self.browser.wait("return document.querySelector('#status')?.textContent", "the page")
        self.browser.unfold()

    def press(self, action: str) -> None:
        here = "return document.querySelector(arguments[0])"
        selector = f"[data-action={action}]"
        self.wait(lambda: self.browser.run(here, selector), selector)
        self.browser.focus(selector)
        self.browser.press(ENTER)

    @property
    def streams(self) -> bool:
        return self.link.host.streaming()


@pytest.fixture
def beside(
    browser: PageBrowser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> Iterator[Beside]:
    velora = FakeVelora()
    monkeypatch.setattr("velora_core.api.client.VeloraClient", velora)
    monkeypatch.setattr("velora_core.web.server.PORT", free_port())
    mocker.patch("velora_core.app.clipboard.Clipboard")
    beside = Beside(browser, velora, tmp_path)
    yield beside
    beside.app.close()


@pytest.fixture
def xsplit(browser: PageBrowser) -> Iterator[ModelXsplit]:
    xsplit = ModelXsplit(browser)
    xsplit.start()
    yield xsplit
    xsplit.stop()


def test_stream__is_followed_and_its_key_stays_in_xsplit(
    beside: Beside, xsplit: ModelXsplit
) -> None:
    beside.show()
    beside.browser.focus(TITLE)
    beside.browser.press("From XSplit", TAB)
    beside.wait(lambda: beside.app.settings.title == "From XSplit", "the title")
    xsplit.begins("Local Recording")
    xsplit.begins("Elsewhere", "rtmp://other.test/live_test_in_xsplit")
    beside.wait(lambda: len(beside.sent[-1:]) and len(beside.sent[-1]["streams"]) == 2, "both")
    assert not beside.streams
    xsplit.begins("Velora", RTMP)
    beside.wait(lambda: beside.streams, "the stream")
    beside.wait(lambda: beside.velora.named("update") == [{"title": "From XSplit"}], "the title")
    xsplit.ends("Velora", RTMP)
    beside.wait(lambda: not beside.streams, "the end")
    sent = json.dumps(beside.sent)
    for secret in (STREAM_KEY, "test_password", "me@", RTMP):
        assert secret not in sent


def test_stream__that_ran_before_the_page_was_opened(beside: Beside, xsplit: ModelXsplit) -> None:
    beside.app.edit({"title": "Later"})
    xsplit.start({"Velora & “more”": RTMP, "Local Recording": ""})
    beside.show()
    beside.wait(lambda: beside.streams, "the stream")
    assert beside.sent[-1]["streams"][0]["name"] == "Velora & “more”"
    run_until_idle(beside.app)
    assert beside.velora.named("update") == []
    assert all(news["streams"] for news in beside.sent)  # nor is it over for a moment


def test_scene__is_told_and_nothing_else_of_it(beside: Beside, xsplit: ModelXsplit) -> None:
    def shown() -> str:
        return beside.link.host.scene().name

    beside.show()
    beside.wait(lambda: shown() == "Be right back", "the first scene")
    assert beside.link.host.capabilities().scenes
    xsplit.begins("Velora", RTMP)
    beside.wait(lambda: beside.streams, "the stream")
    xsplit.shows(1)
    beside.wait(lambda: shown() == "Playing & talking", "the other scene")
    assert beside.link.host.scene().uuid == "{ID-1}"
    assert STREAM_KEY not in json.dumps(beside.sent)
    xsplit.shows(0, split=True)  # whichever is beside, nobody can tell
    beside.wait(lambda: not shown(), "no scene")
    xsplit.shows(1)
    beside.wait(lambda: shown() == "Playing & talking", "the scene again")
    assert beside.streams  # all the while


def test_scene__has_its_preset_sent(beside: Beside, xsplit: ModelXsplit) -> None:
    beside.show()
    beside.wait(lambda: beside.link.host.scene().name, "the first scene")
    store = beside.app._session.storage.presets
    preset = store.add("Talk", PresetContent(title="Just talking"))
    store.tie(preset.id, HostScene("Playing & talking"))
    beside.app._runtime.change(presets=store.read())
    xsplit.begins("Velora", RTMP)
    beside.wait(lambda: beside.streams, "the stream")
    xsplit.shows(1)
    beside.wait(lambda: {"title": "Just talking"} in beside.velora.named("update"), "the preset")


def test_nonsense__is_left_alone(beside: Beside, xsplit: ModelXsplit) -> None:
    beside.show()
    beside.wait(lambda: beside.sent, "the first news")
    for text in (
        "",
        "event=StreamStart",
        "event=StreamStart&info=%7B",
        "event=StreamStart&info=%E0%A4%A",
        "event=StreamStart&info=null",
        "event=OnSceneAdd&info=%7B%22ChannelName%22%3A%22Velora%22%7D",
    ):
        xsplit.raw(text)
    xsplit.begins("</channel>", "no address")
    beside.wait(lambda: beside.sent[-1]["streams"], "what could be read")
    assert beside.sent[-1]["streams"] == [{"name": "</channel>", "server": ""}]
    assert not beside.streams


def test_copied__by_the_page_and_the_key_is_not_on_it(
    beside: Beside, xsplit: ModelXsplit, mocker: MockerFixture
) -> None:
    copy = mocker.patch("velora_core.app.clipboard.Clipboard").return_value.copy
    beside.show()
    beside.press("copy_address")
    beside.wait(lambda: copy.call_args, "the address on the clipboard")
    copy.assert_called_once_with(RTMP, seconds=0.0)
    beside.press("copy_key")
    beside.press("copy_key_yes")
    beside.wait(lambda: copy.call_args[0] == (KEY,), "the key on the clipboard")
    assert copy.call_args[1] == {"seconds": 30.0}
    assert KEY not in beside.browser.source()


def test_without_xsplit__it_is_the_page_and_nothing_else(beside: Beside) -> None:
    beside.show()
    beside.press("go_live")
    beside.wait(lambda: beside.streams, "the stream that the streamer tells of")
    assert beside.sent == []
    assert not beside.browser.run("return 'SetEvent' in window")
