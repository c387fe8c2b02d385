"""The check of everything between here and a stream."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.unit.fakes import KEY, OTHER, TOKEN, FakeHost, FakeVelora, run, wait_for
from velora_core import errors
from velora_core.api.models import Profile
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.features import diagnostics
from velora_core.features.diagnostics import Check, in_words, run_diagnostics
from velora_core.secret import Secret
from velora_hosts.obs.service import Service


@pytest.fixture
def ingest() -> Iterator[int]:
    """Something that listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def reachable(velora: FakeVelora, ingest: int) -> FakeVelora:
    velora.setup = velora.setup._replace(rtmp_url=f"rtmp://127.0.0.1:{ingest}/live")
    return velora


def checks(app: Application) -> dict[str, tuple[bool | None, str]]:
    found: list[Any] = []
    run(app, app._runtime.press("", lambda: found.extend(run_diagnostics(app._session))))
    return {item.name: (item.ok, item.sentence) for item in found}


def test_all_right(app: Application, reachable: FakeVelora) -> None:
    found = checks(app)
    assert {name: ok for name, (ok, _) in found.items()} == {
        "api": True,
        "sign_in": True,
        "scopes": None,
        "setup": True,
        "ingest": True,
    }
    assert found["sign_in"][1] == "You are signed in to Velora as Some Body."
    assert KEY not in str(found)
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    ("scopes", "ok"), [(None, None), (frozenset({"stream:key"}), False), (True, True)]
)
def test_scopes(app: Application, reachable: FakeVelora, scopes: Any, ok: bool | None) -> None:
    run(app, app.actions.refresh())
    if scopes is True:
        scopes = frozenset({"stream:key", "stream:read", "stream:write", "user:read"})
    app._runtime.change(account=app.state.account._replace(scopes=scopes))
    found = checks(app)["scopes"]
    assert found[0] is ok
    if ok is False:
        assert "stream:read, stream:write, user:read" in found[1]


@pytest.mark.parametrize(
    ("call", "error", "name", "ok"),
    [
        ("categories", errors.TransportError(), "api", False),
        ("categories", errors.Unauthorized(), "api", False),
        ("categories", errors.SignInEnded(), "sign_in", False),
        ("profile", errors.ServerError(status=500), "sign_in", None),
        ("setup", errors.InsufficientScope(scope="stream:key"), "setup", False),
    ],
)
def test_failures__are_named(
    app: Application, reachable: FakeVelora, call: str, error: Exception, name: str, ok: bool | None
) -> None:
    reachable.failures[call].append(error)
    assert checks(app)[name] == (ok, str(error))


def test_streaming_not_enabled(
    app: Application, reachable: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        FakeVelora, "get_profile", lambda _: Profile("somebody", "Some Body", False)
    )
    ok, sentence = checks(app)["sign_in"]
    assert ok is False
    assert "Streaming is not enabled" in sentence


def test_ingest_unreachable(app: Application, velora: FakeVelora) -> None:
    velora.setup = velora.setup._replace(rtmp_url="rtmp://127.0.0.1:9/live")
    ok, sentence = checks(app)["ingest"]
    assert ok is False
    assert "127.0.0.1:9 can't be reached" in sentence


def test_ingest_address_without_sense(app: Application, velora: FakeVelora) -> None:
    velora.setup = velora.setup._replace(rtmp_url="rtmp://[::1")
    with pytest.raises(ValueError, match="Invalid IPv6"):
        _ = urlsplit("rtmp://[::1")
    assert checks(app)["ingest"][0] is False


def test_ingest__of_the_protocol_that_is_chosen(
    app: Application, reachable: FakeVelora, ingest: int
) -> None:
    whip = f"http://127.0.0.1:{ingest}/live/{KEY}/whip"
    reachable.setup = reachable.setup._replace(
        rtmp_url="rtmp://127.0.0.1:9/live", srt_url="srt://127.0.0.1:9", whip_url=Secret(whip)
    )
    app.settings = StreamSettings(protocol="whip")
    run(app, app.actions.configure())
    assert f"ingest 127.0.0.1:{ingest} can be reached" in run(app, app.actions.check())
    app.settings = StreamSettings(protocol="srt")
    assert "Whether 127.0.0.1:9 can be reached by SRT will show" in run(app, app.actions.check())
    app.settings = StreamSettings(protocol="rtmp")
    assert "ingest 127.0.0.1:9 can't be reached" in run(app, app.actions.check())
    assert KEY not in app.state.status


