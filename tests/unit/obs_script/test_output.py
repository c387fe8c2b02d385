"""How a stream ended, as OBS's signal and its event tell it."""

from __future__ import annotations

import threading

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import NEW_KEY, FakeVelora, run_until_idle, wait_for
from tests.unit.obs_script.script import Script
from velora_core.application import Application


@pytest.mark.parametrize("signal_first", [True, False])
@pytest.mark.parametrize(
    ("code", "sentence"),
    [(-3, "Press Start"), (-2, "Press Start"), (0, "Your stream key had")],
)
def test_stop_code__reaches_the_application_in_any_order(
    script: Script, velora: FakeVelora, code: int, sentence: str, signal_first: bool
) -> None:
    script.press(script.panel(), "configure")
    velora.regenerate_stream_key()
    obs, frontend = script.obs, script.obs.frontend
    for _ in range(2):
        script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert len(frontend.on_stop) == 1

    def signal() -> None:
        thread = threading.Thread(target=frontend.on_stop[0], args=({"code": code},))
        thread.start()
        thread.join()

    if signal_first:
        signal()
        script.call("script_save", None)
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    if not signal_first:
        signal()
    wait_for(lambda: script.call("script_save", None) or frontend.service.values["key"] == NEW_KEY)
    status = script.module._session.app.state.status
    assert sentence in status.splitlines()[-1]


def app_of(script: Script) -> Application:
    app: Application = script.module._session.app
    return app


@pytest.mark.parametrize("answered", ["before", "after"])
def test_refused_by_obs_itself__is_over_when_the_ui_thread_comes_by(
    script: Script, velora: FakeVelora, answered: str
) -> None:
    """Velora's answer about the title comes by itself, before or after OBS is found out."""
    obs, frontend = script.obs, script.obs.frontend
    panel = script.panel()
    run_until_idle(app_of(script))  # the categories are known: the update asks for nothing else
    script.press(panel, "configure")
    run_until_idle(app_of(script))
    frontend.refuses_start = True
    velora.block = threading.Event()
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert app_of(script).features.stream_info.streaming()
    wait_for(lambda: velora.named("update"))

    def answer() -> None:
        assert velora.block
        velora.block.set()
        wait_for(lambda: "now has the title" in app_of(script).state.status)

    if answered == "before":
        answer()
    script.call("script_save", None)
    assert not app_of(script).features.stream_info.streaming()
    refused = "OBS itself could not start the stream"
    assert app_of(script).state.status.splitlines()[-1].startswith(refused)
    if answered == "after":
        answer()
        assert app_of(script).state.status.startswith(refused)
    velora.block = None
    script.call("script_save", None)
    frontend.refuses_start = False
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.call("script_save", None)
    assert app_of(script).features.stream_info.streaming()
    assert frontend.on_starting == []


def test_question_before_the_start__the_stream_is_followed_once_it_is_answered(
    script: Script, velora: FakeVelora
) -> None:
    """A plugin asks between OBS's event and the start, and OBS's UI thread comes by meanwhile."""
    obs, frontend = script.obs, script.obs.frontend
    script.press(script.panel(), "configure")
    frontend.refuses_start = True
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    wait_for(lambda: velora.named("update"))
    velora.calls.clear()
    script.call("script_save", None)
    assert not app_of(script).features.stream_info.following
    for told in list(frontend.on_starting):  # it was answered
        told({})
    script.call("script_save", None)
    assert app_of(script).features.stream_info.following
    wait_for(lambda: velora.named("update"))
    assert velora.named("update")[0]["title"] == "Hello"
    wait_for(lambda: "could not start" not in app_of(script).state.status)
    frontend.live = True
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTED)
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    velora.regenerate_stream_key()
    thread = threading.Thread(target=frontend.on_stop[0], args=({"code": -3},))
    thread.start()
    thread.join()
    frontend.live = False
    wait_for(lambda: script.call("script_save", None) or frontend.service.values["key"] == NEW_KEY)


def test_refused_by_obs_itself__and_started_all_the_same_has_its_info(
    script: Script, velora: FakeVelora
) -> None:
    obs, frontend = script.obs, script.obs.frontend
    script.press(script.panel(), "configure")
    frontend.refuses_start = True
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    wait_for(lambda: velora.named("update"))
    velora.calls.clear()
    script.call("script_save", None)  # while a plugin asks something, say
    assert not app_of(script).features.stream_info.following
    frontend.live = True
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTED)
    wait_for(lambda: velora.named("update"))
    assert velora.named("update")[0]["title"] == "Hello"
    wait_for(lambda: "could not start" not in app_of(script).state.status)
    assert not script.module._session.session._output.was_mistaken()


@pytest.mark.parametrize("unsure", ["other output", "active", "stopped", "stop signal", "gone"])
def test_refused_by_obs_itself__only_where_that_is_sure(script: Script, unsure: str) -> None:
    obs, frontend = script.obs, script.obs.frontend
    script.press(script.panel(), "configure")
    frontend.refuses_start = True
    frontend.output_name = "rtmp multitrack video" if unsure == "other output" else "adv_stream"
    frontend.live = unsure == "active"
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    if unsure == "stopped":
        script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    if unsure == "stop signal":
        thread = threading.Thread(target=frontend.on_stop[0], args=({"code": -2},))
        thread.start()
        thread.join()
    frontend.has_output = unsure != "gone"
    script.call("script_save", None)
    assert "could not start" not in app_of(script).state.status


def test_end_of_an_earlier_output__is_not_taken_for_that_of_the_next_stream(
    script: Script, velora: FakeVelora
) -> None:
    """Another output mode, say, has another output, and the one before may tell late."""
    obs, frontend = script.obs, script.obs.frontend
    script.press(script.panel(), "configure")
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    (told,) = frontend.on_stop
    before = int(frontend)
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    frontend.output_address += 1
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)

    def stop(output: int, code: int) -> None:
        thread = threading.Thread(target=told, args=({"code": code, "output": output},))
        thread.start()
        thread.join()

    velora.regenerate_stream_key()
    stop(before, 0)  # it was stopped in time
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    stop(int(frontend), -3)
    wait_for(lambda: script.call("script_save", None) or frontend.service.values["key"] == NEW_KEY)
    assert "Press Start" in app_of(script).state.status.splitlines()[-1]


def test_no_output__the_stream_starts_all_the_same(script: Script) -> None:
    script.obs.frontend.has_output = False
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert script.obs.frontend.on_stop == []
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)


def test_stop_after_unloading__does_nothing(script: Script) -> None:
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.unload()
    script.obs.frontend.on_stop[0]({"code": -3})


@pytest.mark.parametrize("event", ["RECORDING", "REPLAY_BUFFER"])
def test_recording_after_a_refused_start__has_its_encoder_back(
    script: Script, mocker: MockerFixture, event: str
) -> None:
    obs, frontend = script.obs, script.obs.frontend
    script.press(script.panel(), "configure")
    frontend.refuses_start = True
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    give_back = mocker.spy(app_of(script).features.encoder_check._host, "give_back_encoder")
    script.call("script_save", None)
    assert give_back.call_count == 0  # a plugin may only have asked something
    script.event(getattr(obs, f"OBS_FRONTEND_EVENT_{event}_STARTING"))
    assert give_back.call_count == 1
