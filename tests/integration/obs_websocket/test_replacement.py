"""What stands between two services of OBS, with a companion that finds it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import KEY, wait_for
from tests.unit.model_obs import ModelObs, Refused
from tests.unit.obs_websocket.conftest import Companion
from velora_hosts.obs.service import Service
from velora_hosts.obs_websocket.replacement import replacing

MINE = {
    "server": "rtmp://mine.test/app",
    "key": "live_test_mine",
    "use_auth": True,
    "username": "me",
}
CUSTOM = Service("rtmp_custom", {"server": "rtmp://ingest.test/live", "key": "live_test_key"})
WHIP = Service(
    "whip_custom", {"server": "https://ingest.test/whip", "bearer_token": "live_test_key"}
)


def between(wanted: Service = CUSTOM) -> tuple[str, dict[str, Any]]:
    """Return what OBS has when only the first of two services was set."""
    (_, data), _ = replacing(Service(wanted.kind, MINE), wanted)
    return data["streamServiceType"], dict(data["streamServiceSettings"])


def only_the_first(obs: ModelObs) -> None:
    """Have OBS start to stream before it has set the second service."""
    serve = obs.SetStreamServiceSettings

    def served(data: dict[str, Any]) -> dict[str, Any]:
        answer = serve(data)
        del obs.overridden["SetStreamServiceSettings"]
        obs.streaming = True
        return answer

    obs.overridden["SetStreamServiceSettings"] = served


def test_stream_begins_in_between__is_velora_s_and_finished_after_it(
    connected: Companion, obs: ModelObs
) -> None:
    obs.services["Main"] = ("rtmp_custom", dict(MINE))
    only_the_first(obs)
    status = connected.press(lambda app: app.actions.configure())
    assert "stop the stream" in status
    kind, settings = obs.services["Main"]
    assert (kind, settings["key"]) == ("rtmp_common", KEY)
    connected.link.post(connected.link._poll)
    connected.run_until_idle()
    assert obs.services["Main"][0] == "rtmp_common"
    obs.stream("STOPPING", "STOPPED")
    wait_for(lambda: not connected.app._host.streaming())
    connected.link.post(connected.link._poll)
    wait_for(lambda: obs.services["Main"][0] == "rtmp_custom")
    assert set(obs.services["Main"][1]) == {"server", "key", "use_auth", "bwtest"}
    connected.run_until_idle()
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"] == ("rtmp_custom", MINE)


def test_obs_quits_in_between__finished_at_the_next_connection(
    connected: Companion, obs: ModelObs
) -> None:
    before = connected.app._host.profile()
    obs.services["Main"] = between()
    obs.drop()
    wait_for(lambda: obs.services["Main"] == (CUSTOM.kind, CUSTOM.settings))
    connected.run_until_idle()
    assert connected.app._host.profile() == before


@pytest.mark.parametrize("wanted", [CUSTOM, WHIP])  # of a profile that was made in another OBS
def test_obs_refuses_to_finish__is_connected_all_the_same(
    connected: Companion, obs: ModelObs, wanted: Service
) -> None:
    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused(700)

    obs.overridden["SetStreamServiceSettings"] = refuse
    obs.services["Main"] = between(wanted)
    obs.drop()
    wait_for(lambda: obs.names().count("GetVersion") == 2)
    connected.run_until_idle()
    assert connected.link.connected
    destination = connected.app._host.destination()
    assert destination
    assert destination.url.reveal() == wanted.server
