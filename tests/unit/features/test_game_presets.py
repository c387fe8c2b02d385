"""Presets of programs that are captured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run, run_until_idle, wait_for
from velora_core import errors
from velora_core.api.models import Category
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.game_presets import is_program, split_programs
from velora_core.features.scene_presets import PAUSE
from velora_core.host.host import Capture
from velora_core.storage.presets import PresetStore


class CapturingHost(FakeHost):
    """An OBS whose sources capture what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.captured: list[Capture] = []
        self.looks = 0
        self.left = 0

    def captures(self) -> tuple[Capture, ...]:
        self.looks += 1
        return tuple(self.captured)

    def leave_captures(self) -> None:
        self.left += 1


@pytest.fixture
def host() -> CapturingHost:
    return CapturingHost()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.rule(
        monkeypatch,
        "app.worker",
        "features.stream_info",
        "features.scene_presets",
        "features.game_presets",
    )
    return clock


def add(app: Application, name: str, programs: str, *, live: bool = False, **fields: Any) -> str:
    """Save a preset of this name and title for programs; return its id."""
    app.settings = StreamSettings(title=name, **fields)
    run(app, app.features.preset_library.save(name))
    app.edit({"programs": programs, "programs_live": live})
    run(app, app.features.game_presets.save(app.settings.preset))
    return app.settings.preset


@pytest.fixture
def app(make: Callable[..., Application], host: CapturingHost, velora: FakeVelora) -> Application:
    """Set up for Velora; Chess is for chess.exe, Racing for a title, and while live as well."""
    app = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    add(app, "Chess", "chess.exe")
    add(app, "Racing", "Racer *", live=True)
    app.settings = StreamSettings(title="By hand")
    velora.calls.clear()
    return app


CHESS = Capture("1", "Chess.exe", "Chess Master – Game 7")
RACING = Capture("2", "r.exe", "Racer 2: Return")
OTHER_PROGRAM = Capture("3", "editor.exe", "chess.exe – Editor")


def capture(app: Application, host: CapturingHost, *captured: Capture) -> None:
    host.captured = list(captured)
    app.process_ui_queue()
    run_until_idle(app)


def go_live(app: Application, host: CapturingHost) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()
    run_until_idle(app)


def titles(velora: FakeVelora) -> list[str]:
    return [sent["title"] for sent in velora.named("update")]


@pytest.mark.parametrize(
    ("rule", "captured", "same"),
    [
        ("chess.exe", CHESS, True),
        ("CHESS", CHESS, True),
        ("Chess Master – Game 7", CHESS, True),
        ("chess master*", CHESS, True),
        ("Chess Master", CHESS, False),
        ("ches", CHESS, False),
        ("*", CHESS, True),
        (" ", CHESS, False),
        ("c[h]ess.exe", CHESS, False),
        ("chess", Capture("4"), False),
        ("", Capture("4"), False),
        ("a*z", Capture("4", title="a\nz"), True),
        ("ab*ba", Capture("4", title="aba"), False),
        ("a*b*c", Capture("4", title="a-c-b-c"), True),
        ("a*b*c", Capture("4", title="a-c-b"), False),
        ("*a" * 50 + "*b", Capture("4", title="a" * 20_000), False),
        ("straße", Capture("4", title="STRASSE"), True),
    ],
)
def test_rule__names_a_program_or_a_window(rule: str, captured: Capture, same: bool) -> None:
    assert is_program(rule, captured) is same


def test_programs__in_a_line() -> None:
    assert split_programs(" a.exe, b;c ,, a.exe\n") == ("a.exe", "b", "c")


def test_captured__its_preset_fills_the_fields(
    app: Application, host: CapturingHost, velora: FakeVelora
) -> None:
    capture(app, host, OTHER_PROGRAM)
    assert app.settings.title == "By hand"
    capture(app, host, OTHER_PROGRAM, CHESS)
    assert app.settings.title == "Chess"
    assert "“chess.exe” is captured, so the fields now hold the preset “Chess”" in app.state.status
    assert velora.named("update") == []
    go_live(app, host)
    assert titles(velora) == ["Chess"]


