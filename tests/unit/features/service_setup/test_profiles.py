"""Whose it is: profiles with the same name, and whose key is in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    WHIP,
    FakeHost,
    FakeVelora,
    previous,
    run,
    wait_for,
)
from tests.unit.features.service_setup.steps import AAC, custom, protocol
from velora_core.application import Application
from velora_core.secret import Secret
from velora_hosts.obs.service import Service


def test_second_obs__has_nothing_of_the_first_one(
    app: Application, make: Any, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    other = FakeHost()
    other.config_folder = "/portable/obs"
    other.services["Main"] = custom(1)
    second = Application(other, environment=app._session.environment, folder=app._session._folder)
    try:
        run(second, second.actions.refresh())
        assert previous(second) is None
        assert second.applied_key is None
        assert "no previous streaming service" in run(second, second.actions.restore_previous())
        run(second, second.actions.configure())
        run(second, second.actions.restore_previous())
        assert other.service() == custom(1)
    finally:
        second.close()
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_renamed_profile__has_what_it_had(app: Application, make: Any, host: FakeHost) -> None:
    run(app, app.actions.configure())
    before = host.profile()
    host.services["New"] = host.services.pop("Main")
    host.current_profile = "New"
    app.profile_renamed(before)
    run(app, app.actions.refresh())
    assert previous(app)
    assert app.applied_key == Secret(KEY)
    app.close()
    again = make()
    run(again, again.actions.restore_previous())
    assert host.service() == OTHER
    host.current_profile = "Main"
    assert previous(again) is None, "a new profile with the old name"


def test_recreated_profile__a_key_in_it_is_somebodys_own(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    host.services["Second"] = Service("rtmp_common", {})  # deleted, and made again
    host.current_profile = "Second"
    app.profile_changed()
    run(app, app.actions.refresh())
    assert app.applied_key is None
    host.services["Second"] = by_hand = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    app.features.stream_key_check.check_anew()
    run(app, app.actions.refresh())
    wait_for(lambda: app.actions.asking, meanwhile=app.process_ui_queue)
    assert host.service() == by_hand


@pytest.mark.parametrize("native", [True, False])
def test_filed_by_the_bare_name__the_first_native_one_takes_it_over(
    make: Any, host: FakeHost, folder: Path, native: bool
) -> None:
    kept = {"kind": OTHER.kind, "settings": dict(OTHER.settings), "audio": list(AAC)}
    folder.mkdir()
    content = {"version": 1, "previous_services": {"Main": kept}, "given_keys": {"Main": KEY}}
    (folder / "secrets.json").write_text(json.dumps(content))
    host.native = native
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    app = make()
    run(app, app.actions.refresh())
    assert (previous(app) is not None) is native
    if native:
        wait_for(lambda: (app.process_ui_queue(), app.applied_key == Secret(KEY))[1])
    assert app.applied_key is None or native
    app.close()
    host.config_folder, host.native = "/second/obs", True
    second = make()
    run(second, second.actions.refresh())
    assert (previous(second) is not None) is not native
    if native:
        stored = (folder / "secrets.json").read_text()
        assert KEY not in stored
        assert "Main" not in json.loads(stored)["applied_keys"]


def test_applied_key__is_known_to_the_ui_thread(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    assert app.applied_key is None
    run(app, app.actions.configure())
    assert app.applied_key == Secret(KEY)
    assert KEY not in repr(app.state)
    host.current_profile = "Second"
    assert app.applied_key is None
    protocol(app, "whip")
    run(app, app.actions.configure())
    assert app.applied_key == Secret(WHIP)
    app.close()
    again = make()
    # Kept is a digest; which key it is of is known once Velora has said it again.
    wait_for(lambda: (again.process_ui_queue(), again.applied_key == Secret(WHIP))[1])
    run(again, again.actions.sign_out())
    assert again.applied_key is None
