"""Which programs OBS captures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fake_obspython import FakeObs, Source
from tests.unit.fakes import run, wait_for
from tests.unit.obs_script.script import Script
from velora_core.application import Application

CHESS = {"window": "Chess#3A #221:Class:chess.exe"}
Connected = set[tuple[int, str]]


@pytest.fixture
def connected(script: Script, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """The signals that call OBS's function, by their source."""
    found: Connected = set()

    def connect(signals: int, name: bytes) -> None:
        found.add((signals, name.decode()))

    def disconnect(signals: int, name: bytes) -> None:
        found.discard((signals, name.decode()))

    monkeypatch.setattr(
        "velora_hosts.obs_script.captures._obs_functions", lambda: (connect, disconnect)
    )
    return found


def add(script: Script, name: str, programs: str) -> Application:
    app: Application = script.module._session.app
    app.settings = app.settings._replace(title=name)
    run(app, app.features.preset_library.save(name))
    app.edit({"programs": programs})
    run(app, app.features.game_presets.save(app.settings.preset))
    return app


def game(name: str = "Game", kind: str = "game_capture", **hooked: Any) -> Source:
    source = Source(name, kind)
    source.hooked = hooked
    return source


def look(script: Script) -> str:
    """Have OBS come by, as it does after a signal; return what the title is then."""
    script.call("script_save", script.settings)
    app: Application = script.module._session.app
    return app.settings.title


def test_hooked__is_what_the_source_says(
    script: Script, obs: FakeObs, connected: Connected
) -> None:
    windows = game(executable="chess.exe", title="Chess", **{"class": "C"})
    linux = game("Window", "xcomposite_input")
    obs.frontend.sources = {"Game": windows, "Window": linux, "Camera": Source("Camera", "v4l2")}
    app = add(script, "Golf", "golf")
    app.settings = app.settings._replace(title="By hand")
    assert look(script) == "By hand"
    assert connected == {
        (id(source), name)
        for source in (windows, linux)
        for name in ("hooked", "unhooked", "activate", "deactivate")
    }
    linux.hooked = {"name": "Hole 1", "class": "golf"}
    assert look(script) == "Golf"
    script.unload()
    assert connected == set()


def test_not_on_air__does_not_count(script: Script, obs: FakeObs, connected: Connected) -> None:
    source = game(executable="chess.exe")
    source.active = False
    obs.frontend.sources = {"Game": source}
    app = add(script, "Chess", "chess.exe")
    app.settings = app.settings._replace(title="By hand")
    assert look(script) == "By hand"
    source.active = True
    assert look(script) == "Chess"


@pytest.mark.parametrize(
    ("kind", "settings", "rule"),
    [
        ("xcomposite_input", {"capture_window": "7\r\nChess: 1\r\nchess"}, "chess"),
        ("game_capture", {**CHESS, "priority": 2, "capture_mode": "window"}, "chess.exe"),
        ("game_capture", {**CHESS, "priority": 1, "capture_mode": "window"}, "Chess: #1"),
        ("window_capture", {**CHESS, "priority": 2}, "chess.exe"),
        ("window_capture", {"owner_name": "Chess", "window_name": "One"}, "chess"),
        ("screen_capture", {"application": "org.test.chess", "type": 2}, "org.test.chess"),
    ],
)
def test_untold__the_settings_and_a_picture_say_it(
    script: Script,
    obs: FakeObs,
    connected: Connected,
    kind: str,
    settings: dict[str, Any],
    rule: str,
) -> None:
    """OBS 29, and macOS."""
    source = Source("Window", kind, **settings)
    obs.frontend.sources = {"Window": source}
    app = add(script, "Chess", rule)
    app.settings = app.settings._replace(title="By hand")
    assert look(script) == "By hand"
    assert connected == {(id(source), name) for name in ("activate", "deactivate")}
    source.width = 100
    assert look(script) == "Chess"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("screen_capture", {"application": "org.test.chess", "type": 0}),  # of a display
        ("screen_capture", {"application": "org.test.chess", "type": 1, "window": 7}),
        ("xcomposite_input", {"capture_window": "7"}),
        ("window_capture", {"window": ""}),
        # Another program's window may be captured, or one of the same program:
        ("game_capture", {**CHESS, "priority": 2, "capture_mode": "any_fullscreen"}),
        ("game_capture", {**CHESS, "priority": 2, "capture_mode": "hotkey"}),
        ("window_capture", CHESS),
    ],
)
def test_untold__nothing_is_guessed(
    script: Script, obs: FakeObs, connected: Connected, kind: str, settings: dict[str, Any]
) -> None:
    source = Source("Window", kind, **settings)
    obs.frontend.sources = {"Window": source}
    app = add(script, "Chess", "*")
    app.settings = app.settings._replace(title="By hand")
    assert look(script) == "By hand"
    source.width = 100
    assert look(script) == "By hand"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("window_capture", {**CHESS, "priority": 2}),
        # Both find the window by its number, whatever its title has become:
        ("xcomposite_input", {"capture_window": "7\r\nChess: #1\r\nchess"}),
        ("window_capture", {"owner_name": "Safari", "window_name": "Chess: #1", "window": 7}),
    ],
)
def test_untold__a_title_is_not_guessed_from_the_program(
    script: Script, obs: FakeObs, connected: Connected, kind: str, settings: dict[str, Any]
) -> None:
    source = Source("Window", kind, **settings)
    obs.frontend.sources = {"Window": source}
    app = add(script, "Chess", "Chess: #1")
    app.settings = app.settings._replace(title="By hand")
    assert look(script) == "By hand"
    source.width = 100
    assert look(script) == "By hand"


def test_functions_of_obs_not_found__is_said_once(
    script: Script, obs: FakeObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise AttributeError

    monkeypatch.setattr("velora_hosts.obs_script.captures._obs_functions", fail)
    obs.frontend.sources = {"Game": game(executable="chess.exe")}
    add(script, "Chess", "chess")
    app = script.module._session.app
    wait_for(lambda: look(script) == "Chess")
    assert sum("can't tell when another program" in text for _, text in obs.frontend.log) == 1
    assert app.state.presets[0].programs == ("chess",)


def test_no_rules__nothing_is_asked(script: Script, obs: FakeObs, connected: Connected) -> None:
    obs.frontend.sources = {"Game": game(executable="chess.exe")}
    look(script)
    assert connected == set()
