"""The system's browser, which may not be there."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

import pytest

from tests.unit.clock import Clock
from velora_core.auth.browser_flow import open_browser
from velora_core.errors import BrowserMissing


def test_open_browser__shows_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def show(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", show)
    open_browser("https://velora.example/oauth/authorize")
    assert opened == ["https://velora.example/oauth/authorize"]


def _refuses(url: str) -> bool:
    raise webbrowser.Error("could not locate runnable browser")


def _is_broken(url: str) -> bool:
    raise OSError("exec format error")


@pytest.mark.parametrize("opens", [lambda url: False, _refuses, _is_broken])
def test_open_browser__none_is_said_to_be_missing(
    opens: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", opens)
    with pytest.raises(BrowserMissing):
        open_browser("https://velora.example/oauth/authorize")


@pytest.mark.parametrize("error", [None, OSError()])
def test_open_browser__one_that_was_open_for_an_hour_is_not_missing(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    """One that stays in the foreground returns when it is closed, perhaps as if it had failed."""
    clock = Clock.ruling(monkeypatch, "auth.browser_flow")

    def close(_: str) -> bool:
        clock.now += 3600.0
        if error:
            raise error
        return False

    monkeypatch.setattr("webbrowser.open", close)
    open_browser("https://velora.example/somebody")
    assert clock.now == 4600.0
