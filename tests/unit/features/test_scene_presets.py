"""Presets that scenes send."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run, run_until_idle, wait_for
from tests.unit.features.live import update_clock
from velora_core import errors
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.scene_presets import PAUSE
from velora_core.host.host import HostScene
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return update_clock(monkeypatch, "features.scene_presets")


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    """Live to Velora; the scenes Game and Chat have a preset of their name."""
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    for name in ("Game", "Chat"):
        app.settings = StreamSettings(title=name)
        run(app, app.features.preset_library.save(name))
        host.current_scene = name
        run(app, app.features.scene_presets.tie(app.settings.preset))
    host.current_scene = "Start"
    app.settings = StreamSettings(title="Start")
    app.stream_starting()
    host.live = True
    app.stream_started()
    wait_for(lambda: velora.named("update"))
    run_until_idle(app)
    velora.calls.clear()
    return app


def switch(app: Application, host: FakeHost, scene: str) -> None:
    host.current_scene = scene
    app.scene_changed()


def titles(app: Application, velora: FakeVelora) -> list[str]:
    run_until_idle(app)
    return [update["title"] for update in velora.named("update")]


def pass_time(app: Application, clock: Clock, seconds: float) -> None:
    run_until_idle(app)
    clock.now += seconds
    run_until_idle(app)


def test_scene__sends_its_preset(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    switch(app, host, "Game")
    assert titles(app, velora) == ["Game"]
    assert velora.named("info") == []  # one request, not two
    assert app.settings.title == "Start"  # what is in the fields is the streamer's
    assert app.state.presets[0].id == app.state.preset


def test_scene_without_a_preset__changes_nothing(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    switch(app, host, "Other")
    assert titles(app, velora) == []


def test_switches__at_most_one_in_the_pause_and_the_last_wins(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    switch(app, host, "Game")
    assert titles(app, velora) == ["Game"]
    for scene in ("Chat", "Game", "Chat", "Other"):
        switch(app, host, scene)
    pass_time(app, clock, PAUSE - 1)
    assert titles(app, velora) == ["Game"]
    pass_time(app, clock, 1)
    assert titles(app, velora) == ["Game", "Chat"]
    pass_time(app, clock, PAUSE)
    assert titles(app, velora) == ["Game", "Chat"]


@pytest.mark.parametrize("way", ["update now", "apply", "put back"])
def test_sent_by_hand_in_the_pause__a_scene_before_that_sends_nothing(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, way: str
) -> None:
    switch(app, host, "Game")
    run_until_idle(app)
    clock.now += 1
    switch(app, host, "Chat")
    clock.now += 1
    if way == "update now":
        app.settings = StreamSettings(title="By hand")
        run(app, app.actions.update_now())
    elif way == "apply":
        run(app, app.features.preset_library.apply(app.state.presets[0].id))
    else:
        run(app, app.features.title_history.put_back())
    sent = titles(app, velora)
    pass_time(app, clock, PAUSE)
    assert titles(app, velora) == sent
    switch(app, host, "Chat")
    assert titles(app, velora) == [*sent, "Chat"]


def test_scene_after_a_press_that_waits_for_its_turn__is_sent(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    turn = threading.Event()

    def hold() -> None:
        assert turn.wait(10)

    app._runtime.worker.submit(hold, interruptible=False)
    pressed = app.features.preset_library.apply(app.state.presets[0].id)
    clock.now += 1
    switch(app, host, "Chat")
    turn.set()
    run(app, pressed)
    run_until_idle(app)
    assert titles(app, velora)[-1] == "Chat"


def test_a_thousand_switches_in_a_minute__two_requests(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    for number in range(1000):
        switch(app, host, "Game" if number % 2 else "Chat")
        if not number % 100:
            run_until_idle(app)
        clock.now += 0.0599
    assert len(titles(app, velora)) == 2


def test_rate_limit__the_last_one_is_sent_when_it_is_over(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    velora.failures["update"] = [errors.RateLimited(retry_after=45.0)]
    switch(app, host, "Game")
    assert titles(app, velora) == ["Game"]
    monkeypatch.setattr(app._session, "rate_limit_delay", lambda: max(0.0, 1045.0 - clock.now))
    switch(app, host, "Chat")
    pass_time(app, clock, PAUSE)
    assert titles(app, velora) == ["Game"]
    pass_time(app, clock, 15.0)
    assert titles(app, velora) == ["Game", "Chat"]


def test_category_gone__the_rest_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(title="Both", category="music")
    run(app, app.features.preset_library.save("Both"))
    host.current_scene = "Both"
    run(app, app.features.scene_presets.tie(app.settings.preset))
    velora.failures["update"] = [errors.CategoryNotFound(slug="music")]
    app.scene_changed()
    run_until_idle(app)
    assert velora.named("update") == [
        {"title": "Both", "category_slug": "music"},
        {"title": "Both"},
    ]
    assert app.state.gone == {"music"}


def test_stream_elsewhere_or_none__nothing_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    switch(app, host, "Game")
    assert titles(app, velora) == []
    host.live = False
    app.stream_stopped()
    switch(app, host, "Chat")
    assert titles(app, velora) == []


def test_stream_that_ends_in_the_pause__nothing_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    switch(app, host, "Game")
    run_until_idle(app)
    switch(app, host, "Chat")
    host.live = False
    app.stream_stopped()
    pass_time(app, clock, PAUSE)
    assert titles(app, velora) == ["Game"]


def test_loaded_anew__the_pause_goes_on(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    switch(app, host, "Game")
    run_until_idle(app)
    app.close()
    again = make()
    run_until_idle(again)
    switch(again, host, "Chat")
    assert titles(again, velora) == ["Game"]
    pass_time(again, clock, PAUSE)
    assert titles(again, velora) == ["Game", "Chat"]


def test_another_obs_has_changed_it__what_it_has_now_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora, folder: Any
) -> None:
    PresetStore(folder).overwrite(app.state.presets[0].id, PresetContent("Newest"))
    switch(app, host, "Game")
    assert titles(app, velora) == ["Newest"]


def test_another_obs_has_deleted_it__nothing_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora, folder: Any
) -> None:
    PresetStore(folder).delete(app.state.presets[0].id)
    switch(app, host, "Game")
    assert titles(app, velora) == []
    switch(app, host, "Chat")
    assert titles(app, velora) == ["Chat"]


def test_renamed_scene__keeps_its_preset(
    app: Application, host: FakeHost, velora: FakeVelora, folder: Any
) -> None:
    app.source_renamed("Camera", "Webcam", scene=True)
    app.source_renamed("Game", "Spiel", scene=True)
    run_until_idle(app)
    assert PresetStore(folder).read()[0].scenes == (HostScene("Spiel"),)
    switch(app, host, "Spiel")
    assert titles(app, velora) == ["Game"]


def test_renamed_source__that_is_called_like_a_scene_of_another_collection(
    app: Application, folder: Any
) -> None:
    app.source_renamed("Game", "Game capture")
    run_until_idle(app)
    assert PresetStore(folder).read()[0].scenes == (HostScene("Game"),)


def test_renamed_twice_while_the_worker_is_busy__keeps_its_preset(
    app: Application, host: FakeHost, folder: Any
) -> None:
    free = threading.Event()

    def wait() -> None:
        assert free.wait(5.0)

    app._runtime.worker.submit(wait, interruptible=False)
    host.current_scene = "Chess"
    app.features.scene_presets.tie(app.state.presets[0].id)
    for before, after in (("Game", "Spiel"), ("Spiel", "Jeu"), ("Chess", "Schach")):
        app.source_renamed(before, after, scene=True)
    free.set()
    run_until_idle(app)
    assert PresetStore(folder).read()[0].scenes == (HostScene("Jeu"), HostScene("Schach"))


def test_renamed_source__what_another_obs_has_saved_is_not_missed(
    app: Application, folder: Any
) -> None:
    PresetStore(folder).add("Theirs", PresetContent("Theirs"))
    app.source_renamed("Camera", "Webcam", scene=True)
    app.features.preset_library.panel_opening()
    run_until_idle(app)
    assert [preset.name for preset in app.state.presets] == ["Game", "Chat", "Theirs"]


def test_renamed_and_closed_at_once__keeps_its_preset(app: Application, folder: Any) -> None:
    started, free = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        assert free.wait(5.0)

    app._runtime.worker.submit(wait, interruptible=False)
    assert started.wait(5.0)
    app.source_renamed("Game", "Spiel", scene=True)
    app.close()
    free.set()
    wait_for(lambda: PresetStore(folder).read()[0].scenes == (HostScene("Spiel"),))


def test_tie__one_preset_for_a_scene(app: Application, host: FakeHost) -> None:
    game, chat = app.state.presets
    host.current_scene = "Game"
    assert run(app, app.features.scene_presets.tie(chat.id)).endswith(
        "the preset “Chat” is sent when the scene “Game” goes on air."
    )
    game, chat = app.state.presets
    assert game.scenes == ()
    assert chat.scenes == (HostScene("Chat"), HostScene("Game"))
    assert "No scene sends" in run(app, app.features.scene_presets.untie(chat.id))
    assert app.state.presets[1].scenes == ()
    assert "no longer exists" in run(app, app.features.scene_presets.tie("gone"))


def test_scene__is_known_by_its_uuid_as_well() -> None:
    scene = HostScene("Game", "1-2")
    assert scene.is_same(HostScene("Renamed", "1-2"))
    assert scene.is_same(HostScene("Game", "3-4"))
    assert scene.is_same(HostScene("Game"))
    assert not HostScene("Game").is_same(HostScene("Other"))


def test_text_on_the_picture__names_the_scene(app: Application, host: FakeHost) -> None:
    host.texts["Text"] = "own"
    app.settings = StreamSettings(texts={"Text": "Scene: {scene}"})
    app.features.show_live(LiveStatus(is_live=True, checked_at=1.0))
    assert host.texts["Text"] == "Scene: Start"
    switch(app, host, "Game")
    assert host.texts["Text"] == "Scene: Game"
