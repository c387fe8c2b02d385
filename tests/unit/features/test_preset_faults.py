"""What fails while a preset is applied to a running stream: by hand, by a scene, by a program.

A hotkey does what *Apply* does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeVelora, run
from tests.unit.features.live import go_live, work
from tests.unit.features.test_game_presets import CapturingHost
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.scene_presets import PAUSE
from velora_core.host.host import Capture

Apply = Callable[[str], None]
WAYS = ("by hand", "scene", "program")


@pytest.fixture
def host() -> CapturingHost:
    return CapturingHost()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    features = ("stream_info", "scene_presets", "game_presets")
    clock.rule(monkeypatch, "app.worker", *(f"features.{name}" for name in features))
    return clock


@pytest.fixture
def app(make: Callable[..., Application], host: CapturingHost, velora: FakeVelora) -> Application:
    """Live to Velora; the presets A and B have a scene and a program of their name."""
    app = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    for name in "AB":
        app.settings = StreamSettings(title=name, category="music" if name == "A" else "")
        run(app, app.features.preset_library.save(name))
        host.current_scene = name
        run(app, app.features.scene_presets.tie(app.settings.preset))
        app.edit({"programs": name, "programs_live": True})
        run(app, app.features.game_presets.save(app.settings.preset))
    host.current_scene = "Start"
    app.settings = StreamSettings()
    go_live(app, host)
    work(app)
    velora.calls.clear()
    return app


@pytest.fixture(params=WAYS)
def apply(request: Any, app: Application, host: CapturingHost) -> Apply:
    """Apply the preset of a name in one of the ways."""

    def apply(name: str) -> None:
        if request.param == "scene":
            host.current_scene = name
            app.scene_changed()
        elif request.param == "program":
            host.captured = [Capture("1", name)]
            app.process_ui_queue()
        else:
            ids = {preset.name: preset.id for preset in app.state.presets}
            app.features.preset_library.apply(ids[name])
        work(app)

    return apply


def titles(velora: FakeVelora) -> list[str]:
    return [sent["title"] for sent in velora.named("update")]


def pass_time(app: Application, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    work(app)


def test_category_gone__the_rest_is_sent_and_the_preset_is_marked(
    app: Application, apply: Apply, velora: FakeVelora
) -> None:
    velora.failures["update"] = [errors.CategoryNotFound(slug="music")]
    apply("A")
    assert velora.named("update") == [{"title": "A", "category_slug": "music"}, {"title": "A"}]
    assert app.state.gone == {"music"}
    labels = [option.label for option in app.panel().find("preset").options]
    assert labels == ["(none)", "⚠ A", "B"]


def test_rate_limit__the_last_one_wanted_is_sent_when_it_is_over(
    app: Application, apply: Apply, velora: FakeVelora, clock: Clock, request: Any
) -> None:
    velora.failures["update"] = [errors.RateLimited(retry_after=45.0)] * 2
    apply("A")
    assert titles(velora) == ["A"]
    apply("B")
    tried = len(titles(velora))
    pass_time(app, clock, PAUSE)
    for _ in range(6):
        pass_time(app, clock, 45.0)
    assert titles(velora)[-1] == "B"
    assert "A" not in titles(velora)[tried:]
    assert velora.failures["update"] == []
    sent = len(titles(velora))
    pass_time(app, clock, 600.0)
    assert len(titles(velora)) == sent


def test_server_fails__it_is_tried_again_as_long_as_the_stream_lives(
    app: Application, apply: Apply, host: CapturingHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"] = [errors.ServerError(status=500)] * 3
    apply("A")
    pass_time(app, clock, 5.0)
    assert titles(velora) == ["A", "A"]
    host.live = False
    app.stream_stopped()
    pass_time(app, clock, 600.0)
    assert titles(velora) == ["A", "A"]


def test_stream_elsewhere__nothing_is_sent(
    app: Application, apply: Apply, host: CapturingHost, velora: FakeVelora, clock: Clock
) -> None:
    host.services["Main"] = OTHER
    apply("A")
    pass_time(app, clock, PAUSE)
    assert titles(velora) == []


def test_no_stream__nothing_is_sent(
    app: Application, apply: Apply, host: CapturingHost, velora: FakeVelora, clock: Clock
) -> None:
    host.live = False
    app.stream_stopped()
    apply("A")
    pass_time(app, clock, PAUSE)
    assert titles(velora) == []


def test_signed_out__says_so_and_sends_nothing(
    app: Application, apply: Apply, velora: FakeVelora
) -> None:
    velora.failures["update"] = [errors.NotSignedIn()]
    apply("A")
    assert titles(velora) == ["A"]
    assert "not signed in" in app.panel(drawn=True).find("status").text


FAULTS = (
    errors.ServerError(status=500),
    errors.TimedOut(),
    errors.ConnectionLost(),
    errors.DnsError(host="velora.test"),
    errors.TlsError(host="velora.test"),
    errors.Unauthorized(),
    errors.InsufficientScope(scope="stream:write"),
    errors.NotFound(endpoint="/stream/info"),
    errors.Rejected(status=400, message="not that"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_fault__is_said_and_tried_again_where_that_may_help(
    fault: errors.VeloraError,
    app: Application,
    apply: Apply,
    host: CapturingHost,
    velora: FakeVelora,
    clock: Clock,
) -> None:
    velora.failures["update"] = [fault]
    apply("B")
    assert str(fault) in app.panel(drawn=True).find("status").text
    pass_time(app, clock, 5.0)
    assert titles(velora) == (["B", "B"] if fault.transient else ["B"])
    pass_time(app, clock, 600.0)
    assert len(titles(velora)) == (2 if fault.transient else 1)
