"""How a stream ended, as OBS's signal and its event tell it."""

from __future__ import annotations

import threading

import pytest

from tests.unit.fakes import NEW_KEY, FakeVelora, wait_for
from tests.unit.obs_script.script import Script


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


def test_no_output__the_stream_starts_all_the_same(script: Script) -> None:
    script.obs.frontend.has_output = False
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert script.obs.frontend.on_stop == []
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)


def test_stop_after_unloading__does_nothing(script: Script) -> None:
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.unload()
    script.obs.frontend.on_stop[0]({"code": -3})
