"""What the application tells its features, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.fakes import FakeHost
from velora_core.application import Application
from velora_core.features.feature import Feature
from velora_core.host.host import EndReason

EVENTS = sorted(name for name in vars(Feature) if not name.startswith("_"))


class Listening(Feature):
    """Notes what it is told."""

    def __init__(self, told: list[str], name: str, *, starts: bool = True) -> None:
        for event in EVENTS:
            setattr(self, event, self._noting(told, f"{name} {event}", starts))

    @staticmethod
    def _noting(told: list[str], line: str, answer: bool) -> Callable[..., bool]:
        def note(*_: Any, **__: Any) -> bool:
            told.append(line)
            return answer

        return note


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def app(app: Application, told: list[str]) -> Application:
    """Loaded, with two features that only listen."""
    app.wait_for(app._opening)
    app.features.in_order = (Listening(told, "first"), Listening(told, "second"))
    return app


@pytest.mark.parametrize(
    ("tell", "events"),
    [
        (lambda app: setattr(app, "settings", app.settings), ["settings_changed"]),
        (lambda app: app.panel_opened(), ["panel_opening", "panel_opened"]),
        (lambda app: app.profile_changed(), ["profile_changed"]),
        (lambda app: app.profile_renamed(app._host.profile()), ["profile_renamed"]),
        (lambda app: app.scenes_loaded(), ["scenes_loaded"]),
        (lambda app: app.scenes_unloading(), ["scenes_unloading"]),
        (lambda app: app.source_renamed("a", "b"), ["source_renamed"]),
        (lambda app: app.source_renamed("a", "b", scene=True), ["scene_renamed"]),
        (lambda app: app.stream_starting(), ["stream_starting"]),
        (lambda app: app.stream_started(), ["stream_started"]),
        (lambda app: app.stream_stopped(None), ["stream_stopped"]),
        (lambda app: app.stream_stopped(), ["stream_stopped", "stream_ended"]),
        (lambda app: app.stream_ended(EndReason.REFUSED), ["stream_ended"]),
        (lambda app: app.close(), ["close"]),
        (lambda app: app._opened(), ["scenes_loaded", "opened"]),
    ],
)
def test_event__each_feature_is_told_once_in_their_order(
    app: Application, told: list[str], tell: Callable[[Application], None], events: list[str]
) -> None:
    tell(app)
    assert told == [f"{name} {event}" for event in events for name in ("first", "second")]


def test_loaded_in_mid_stream__each_feature_is_told_before_it_is_opened(
    app: Application, host: FakeHost, told: list[str]
) -> None:
    host.live = True
    app._opened()
    events = ["scenes_loaded", "stream_resumed", "opened"]
    assert told == [f"{name} {event}" for event in events for name in ("first", "second")]


def test_start_that_is_held_back__no_further_feature_is_told(
    app: Application, told: list[str]
) -> None:
    app.features.in_order = (Listening(told, "first", starts=False), Listening(told, "second"))
    app.stream_starting()
    assert told == ["first stream_starting"]


def test_feature__does_nothing_by_default_and_lets_streams_start(app: Application) -> None:
    feature = Feature()
    assert feature.stream_starting(app.settings)
    for event in set(EVENTS) - {"stream_starting"}:
        names = getattr(Feature, event).__annotations__
        given = {name: None for name in names if name != "return"}
        assert getattr(feature, event)(**given) is None
