"""Velora's address and the stream key for a plugin's fields, by the clipboard."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.clock import Clock
from tests.unit.fakes import KEY, RTMP, SRT, FakeHost, run, wait_for
from tests.unit.features.live import work
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.errors import ClipboardMissing
from velora_core.features.plugin_copy import KEY_LASTS
from velora_core.panel.elements import Action

QUESTION = "Whoever sees your stream key can stream as you"


class FakeClipboard:
    """A clipboard that other programs use as well."""

    def __init__(self) -> None:
        self.text = "before"
        self.seconds: list[float] = []
        self.missing = False

    def __call__(self, _: object) -> FakeClipboard:
        return self

    def copy(self, text: str, *, seconds: float = 0.0) -> FakeCopied:
        if self.missing:
            raise ClipboardMissing
        self.text = text
        self.seconds.append(seconds)
        return FakeCopied(self, text)


class FakeCopied:
    def __init__(self, clipboard: FakeClipboard, text: str) -> None:
        self._clipboard, self._text = clipboard, text

    def take_back(self) -> None:
        if self._clipboard.text == self._text:
            self._clipboard.text = ""


@pytest.fixture
def clipboard(monkeypatch: pytest.MonkeyPatch) -> FakeClipboard:
    fake = FakeClipboard()
    monkeypatch.setattr("velora_core.app.clipboard.Clipboard", fake)
    return fake


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.ruling(monkeypatch, "app.worker")


@pytest.fixture
def app(make: Any) -> Application:
    app: Application = make()
    run(app, app.actions.refresh())
    app.settings = StreamSettings(by_plugin=True, section="setup")
    return app


def press(app: Application, action: Action) -> str:
    return run(app, app.press(action))


def copy_key(app: Application) -> str:
    press(app, Action.COPY_KEY)
    return press(app, Action.CONFIRM_COPY_KEY)


def test_buttons__only_with_a_plugin(app: Application) -> None:
    assert app.panel().shows("copy_address")
    assert app.panel().shows("copy_key")
    app.settings = app.settings._replace(by_plugin=False)
    assert not app.panel().shows("copy_address")
    assert not app.panel().shows("copy_key")


@pytest.mark.parametrize(("protocol", "address"), [("rtmp", RTMP), ("srt", SRT), ("whip", RTMP)])
def test_address__without_a_key(
    app: Application, clipboard: FakeClipboard, protocol: str, address: str
) -> None:
    app.settings = app.settings._replace(protocol=protocol)
    said = press(app, Action.COPY_ADDRESS)
    assert said == f"Velora's address {address} is on the clipboard: paste it into your plugin."
    assert clipboard.text == address
    assert clipboard.seconds == [0.0]


def test_key__is_asked_about_first(app: Application, clipboard: FakeClipboard) -> None:
    said = press(app, Action.COPY_KEY)
    assert QUESTION in said
    assert app.panel().find("status").tone is StatusLevel.WARNING
    shown = {
        element.key
        for element in app.panel().walk()
        if element.action and app.panel().shows(element.key)
    }
    assert shown == {"copy_key_yes", "copy_key_no"}
    assert press(app, Action.CANCEL_COPY_KEY) == "Your stream key was not copied."
    assert press(app, Action.CONFIRM_COPY_KEY) == "Your stream key was not copied."
    assert clipboard.text == "before"


def test_key__is_on_the_clipboard_alone(
    app: Application, host: FakeHost, clipboard: FakeClipboard
) -> None:
    assert copy_key(app) == (
        "Your stream key ••••z789 is on the clipboard for 30 seconds: "
        "paste it into your plugin now."
    )
    assert clipboard.text == KEY
    assert clipboard.seconds == [30.0]
    assert not app.panel().shows("copy_key_yes")
    assert KEY not in str(app.panel()) + str(host.logged)


@pytest.mark.parametrize(("then", "left"), [(KEY, ""), ("mine", "mine")])
def test_key__is_taken_back_in_time(
    clock: Clock, app: Application, clipboard: FakeClipboard, then: str, left: str
) -> None:
    copy_key(app)
    clipboard.text = then
    clock.now += KEY_LASTS - 1
    work(app)
    assert clipboard.text == then
    clock.now += 1
    work(app)
    assert clipboard.text == left


def test_key__is_taken_back_when_the_software_is_closed(
    app: Application, clipboard: FakeClipboard
) -> None:
    copy_key(app)
    app.close()
    wait_for(lambda: clipboard.text == "")


def test_key__is_taken_back_when_the_software_is_closed_in_the_middle(
    app: Application, clipboard: FakeClipboard, mocker: MockerFixture
) -> None:
    """Once it is closed, the software may be gone, and the worker with it."""
    begun, copy = threading.Event(), clipboard.copy

    def slowly(text: str, *, seconds: float = 0.0) -> FakeCopied:
        copied = copy(text, seconds=seconds)
        begun.set()
        wait_for(lambda: app._runtime.closed)
        return copied

    mocker.patch.object(clipboard, "copy", slowly)
    press(app, Action.COPY_KEY)
    app.press(Action.CONFIRM_COPY_KEY)
    assert begun.wait(5)
    app.close()
    assert clipboard.text == ""


def test_key__copied_twice_counts_anew(app: Application, clipboard: FakeClipboard) -> None:
    copy_key(app)
    first = app.features.plugin_copy._taking_back
    copy_key(app)
    second = app.features.plugin_copy._taking_back
    assert first
    assert second
    assert first.done
    assert not second.done
    assert clipboard.text == KEY


def test_question__is_gone_when_the_panel_opens_anew(
    app: Application, clipboard: FakeClipboard
) -> None:
    press(app, Action.COPY_KEY)
    app.panel_opened()
    assert not app.panel().shows("copy_key_yes")
    press(app, Action.CONFIRM_COPY_KEY)
    assert clipboard.text == "before"


def test_no_clipboard__says_what_to_do(app: Application, clipboard: FakeClipboard) -> None:
    clipboard.missing = True
    assert "install wl-clipboard or xclip" in copy_key(app)
    assert "install wl-clipboard or xclip" in press(app, Action.COPY_ADDRESS)
