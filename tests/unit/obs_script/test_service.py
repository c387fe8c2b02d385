"""OBS's streaming service, which is read again only when it has changed."""

from __future__ import annotations

from tests.unit.fake_obspython import Data
from tests.unit.fakes import KEY, NEW_KEY, RTMP
from tests.unit.obs_script.script import Script
from velora_core.host.destination import Destination
from velora_core.secret import Secret


def test_service__is_read_again_only_when_it_has_changed(script: Script) -> None:
    host, frontend = script.module._session.host, script.obs.frontend
    frontend.service_kind, frontend.service = "rtmp_custom", Data({"server": RTMP, "key": KEY})
    before = host.destination()
    assert before == Destination("rtmp", Secret(RTMP), Secret(KEY))
    assert host.destination() is before
    frontend.service.values["key"] = NEW_KEY
    assert host.destination().key == Secret(NEW_KEY)
    frontend.service_kind = "rtmp_common"
    assert not host.destination().is_custom
