"""Which features there are, who is told first, and what they tell each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import FakeHost, FakeVelora, run, run_until_idle
from velora_core.api.models import StreamInfoUpdate
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.feature import Feature


def name_of(app: Application, feature: Feature) -> str:
    return next(name for name, value in vars(app.features).items() if value is feature)


def hears(feature: Feature) -> bool:
    """Whether a feature does something when it is told what happens."""
    events = [name for name in vars(Feature) if not name.startswith("_")]
    return any(getattr(type(feature), name) is not getattr(Feature, name) for name in events)


def test_each_feature__that_hears_anything_is_told_once(app: Application) -> None:
    features = [value for value in vars(app.features).values() if isinstance(value, Feature)]
    told = [name_of(app, feature) for feature in app.features.in_order]
    assert len(told) == len(set(told))
    assert {name_of(app, feature) for feature in features if hears(feature)} <= set(told)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("own_settings", "stream_info"),  # another program's newer title is what is sent
        ("connected_account", "stream_info"),  # a start that is held back is sent nothing
        ("game_presets", "stream_info"),
        ("scene_presets", "game_presets"),
        ("stream_info", "live_monitor"),
        ("preset_library", "channel"),  # whose presets the panel waits for as it opens
        ("live_monitor", "browser_stream"),  # which follows its own once that has let go
        ("title_history", "stream_info"),  # counts the stream that its title may number
    ],
)
def test_order__who_has_to_be_told_first(app: Application, earlier: str, later: str) -> None:
    order = [name_of(app, feature) for feature in app.features.in_order]
    assert order.index(earlier) < order.index(later)


def test_variables__are_those_of_this_moment(app: Application, host: FakeHost) -> None:
    before = app.features.variables()
    assert before == {"scene": "Scene", "preset": "", "game": "", "count": "1"}
    host.current_scene = "Later"
    app.features.game_presets.game = "Chess"
    app._runtime.change(streams=6, counted=False)
    assert app.features.variables() == {**before, "scene": "Later", "game": "Chess", "count": "7"}


def test_variables__the_preset_by_its_name_until_it_is_deleted(
    app: Application, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(title="{preset} in {scene}")
    run(app, app.features.preset_library.save("Evening"))
    run(app, app.actions.update_now())
    assert velora.named("update")[0]["title"] == "Evening in Scene"
    app._runtime.change(presets=())  # by another program, which has been noticed just now
    assert app.features.variables()["preset"] == ""


def test_live_status__gets_to_all_that_follow_it(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, LiveStatus]] = []
    for name, method in (
        ("title_history", "live_status"),
        ("text_overlay", "show"),
        ("page", "live_status"),
        ("told_live", "live_status"),
    ):

        def note(status: LiveStatus, name: str = name) -> None:
            told.append((name, status))

        monkeypatch.setattr(getattr(app.features, name), method, note)
    status = LiveStatus(is_live=True)
    app.features.live_monitor._changed(status)
    assert told == [
        (name, status) for name in ("title_history", "text_overlay", "page", "told_live")
    ]


def test_sent__gets_to_the_history_and_to_what_looks_for_stale_titles(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(
        app.features.title_history, "note_sent", lambda *what: told.append(("history", *what))
    )
    monkeypatch.setattr(
        app.features.stale_title, "sent", lambda update: told.append(("stale title", update))
    )
    settings, update = StreamSettings(title="x"), StreamInfoUpdate(title="x")
    app.features.stream_info._sent(settings, update)
    assert told == [("history", settings, update), ("stale title", update)]


def test_newer_settings_at_a_start__are_sent_unless_there_is_none_any_more(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.actions.configure())
    newer = StreamSettings(title="Newer")
    app.features._send_newer(newer)  # the start was held back, or is over already
    run_until_idle(app)
    assert velora.named("update") == []
    app.stream_starting()
    host.live = True
    app.features._send_newer(newer)
    run_until_idle(app)
    assert velora.named("update") == [{"title": "Newer"}]