def test_last_captured__wins(app: Application, host: CapturingHost) -> None:
    capture(app, host, RACING)
    capture(app, host, CHESS, RACING)
    assert app.settings.title == "Chess"
    capture(app, host, RACING)  # it is still there
    assert app.settings.title == "Racing"
    capture(app, host)
    assert app.settings.title == "Racing"


def test_entered_by_hand__is_not_written_over_by_the_same_program(
    app: Application, host: CapturingHost, clock: Clock, make: Callable[..., Application]
) -> None:
    capture(app, host, CHESS)
    app.edit({"title": "Typed since"})
    capture(app, host)  # another window for a moment
    clock.now += 30.0
    capture(app, host, CHESS)
    assert app.settings.title == "Typed since"
    app.close()
    again = make()
    again.settings = StreamSettings(title="Typed since")
    run_until_idle(again)
    capture(again, host, CHESS)
    assert again.settings.title == "Typed since"
    capture(again, host)
    clock.now += 61.0
    capture(again, host, CHESS)  # it was closed, and is started anew
    assert again.settings.title == "Chess"


def test_captured_as_the_stream_starts__goes_out_with_it(
    app: Application, host: CapturingHost, velora: FakeVelora
) -> None:
    host.captured = [CHESS]
    go_live(app, host)
    assert titles(velora) == ["Chess"]


