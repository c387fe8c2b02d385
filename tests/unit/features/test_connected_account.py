"""The stream key of an account that is connected in OBS never goes to Velora."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    TIMEOUT,
    FakeHost,
    FakeVelora,
    previous,
    run,
    wait_for,
)
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.errors import TransportError
from velora_core.host.destination import Destination, IngestAddresses
from velora_core.host.host import LogLevel, SavedSetup
from velora_core.secret import Secret
from velora_hosts.obs.service import Service

FOREIGN, TYPED = "live_test_twitch_key", "live_test_typed"
HELD = "The stream was not started"


def to_velora(key: str) -> Destination:
    return Destination("rtmp", Secret(RTMP), Secret(key))


class Obs:
    """What OBS does with its profile."""

    def __init__(self, host: FakeHost, folder: Path) -> None:
        self.host, self.folder = host, folder
        self.app: Application | None = None
        self.reads = True

    def turn(self) -> None:
        """Something has OBS call the script, and what is read then has been read."""
        assert self.app is not None
        self.app.process_ui_queue()
        account = self.app.features.connected_account
        reading = account._reading
        if reading and reading.saved is None and self.reads:
            assert reading.ended.wait(TIMEOUT)

    def save(self) -> None:
        service = self.host.service()
        data = {"type": service.kind, "settings": dict(service.settings)}
        (self.folder / "service.json").write_text(json.dumps(data))

    def enter(self, **settings: Any) -> None:
        """A dialog of OBS takes a custom service, and saves it."""
        self.host.services["Main"] = Service("rtmp_custom", {"server": RTMP, **settings})
        self.save()
        self.turn()

    def start(self, key: str | None = FOREIGN) -> str | None:
        """Start Streaming with a connected account; returns the key that is sent."""
        assert self.app is not None
        if key is not None:
            self.host.change_service({"key": key})
        self.app.stream_starting()
        service = self.host.service()
        sent = service.settings["key"] if service.settings["server"] else None
        if sent is not None:
            self.app.stream_started()
            self.app.stream_stopped()
        self.turn()
        return sent


@pytest.fixture
def obs(host: FakeHost, tmp_path: Path) -> Obs:
    """A profile with a Twitch account."""
    folder = tmp_path / "profile"
    folder.mkdir()
    host.folders["Main"] = folder
    host.account = "Twitch"
    (folder / "basic.ini").write_text("[General]\nName=Main\n\n[Auth]\nType=Twitch\n")
    return Obs(host, folder)


@pytest.fixture
def known(obs: Obs, make: Callable[..., Application]) -> Application:
    """An application that knows where Velora takes streams, and has set nothing up."""
    obs.app = app = make()
    app._opening.wait(5)
    run(app, app.actions.refresh())
    app._session.cache_addresses(IngestAddresses(RTMP, "srt://ingest.test:9999", ""))
    return app


@pytest.fixture
def configured(obs: Obs, known: Application) -> Application:
    obs.turn()
    run(known, known.actions.configure())
    obs.save()
    obs.turn()
    return known


def test_configured__the_key_is_put_back_at_each_start(
    obs: Obs, configured: Application, host: FakeHost
) -> None:
    assert obs.start() == KEY
    assert obs.start() == KEY
    assert host.warnings == []
    assert "The stream key in OBS was your Twitch account's" in str(host.logged)
    assert FOREIGN not in str(host.logged)


def test_configured__obs_29_has_it_from_the_file(
    obs: Obs, configured: Application, host: FakeHost
) -> None:
    host.account = None
    assert obs.start() == KEY


@pytest.mark.parametrize("account", ["", None])
def test_no_account__no_key_is_touched(
    obs: Obs, configured: Application, host: FakeHost, account: str | None
) -> None:
    host.account = account
    (obs.folder / "basic.ini").write_text("[General]\nName=Main\n")
    obs.enter(key=TYPED)
    assert obs.start(None) == TYPED
    assert obs.start("live_test_by_another_script") == "live_test_by_another_script"


def test_account_connected_since_obs_runs__its_key_is_known_all_the_same(
    obs: Obs, known: Application, host: FakeHost
) -> None:
    """OBS writes `[Auth] Type` only when it quits, but the key is in the service of before."""
    host.account = ""
    host.services["Main"] = Service("rtmp_common", {"service": "Twitch", "key": FOREIGN})
    obs.turn()
    run(known, known.actions.configure())
    obs.save()
    obs.turn()
    assert obs.start() == KEY
    assert "The stream key in OBS was another platform's" in str(host.logged)


def test_set_up_by_hand__that_key_goes_out(obs: Obs, known: Application) -> None:
    obs.host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": TYPED})
    obs.save()
    obs.turn()
    assert obs.start() == TYPED
    assert obs.start() == TYPED


def test_typed_since__that_key_goes_out(obs: Obs, configured: Application) -> None:
    assert obs.start() == KEY
    obs.enter(key=TYPED)
    # OBS lets go of the account with that, and removes its name from the profile when it quits.
    assert obs.start(None) == TYPED
    assert obs.start() == TYPED


def test_typed_since__after_a_reload_too(
    obs: Obs, configured: Application, make: Callable[..., Application]
) -> None:
    obs.enter(key=TYPED)
    obs.turn()
    configured.close()
    obs.app = again = make()
    again._opening.wait(5)
    obs.turn()
    assert obs.start(None) == TYPED


def test_typed_since__before_the_file_was_read(
    obs: Obs, configured: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "velora_core.features.connected_account._thread.start_new_thread", lambda *_: None
    )
    monkeypatch.setattr("velora_core.features.connected_account._READING", 0.0)
    obs.reads = False
    obs.enter(key=TYPED)
    assert obs.start(None) == TYPED


def test_typed_since__where_the_folder_is_not_known(
    obs: Obs, configured: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "saved_setup", lambda: None)
    obs.enter(key=TYPED)
    assert obs.start(None) == TYPED
    assert obs.start() == TYPED


def test_saved_by_obs__is_still_the_accounts(obs: Obs, configured: Application) -> None:
    obs.start()
    obs.host.change_service({"key": FOREIGN})
    obs.save()
    obs.turn()
    assert obs.start() == KEY


def test_saved_by_obs_in_another_session__is_still_the_accounts(
    obs: Obs, configured: Application, make: Callable[..., Application], host: FakeHost
) -> None:
    configured.close()
    host.remembered.clear()
    obs.host.change_service({"key": FOREIGN})
    obs.save()
    obs.app = again = make()
    again._opening.wait(5)
    obs.turn()
    # Only a digest was kept: the key itself is Velora's answer.
    wait_for(lambda: again.applied_key == Secret(KEY))
    assert obs.start() == KEY


def test_saved_by_obs_in_another_session__and_velora_cant_be_asked(
    obs: Obs,
    configured: Application,
    make: Callable[..., Application],
    host: FakeHost,
    velora: FakeVelora,
) -> None:
    configured.close()
    host.remembered.clear()
    velora.failures["setup"] = [TransportError()] * 9
    again = make()
    again._opening.wait(5)
    obs.app = again
    obs.turn()
    assert obs.start() == KEY, "it is in OBS's own file"
    again.close()
    host.remembered.clear()
    obs.host.change_service({"key": FOREIGN})
    obs.save()
    obs.app = again = make()
    again._opening.wait(5)
    obs.turn()
    assert obs.start() is None, "rather no stream than another platform's key at Velora"
    assert again.state.status.startswith(HELD)


def test_reloaded__the_key_is_known_without_velora(
    obs: Obs,
    configured: Application,
    make: Callable[..., Application],
    host: FakeHost,
    velora: FakeVelora,
) -> None:
    configured.close()
    obs.host.change_service({"key": FOREIGN})
    obs.save()
    velora.failures["setup"] = [TransportError()] * 9
    obs.app = again = make()
    again._opening.wait(5)
    obs.turn()
    assert obs.start() == KEY
    assert KEY not in repr(host.remembered)


def test_youtubes_dialog__writes_before_the_start(obs: Obs, configured: Application) -> None:
    obs.host.account = "YouTube - RTMPS"
    obs.host.change_service({"key": FOREIGN, "stream_id": "test"})
    obs.turn()
    assert obs.start(None) == KEY


def test_regenerated__the_new_key_goes_out(
    obs: Obs, configured: Application, velora: FakeVelora
) -> None:
    assert obs.start() == KEY
    run(configured, configured.actions.request_new_key())
    run(configured, configured.actions.regenerate())
    obs.save()
    obs.turn()
    assert obs.start() == NEW_KEY


def test_right_key_not_known__the_start_is_held_back(
    obs: Obs, known: Application, host: FakeHost, velora: FakeVelora
) -> None:
    known.settings = StreamSettings(title="Not sent")
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": FOREIGN})
    obs.save()
    obs.turn()
    assert obs.start() is None
    assert known.state.status.startswith(HELD)
    assert known.state.tone is StatusLevel.ERROR
    assert [text for text in host.warnings if HELD in text]
    assert velora.named("update") == []
    # The address comes back, the key doesn't; the next start is looked at anew.
    assert obs.start() is None
    run(known, known.actions.configure())
    assert obs.start() == KEY


def test_held_back__the_address_comes_back(
    obs: Obs, known: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": FOREIGN})
    obs.save()
    obs.turn()
    assert obs.start() is None
    known.close()
    assert host.service().server == RTMP
    assert host.service().settings["key"] == ""


def test_files_of_the_profile_before__read_late_hide_nothing(
    obs: Obs, configured: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.account, nothing = None, SavedSetup(None, "")  # the account is named in the file alone
    read, account = threading.Event(), configured.features.connected_account
    host.current_profile, obs.reads = "Other", False
    with monkeypatch.context() as slowly:
        slowly.setattr(host, "saved_setup", lambda: lambda: (read.wait(TIMEOUT), nothing)[1])
        obs.turn()
    before = account._reading
    host.current_profile, obs.reads = "Main", True
    obs.turn()
    read.set()
    assert before
    assert before.ended.wait(TIMEOUT)
    assert obs.start() == KEY


def test_velora_not_known_yet__its_own_domain_is(
    obs: Obs, make: Callable[..., Application], host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    server = "rtmp://ingest.velora.tv:1935/live"
    host.services["Main"] = Service("rtmp_custom", {"server": server, "key": TYPED})
    obs.save()
    obs.app = make()
    obs.turn()
    assert obs.start() == TYPED


@pytest.mark.parametrize(
    "service",
    [
        OTHER,
        Service("rtmp_custom", {"server": "rtmp://other.test/app", "key": TYPED}),
        Service("rtmp_custom", {"server": "rtmp://velora.tv.other.test/app", "key": TYPED}),
        Service("whip_custom", {"server": "https://ingest.velora.tv/live/whip", "key": TYPED}),
    ],
)
def test_any_other_service__is_left_alone(
    obs: Obs, known: Application, host: FakeHost, service: Service
) -> None:
    host.services["Main"] = service
    obs.save()
    obs.turn()
    assert obs.start() == FOREIGN
    assert host.logged == [] or LogLevel.WARNING not in dict(host.logged)


@pytest.mark.parametrize(
    ("account", "protocol", "part"),
    [
        ("Twitch", "rtmp", "OBS has your Twitch account connected and puts"),
        ("Restream.io", "srt", "in Settings → Stream choose Restream, press Disconnect Account"),
        ("Twitch", "whip", "OBS will stream to"),
        ("YouTube - RTMPS", "rtmp", "asks for a YouTube broadcast before each start"),
        ("YouTube - HLS", "whip", "asks for a YouTube broadcast before each start"),
        ("", "rtmp", "OBS will stream to"),
    ],
)
def test_configure__says_first_what_the_account_does(
    obs: Obs, known: Application, host: FakeHost, account: str, protocol: str, part: str
) -> None:
    host.account = account
    known.settings = StreamSettings(protocol=protocol)
    status = run(known, known.actions.configure())
    assert part in status
    assert "OBS will stream to" in status
    assert status.index(part[:10]) <= status.index("OBS will stream to")
    assert ("To go live" in status) is not ("before each start" in part)


def test_profile_in_use__youtubes_dialog_is_said(
    obs: Obs, configured: Application, host: FakeHost
) -> None:
    configured.profile_changed()
    assert configured.state.status == f"OBS streams to Velora in the profile “Main” ({RTMP})."
    host.account = "YouTube - RTMPS"
    configured.profile_changed()
    assert "Disconnect Account" in configured.state.status
    assert configured.state.tone is StatusLevel.WARNING


@pytest.mark.parametrize("text", [None, "", "[Auth", "[Auth]\nType", "\ufeff[Auth]\nTypo=Twitch"])
@pytest.mark.parametrize("service", [None, "", "[]", '{"type": 1}', '{"type": 1, "settings": 2}'])
def test_damaged_profile__counts_as_without(
    obs: Obs, configured: Application, host: FakeHost, text: str | None, service: str | None
) -> None:
    host.account = None
    for name, content in (("basic.ini", text), ("service.json", service)):
        path = obs.folder / name
        path.unlink()
        if content is not None:
            path.write_text(content)
    host.change_service({"key": TYPED})
    obs.turn()
    assert configured.features.connected_account.name == ""
    assert obs.start(None) == TYPED


def test_key_check__does_not_take_the_accounts_key_for_a_persons(
    obs: Obs, configured: Application, host: FakeHost
) -> None:
    assert obs.start() == KEY
    host.change_service({"key": FOREIGN})
    obs.save()
    obs.turn()
    configured.panel_opened()
    wait_for(lambda: host.service().settings["key"] == KEY, meanwhile=configured.process_ui_queue)
    assert not configured.actions.asking
    assert "it now has yours (••••z789)" in str(host.logged)


def test_configure__keeps_no_key_of_the_account_to_go_back_to(
    obs: Obs, known: Application, host: FakeHost
) -> None:
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": FOREIGN})
    obs.save()
    obs.turn()
    assert obs.start() is None
    run(known, known.actions.configure())
    assert host.service().settings["key"] == KEY
    assert previous(known) is None


def test_key_that_was_chosen__goes_out(obs: Obs, configured: Application, host: FakeHost) -> None:
    """Saved in an earlier session, and kept when the panel asked."""
    configured._session.profiles.note_pinned(host.profile().id, to_velora(TYPED))
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": TYPED})
    assert obs.start(None) == TYPED