def test_ingest_that_does_not_answer__holds_no_stream_up(
    app: Application, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def connect(*_: Any, **__: Any) -> socket.socket:
        asked.set()
        answer.wait(5)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    run(app, app.actions.configure())
    job = app.actions.check()
    assert asked.wait(5)
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    wait_for(lambda: velora.named("update"), "the update")
    assert not answer.is_set()
    assert job.done
    answer.set()


def test_nobody_signed_in(make: Any, velora: FakeVelora) -> None:
    app = make(VELORA_ACCESS_TOKEN="")
    ok, sentence = checks(app)["sign_in"]
    assert ok is False
    assert "press Sign in with Velora" in sentence
    assert velora.calls == []


ALL_SCOPES = frozenset({"stream:key", "stream:read", "stream:write", "user:read"})
UNKNOWN = "These could not be checked: Velora does not say which permissions this access token has."
ELSEWHERE = (
    "OBS is not set up for Velora in the profile Main (it streams to rtmp://other.test/app with "
    "key ••••ther): press Configure Velora."
)


@pytest.fixture
def elsewhere(host: FakeHost) -> FakeHost:
    settings = {"server": "rtmp://other.test/app", "key": "live_test_other"}
    host.services["Main"] = Service("rtmp_custom", settings)
    return host


@pytest.fixture
def configured(app: Application, reachable: FakeVelora, host: FakeHost) -> Application:
    """With all permissions, and OBS set up for Velora."""
    run(app, app.actions.configure())
    app._runtime.change(account=app.state.account._replace(scopes=ALL_SCOPES))
    app.panel(drawn=True)
    return app


def check(app: Application) -> str:
    run(app, app.actions.check())
    return app.panel(drawn=True).find("status").text


def test_button__says_that_all_is_right(configured: Application) -> None:
    status = check(configured)
    assert status.startswith("All checks passed. Velora can be reached.")
    assert status.endswith("OBS streams to Velora with your channel's key (profile Main).")
    assert configured.state.tone is StatusLevel.NORMAL


def test_button__says_apart_what_it_could_not_find_out(configured: Application) -> None:
    configured._runtime.change(account=configured.state.account._replace(scopes=None))
    status = check(configured)
    assert status.startswith("No problem was found. Velora can be reached")
    assert status.endswith(UNKNOWN)
    assert configured.state.tone is StatusLevel.NORMAL


def test_button__says_only_what_is_wrong(
    app: Application, velora: FakeVelora, elsewhere: FakeHost
) -> None:
    velora.setup = velora.setup._replace(rtmp_url="rtmp://127.0.0.1:9/live")
    assert check(app) == (
        "Velora's ingest 127.0.0.1:9 can't be reached: check your internet connection and "
        f"firewall. {ELSEWHERE} {UNKNOWN}"
    )
    assert app.state.tone is StatusLevel.ERROR


@pytest.mark.parametrize(
    "error", [errors.InsufficientScope(scope="user:read"), errors.Forbidden(scope="user:read")]
)
def test_button__a_missing_permission_is_wrong(
    configured: Application, reachable: FakeVelora, error: Exception
) -> None:
    reachable.failures["profile"].append(error)
    assert check(configured) == str(error)


def test_button__no_sentence_twice(configured: Application, reachable: FakeVelora) -> None:
    error = errors.InsufficientScope(scope="stream:key")
    reachable.failures["profile"].append(error)
    reachable.failures["setup"].append(error)
    status = check(configured)
    assert status.startswith(
        f"{error} These could not be checked: OBS streams to Velora (profile Main)"
    )
    assert status.count(str(error)) == 1


def test_obs_elsewhere__velora_not_asked(make: Any, elsewhere: FakeHost) -> None:
    app = make(VELORA_ACCESS_TOKEN="")
    status = check(app)
    assert "press Sign in with Velora" in status
    assert "Velora has not confirmed yet that rtmp://other.test/app" in status
    elsewhere.services["Main"] = OTHER
    assert "OBS is not set up for Velora in the profile Main (it streams to Other" in check(app)


def test_obs__with_another_channels_key(configured: Application, host: FakeHost) -> None:
    host.change_service({"key": "live_test_friend"})
    status = check(configured)
    assert "The stream key in OBS is not your channel's" in status
    assert "All checks passed" not in status


def test_obs__with_another_platforms_key(configured: Application, host: FakeHost) -> None:
    host.change_service({"key": OTHER.settings["key"]})
    host.remembered["foreign keys"].add(OTHER.settings["key"])
    assert check(configured) == (
        "The stream key in OBS is another platform's: press Configure Velora to use yours."
    )


@pytest.mark.parametrize(("account", "right"), [("Twitch", True), ("YouTube - RTMPS", False)])
def test_obs__with_a_connected_account(
    configured: Application, host: FakeHost, account: str, right: bool
) -> None:
    host.account = account
    status = check(configured)
    assert "Disconnect Account" in status
    assert status.startswith("All checks passed.") is right


def test_obs__a_protocol_that_velora_does_not_offer(
    configured: Application, reachable: FakeVelora
) -> None:
    reachable.setup = reachable.setup._replace(rtmp_url="")
    status = check(configured)
    assert "All checks passed" not in status
    assert status.count("RTMP address") == 1


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The settings of a program that is started by itself."""
    folder = tmp_path / "velora-obs"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)
    monkeypatch.setattr("velora_core.storage.storage.default_folder", lambda: folder)
    monkeypatch.setattr("velora_core.storage.system_keyring.Keyring.detect", lambda **_: None)
    return folder


def test_program__prints_json(program: Path, reachable: FakeVelora, capsys: Any) -> None:
    assert diagnostics.main() == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["name"] for item in found] == ["api", "sign_in", "scopes", "setup", "ingest"]
    reachable.failures["setup"].append(errors.TimedOut())
    assert diagnostics.main() == 1


def test_program__address_that_cannot_be_used(
    program: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("VELORA_API_URL", "http://velora.test")
    assert diagnostics.main() == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert "VELORA_API_URL can't be used" in found["sentence"]


def test_in_words__an_encoder_that_suits_badly_is_no_failure() -> None:
    reached, encoder = Check("api", True, "Reached."), Check("encoder", False, "B-frames.")
    assert in_words((reached, encoder)) == ("B-frames.", StatusLevel.WARNING)
    unreachable = Check("ingest", False, "Unreachable.")
    assert in_words((unreachable, encoder)) == ("Unreachable. B-frames.", StatusLevel.ERROR)
