"""What the first version has stored is all there in this one.

The files in `first_version` were written by its own code (commit 44ebc27): a sign-in or a pasted
token with the registered app, services to go back to in two profiles, keys, addresses and
categories, in a file and in the keyring, and the fields of its panel. Only the secrets are
made up. Its panel's fields are read back in `tests/unit/obs_script/test_fields.py`.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.fakes import KEY, RTMP, FakeHost, FakeVelora, run, run_until_idle, wait_for
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.host.destination import Destination
from velora_core.secret import Secret
from velora_core.storage import storage
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service

STORES = Path(__file__).parent / "first_version"
SIGNED_IN = ["file", "keyring"]
SCOPES = frozenset({"profile:read", "stream:key", "stream:read", "stream:write"})
EARLIER = {
    "Main": Service(
        "rtmp_common",
        {"service": "Twitch", "server": "auto", "key": "live_test_twitch_key", "bwtest": False},
    ),
    "Second": Service(
        "rtmp_custom",
        {
            "server": "rtmp://other.test/app",
            "key": "live_test_other_key",
            "use_auth": True,
            "username": "somebody",
            "password": "live_test_password",
        },
    ),
}


class StoredKeyring:
    """A backend as `keyring` has them, with what the first version has put there."""

    def __init__(self, entries: Path) -> None:
        stored = json.loads(entries.read_text(encoding="utf-8"))
        self.entries = {(service, name): value for service, name, value in stored}

    def get_password(self, service: str, name: str) -> str | None:
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.entries[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.entries[service, name]


Start = Callable[[str], Application]


@pytest.fixture
def start(
    host: FakeHost, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    """Start this version on a copy of what the first one has stored."""
    started: list[Application] = []

    def start(store: str) -> Application:
        shutil.copytree(STORES / store, folder)
        keyring = folder / "keyring.json"
        found = Keyring(StoredKeyring(keyring)) if keyring.exists() else None
        monkeypatch.setattr(Keyring, "detect", lambda **_: found)
        monkeypatch.setattr(storage, "default_folder", lambda: folder)
        app = Application(host, environment={})
        started.append(app)
        wait_for(lambda: app.state.account.origin not in (TokenOrigin.READING, TokenOrigin.NONE))
        return app

    yield start
    for app in started:
        app.close()
    wait_for(lambda: not any(thread.name.startswith("velora") for thread in threading.enumerate()))


@pytest.mark.parametrize("store", SIGNED_IN)
def test_sign_in__is_used_with_its_app(start: Start, store: str, velora: FakeVelora) -> None:
    app = start(store)
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    assert "Signed in as The Streamer since 20" in app.state.account.sentence
    assert app.state.account.scopes == SCOPES
    stored = app._session.storage
    assert stored.client is not None
    assert stored.client.client_id == "live_test_client_id"
    assert stored.client.client_secret is not None
    assert stored.client.client_secret.reveal() == "live_test_client_secret"
    assert stored.sign_in is not None
    assert stored.sign_in.tokens.access.reveal() == "live_test_access_token_" + "x" * 900
    assert stored.sign_in.tokens.refresh is not None
    assert stored.sign_in.tokens.refresh.reveal() == "live_test_refresh_token"


def test_pasted_token__is_used(start: Start) -> None:
    app = start("pasted")
    assert app.state.account.origin is TokenOrigin.ENTERED
    token = app._session.storage.token
    assert token is not None
    assert token.reveal() == "live_test_pasted_token"


@pytest.mark.parametrize("store", SIGNED_IN)
def test_categories__are_known_without_asking(start: Start, store: str, velora: FakeVelora) -> None:
    app = start(store)
    names = [
        (category.slug, category.name, category.image_url) for category in app.state.categories
    ]
    assert ("music", "Music", "https://velora.test/music.png") in names
    assert ("just-chatting", "Just Chatting", None) in names
    assert velora.named("categories") == []


@pytest.mark.parametrize("store", SIGNED_IN)
@pytest.mark.parametrize(
    ("profile", "audio"),
    [
        ("Main", AudioEncoders("aac", "ffmpeg_aac")),
        ("Second", AudioEncoders("opus", "ffmpeg_opus")),
    ],
)
def test_service_before_velora__comes_back_with_its_audio(
    start: Start, store: str, profile: str, audio: AudioEncoders, host: FakeHost
) -> None:
    host.current_profile = profile
    host.encoders[profile] = AudioEncoders("x", "y")
    app = start(store)
    run(app, app.actions.restore_previous())
    assert host.service() == EARLIER[profile]
    assert host.audio_encoders() == audio


@pytest.mark.parametrize("store", SIGNED_IN)
def test_key_that_was_put_there__is_known_to_be_ours(
    start: Start, store: str, host: FakeHost
) -> None:
    """It went stale while OBS was closed: it is put right, and nobody is asked."""
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": "live_test_given_key"})
    app = start(store)
    app.panel_opened()
    run_until_idle(app)
    assert host.service().settings["key"] == KEY
    assert not app.actions.asking


@pytest.mark.parametrize("store", SIGNED_IN)
def test_key_that_was_chosen__stays(start: Start, store: str, host: FakeHost) -> None:
    host.current_profile = "Second"
    chosen = Service("rtmp_custom", {"server": RTMP, "key": "live_test_chosen_key"})
    host.services["Second"] = chosen
    app = start(store)
    app.panel_opened()
    run_until_idle(app)
    assert host.service() == chosen
    assert not app.actions.asking


@pytest.mark.parametrize("server", [RTMP, "rtmp://old.velora.test:1935/live"])
def test_velora_addresses__of_today_and_before_are_known(start: Start, server: str) -> None:
    app = start("file")
    assert app._session.storage.is_velora(
        Destination("rtmp", Secret(server), Secret("live_test_x"))
    )
