"""`velora companion --host streamlabs` beside a model of Streamlabs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.companion.session import Session
from tests.unit.fakes import KEY, RTMP, TOKEN, FakeVelora, wait_for
from tests.unit.model_streamlabs import OTHER, ModelStreamlabs
from velora_core.cli.exit_codes import ExitCode
from velora_hosts.streamlabs.software import StreamlabsSoftware


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    return Session(monkeypatch)


def test_command__configures_streams_and_restores(
    model: ModelStreamlabs,
    velora: FakeVelora,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing of it needs what OBS from outside needs.
    monkeypatch.setitem(sys.modules, "websocket", None)

    def lines() -> Iterator[str]:
        session.hears("connected to Streamlabs Desktop")
        yield "configure"
        session.hears(f"Streamlabs Desktop will stream to {RTMP}")
        assert model.values["key"] == KEY
        yield "title Hello"
        session.hears("That is noted")
        model.stream("starting", "live")
        wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
        asked = model.states_asked()
        model.stream("ending", "offline")
        wait_for(lambda: model.states_asked() > asked)  # so the end has come there
        yield "restore"
        wait_for(lambda: model.values == OTHER)
        session.hears("again")
        yield "quit"

    assert session.run(lines(), "--host", f"streamlabs={model.port}") == ExitCode.OK
    assert KEY not in session.text
    assert model.protected
    for file in tmp_path.rglob("*.json"):
        assert KEY not in file.read_text("utf-8")
    wait_for(lambda: not model.subscribed)


@pytest.mark.parametrize("place", ["studio-pc", "0", "65536", "-1", "²", "28194 "])
def test_place_that_makes_no_sense(place: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        StreamlabsSoftware(place)


def test_names() -> None:
    assert StreamlabsSoftware("").name == "Streamlabs"
    assert StreamlabsSoftware("4000").name == "Streamlabs:4000"
