"""What the host of Streamlabs does when somebody else changes the same things."""

from __future__ import annotations

import pytest

from tests.unit.fakes import KEY, wait_for
from tests.unit.model_streamlabs import ModelStreamlabs
from tests.unit.streamlabs.conftest import Companion
from velora_core.host.destination import Destination
from velora_core.secret import Secret
from velora_hosts.streamlabs.errors import ChangedMeanwhile

MOVED = Destination("rtmp", Secret("rtmp://moved.test/live"), Secret("live_test_moved"))


def test_change_over_somebodys_own__is_refused(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.enter("rtmp_custom", {"server": "rtmp://mine.test/a", "key": "live_test_m"})

    def change() -> bool:
        with pytest.raises(ChangedMeanwhile):
            connected.app._host.change_destination(MOVED, save=True)
        return True

    assert connected.on_link(change)
    assert model.values["key"] == "live_test_m"


def test_address_that_streamlabs_writes_over__goes_not_to_velora(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.protected = True
    host = connected.app._host
    connected.poll()
    there = connected.on_link(host.destination)
    assert there
    assert there.platform == "Streamlabs Desktop"
    model.logged_in = False  # then nobody's key is written there
    connected.poll()
    there = connected.on_link(host.destination)
    assert there
    assert there.is_custom
    model.logged_in = True
    connected.configure()
    assert (model.protected, model.values["key"]) == (False, KEY)


def test_log_out_without_a_connection__is_noticed(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.stop()
    wait_for(lambda: not connected.link.connected)
    model.log_out()
    model.start()
    connected.hears("no longer set up for Velora")


@pytest.mark.parametrize("state", [None, [], {"Stream": {"formData": "none"}}, {"Stream": []}])
def test_form_that_cannot_be_read__nothing_is_changed(
    connected: Companion, model: ModelStreamlabs, state: object
) -> None:
    model.overridden["state"] = state
    connected.configure()
    assert model.values["key"] == "live_test_twitch"
    assert "setSettings" not in model.methods()
    del model.overridden["state"]
    connected.configure()
    assert model.values["key"] == KEY
