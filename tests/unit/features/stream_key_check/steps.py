"""What tests of the stream key check share."""

from __future__ import annotations

from typing import Any

from tests.unit.fakes import NEW_KEY, RTMP, FakeHost, FakeVelora, run_until_idle
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.secret import Secret
from velora_hosts.obs.service import Service

__all__ = [
    "BY_HAND",
    "change",
    "key_in_obs",
    "refused",
    "regenerated",
]


def regenerated(velora: FakeVelora, key: str = NEW_KEY) -> None:
    setup = velora.setup
    assert setup.whip_url is not None
    whip = setup.whip_url.reveal().replace(setup.stream_key.reveal(), key)
    velora.setup = setup._replace(stream_key=Secret(key), whip_url=Secret(whip))


def key_in_obs(host: FakeHost) -> object:
    return host.service().settings.get("key")


def refused(app: Application, end: EndReason = EndReason.REFUSED) -> str:
    app.stream_starting()
    app.stream_stopped(end)
    run_until_idle(app)
    return app.state.status


def change(host: FakeHost, **settings: Any) -> Service:
    """As a person does in the software's own settings."""
    service = host.service()
    changed = Service(service.kind, {**service.settings, **settings})
    host.services["Main"] = changed
    return changed


BY_HAND = Service("rtmp_custom", {"server": RTMP, "key": "live_test_by_hand"})
