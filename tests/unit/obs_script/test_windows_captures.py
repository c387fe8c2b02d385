"""What counts as captured on Windows: only what OBS captures for sure, in each version."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

import pytest

from tests.unit.fake_obspython import FakeObs
from tests.unit.obs_script.windows_captures import (
    BY_CLASS,
    BY_EXECUTABLE,
    BY_TITLE,
    GameCapture,
    Version,
    Window,
    WindowCapture,
)

if TYPE_CHECKING:
    from velora_core.host.host import Capture

VERSIONS: list[Version] = [(29, 0), (30, 2), (31, 0), (32, 2)]
TOLD = VERSIONS[1:]
UNITY = Window("Chess: #1", "UnityWndClass", "chess.exe")
OTHER_UNITY = Window("Golf", "UnityWndClass", "golf.exe")
NEXT_LEVEL = UNITY._replace(title="Chess: #2")
SAME_TITLE = Window("Chess: #1", "MozillaWindowClass", "firefox.exe")
CHROME = Window("Chess", "Chrome_WidgetWin_1", "chrome.exe")
OTHER_CHROME = Window("News", "Chrome_WidgetWin_1", "code.exe")
STORE = Window("Chess", "Windows.UI.Core.CoreWindow", "chess.exe")
OTHER_STORE = Window("Golf", "Windows.UI.Core.CoreWindow", "golf.exe")
SDL = Window("Chess", "SDL_app", "chess.exe")
OTHER_SDL = Window("Golf", "SDL_app", "golf.exe")
WIN_UI = Window("Chess", "WinUIDesktopWin32WindowClass", "chess.exe")
OTHER_WIN_UI = Window("Golf", "WinUIDesktopWin32WindowClass", "chess.exe")
ALL = (
    *(UNITY, OTHER_UNITY, NEXT_LEVEL, SAME_TITLE, CHROME, OTHER_CHROME, STORE),
    *(OTHER_STORE, SDL, OTHER_SDL, WIN_UI, OTHER_WIN_UI),
)
PRIORITIES = (BY_CLASS, BY_TITLE, BY_EXECUTABLE)


def counted(obs: FakeObs, source: GameCapture | WindowCapture) -> tuple[Capture, ...]:
    from velora_hosts.obs_script.captures import CaptureWatch

    obs.frontend.sources = {source.name: source}
    watch = CaptureWatch()
    watch._able = False  # whose signals it hears is not what this is about
    return watch.captures()


def names(obs: FakeObs, source: GameCapture | WindowCapture) -> tuple[str, str] | None:
    """What counts: the executable and the title."""
    found = counted(obs, source)
    return (found[0].executable, found[0].title) if found else None


def assert_true(obs: FakeObs, source: GameCapture | WindowCapture) -> None:
    found, captured = names(obs, source), source.captured
    if found is None:
        return
    assert captured
    assert found[0] in ("", captured.executable)
    assert found[1] in ("", captured.title)


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_is_captured__nothing_untrue_counts(obs: FakeObs, version: Version) -> None:
    """Each window chosen, each one on the desktop, each way to seek it."""
    for wanted, there, priority in product(ALL, ALL, PRIORITIES):
        for source in (
            GameCapture(version, "window", wanted, priority),
            WindowCapture(version, wanted, priority),
            GameCapture(version, "any_fullscreen", wanted, priority),
        ):
            source.tick([there])
            assert_true(obs, source)


@pytest.mark.parametrize("version", VERSIONS)
def test_hotkey__the_program_before_does_not_count_for_the_next_one(
    obs: FakeObs, version: Version
) -> None:
    for pressed, after in permutations(ALL, 2):
        source = GameCapture(version, "hotkey")
        source.press_hotkey(pressed)
        source.tick([pressed])
        assert source.captured == pressed
        assert_true(obs, source)
        source.tick([after])
        assert_true(obs, source)


@pytest.mark.parametrize("version", TOLD)
def test_any_fullscreen__what_the_window_is_called(obs: FakeObs, version: Version) -> None:
    source = GameCapture(version, "any_fullscreen", OTHER_UNITY)  # which was chosen once
    source.tick([UNITY])
    assert names(obs, source) == ("chess.exe", "Chess: #1")
    source.update()  # OBS forgets the names when a setting is changed
    assert counted(obs, source) == ()
    source.tick([])
    assert counted(obs, source) == ()
    source.tick([OTHER_UNITY])
    assert names(obs, source) == ("golf.exe", "Golf")


@pytest.mark.parametrize("version", TOLD)
def test_window_capture__what_the_window_is_called(obs: FakeObs, version: Version) -> None:
    source = WindowCapture(version, UNITY, BY_CLASS)
    source.tick([OTHER_UNITY])
    assert names(obs, source) == ("golf.exe", "Golf")
    source.tick([SAME_TITLE])
    assert counted(obs, source) == ()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("wanted", "priority", "sure"),
    [
        (UNITY, BY_EXECUTABLE, ("chess.exe", "")),
        (UNITY, BY_TITLE, ("", "Chess: #1")),
        (UNITY, BY_CLASS, None),
        (CHROME, BY_CLASS, ("", "Chess")),
        (STORE, BY_CLASS, ("", "Chess")),
        (STORE, BY_EXECUTABLE, ("chess.exe", "Chess")),
    ],
)
def test_game_capture_of_a_window__what_obs_seeks_it_by(
    obs: FakeObs,
    version: Version,
    wanted: Window,
    priority: int,
    sure: tuple[str, str] | None,
) -> None:
    source = GameCapture(version, "window", wanted, priority)
    source.tick([OTHER_SDL])
    assert counted(obs, source) == ()
    source.tick([OTHER_SDL, wanted])
    assert names(obs, source) == sure


@pytest.mark.parametrize("version", TOLD)
def test_very_old_settings__mean_a_window_as_well(obs: FakeObs, version: Version) -> None:
    source = GameCapture(version, "window", UNITY, BY_CLASS)
    source.tick([OTHER_UNITY])
    del source.settings.values["capture_mode"]
    source.settings.defaults["capture_mode"] = "any_fullscreen"
    source.settings.values["capture_any_fullscreen"] = False
    assert counted(obs, source) == ()