def test_while_live__only_where_that_was_ticked(
    app: Application, host: CapturingHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    capture(app, host, CHESS)
    assert titles(velora) == ["By hand"]
    assert app.settings.title == "By hand"
    capture(app, host, CHESS, RACING)
    assert titles(velora) == ["By hand", "Racing"]
    assert app.settings.title == "Racing"
    capture(app, host, CHESS)
    host.live = False
    app.stream_stopped()
    app.process_ui_queue()
    assert app.settings.title == "Chess"  # for the next stream
    assert titles(velora) == ["By hand", "Racing"]


def test_back_and_forth_while_live__one_in_the_pause_and_the_last_one_wins(
    app: Application, host: CapturingHost, velora: FakeVelora, clock: Clock
) -> None:
    add(app, "Golf", "golf", live=True)
    app.settings = StreamSettings(title="By hand")
    go_live(app, host)
    for _ in range(3):
        capture(app, host, RACING)
        capture(app, host, Capture("9", "golf"))
    assert titles(velora) == ["By hand", "Racing"]
    clock.now += PAUSE
    app._runtime.worker.submit(lambda: None)
    wait_for(lambda: len(velora.named("update")) == 3, meanwhile=app.process_ui_queue)
    assert titles(velora)[2] == "Golf"


def test_stream_elsewhere__nothing_is_sent(
    app: Application, host: CapturingHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    go_live(app, host)
    capture(app, host, RACING)
    assert velora.named("update") == []


def test_category_gone__the_rest_is_sent(
    app: Application, host: CapturingHost, velora: FakeVelora
) -> None:
    add(app, "Both", "both", live=True, category="music")
    app.settings = StreamSettings()
    go_live(app, host)
    velora.failures["update"] = [errors.CategoryNotFound(slug="music")]
    capture(app, host, Capture("9", "both"))
    assert velora.named("update") == [
        {"title": "Both", "category_slug": "music"},
        {"title": "Both"},
    ]
    assert app.state.gone == {"music"}


def test_no_rule__nobody_is_asked(make: Callable[..., Application], host: CapturingHost) -> None:
    app = make()
    run_until_idle(app)
    assert host.looks == 0
    preset = add(app, "Chess", "chess")
    assert host.looks
    app.edit({"programs": ""})
    assert "No program applies the preset “Chess”" in run(
        app, app.features.game_presets.save(preset)
    )
    looks = host.looks
    run_until_idle(app)
    assert (host.looks, host.left) == (looks, 1)
    app.close()
    assert host.left == 1


def test_close__leaves_the_sources_alone(app: Application, host: CapturingHost) -> None:
    run_until_idle(app)
    app.close()
    app.close()
    assert host.left == 1
    looks = host.looks
    app.process_ui_queue()
    assert host.looks == looks


def test_programs__are_those_of_the_chosen_preset(app: Application, folder: Path) -> None:
    chess, racing = app.state.presets
    assert (chess.programs, chess.while_live) == (("chess.exe",), False)
    assert (racing.programs, racing.while_live) == (("Racer *",), True)
    app.edit({"preset": chess.id, "programs": "left over", "programs_live": True})
    assert (app.settings.programs, app.settings.programs_live) == ("chess.exe", False)
    app.edit({"programs": "chess.exe,  draughts ,"})
    said = run(app, app.features.game_presets.save(chess.id))
    assert "“Chess” is applied when your scenes capture one of these programs: chess.exe" in said
    assert app.settings.programs == "chess.exe, draughts"
    assert PresetStore(folder).read()[0].programs == ("chess.exe", "draughts")
    app.edit({"preset": ""})
    assert app.settings.programs == ""
    assert "no longer exists" in run(app, app.features.game_presets.save("gone"))


def test_programs__are_there_after_a_start(
    app: Application, make: Callable[..., Application]
) -> None:
    racing = app.state.presets[1]
    app.close()
    again = make()
    again.settings = StreamSettings(preset=racing.id, programs="left over")
    run_until_idle(again)
    assert (again.settings.programs, again.settings.programs_live) == ("Racer *", True)


def test_programs_changed_in_another_obs__are_shown_unless_others_were_typed(
    app: Application, folder: Path
) -> None:
    preset = app.state.presets[0].id
    app.edit({"preset": preset})
    elsewhere = PresetStore(folder)
    elsewhere.use_for(preset, ("go.exe",), while_live=True)
    app.panel_opened()
    run_until_idle(app)
    assert (app.settings.programs, app.settings.programs_live) == ("go.exe", True)
    app.edit({"programs": "go.exe, shogi"})
    elsewhere.use_for(preset, (), while_live=False)
    app.panel_opened()
    run_until_idle(app)
    assert app.state.presets[0].programs == ()
    assert app.settings.programs == "go.exe, shogi"


def test_game__is_what_the_matching_preset_says(
    app: Application, host: CapturingHost, velora: FakeVelora
) -> None:
    velora.categories = (Category("music", "Music"), Category("golf", "Golf Online"))
    run(app, app.actions.refresh())
    add(app, "Sports", "golf", category="golf")
    app.settings = StreamSettings(title="Now: {game}")
    assert "so {game} stays empty" in app.panel().find("title_count").text
    run(app, app.actions.update_now())
    assert titles(velora) == ["Now:"]
    capture(app, host, CHESS)
    app.settings = StreamSettings(title="Now: {game}")
    assert "“Now: Chess”" in app.panel().find("title_count").text
    run(app, app.actions.update_now())
    capture(app, host, Capture("9", "golf"))
    app.settings = StreamSettings(title="Now: {game}")
    run(app, app.actions.update_now())
    assert titles(velora) == ["Now:", "Now: Chess", "Now: Golf Online"]


def test_programs_typed_while_they_are_saved__stay(app: Application) -> None:
    preset = app.state.presets[0].id
    app.edit({"preset": preset})
    app.edit({"programs": "chess.exe, go.exe"})
    saving = app.features.game_presets.save(preset)
    app.edit({"programs": "chess.exe, go.exe, shogi"})
    run(app, saving)
    run_until_idle(app)
    assert app.state.presets[0].programs == ("chess.exe", "go.exe")
    assert app.settings.programs == "chess.exe, go.exe, shogi"
