"""Each host with its software, as the contract for hosts sees them: one shape for all."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest

from tests.unit.fake_obspython import Data, FakeObs, Source
from tests.unit.fakes import wait_for
from tests.unit.hosts.copy_stages import meld, other, page, xsplit
from tests.unit.hosts.streamlabs_stage import streamlabs
from tests.unit.model_obs import ModelObs
from velora_core.host.host import Host

__all__ = ["CONNECTED_STAGES", "STAGES", "ScriptStage", "Stage"]


class Stage(Protocol):
    """A host, and what a person or the software itself does beside it."""

    host: Host
    others: Mapping[str, Mapping[str, Any]]
    """Setups that somebody may have, by name; `by_hand` takes them."""

    @property
    def wakes(self) -> int:
        """Return how often the UI thread was asked for."""

    @property
    def logged(self) -> list[str]:
        """Return the lines of the log."""

    def by_hand(self, setup: Mapping[str, Any]) -> None:
        """Set the software up in its own window."""

    def setup(self) -> Mapping[str, Any]:
        """Return how it is set up, as it keeps that."""

    def meaning(self, setup: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a setup without what makes no difference where it is empty."""

    def switch_profile(self, name: str) -> None:
        """Use another profile: ``Main`` or ``Other``."""

    def stream(self, *, running: bool) -> None:
        """Have a stream run, or none."""

    def shown(self, source: str) -> str:
        """Return what a text source shows: there are ``Banner`` and ``Count``, and a camera."""


OBS_SETUPS: Mapping[str, Mapping[str, Any]] = {
    "listed platform": {
        "kind": "rtmp_common",
        "settings": {"service": "Other", "server": "auto", "key": "live_test_other", "bw": True},
    },
    "own server with a login": {
        "kind": "rtmp_custom",
        "settings": {
            "server": "rtmp://mine.test/app", "key": "live_test_mine", "use_auth": True,
            "username": "me", "password": "test password",
        },
    },
    "own server": {
        "kind": "rtmp_custom", "settings": {"server": "rtmp://mine.test/a", "key": "live_test_m"},
    },
    "SRT": {
        "kind": "rtmp_custom",
        "settings": {"server": "srt://mine.test:1?passphrase=test_secret", "key": "#!::r=live/x"},
    },
    "WHIP": {
        "kind": "whip_custom",
        "settings": {"server": "https://mine.test/whip/live_test_w", "bearer_token": "live_test"},
    },
    "nothing yet": {"kind": "rtmp_common", "settings": {}},
    "settings of a version to come": {
        "kind": "rtmp_custom",
        "settings": {"server": "rtmp://mine.test/a", "key": "", "more": {"deep": [1, {"a": None}]}},
    },
}  # fmt: skip


class _ObsStage:
    def meaning(self, setup: Mapping[str, Any]) -> Mapping[str, Any]:
        # obs-websocket takes no service without settings.
        settings = {name: value for name, value in setup["settings"].items() if name != "key"}
        key = setup["settings"].get("key") or ""
        return {"kind": setup["kind"], "settings": settings, "key": key}


class ScriptStage(_ObsStage):
    """The script in OBS, with a fake obspython."""

    def __init__(self, obs: FakeObs) -> None:
        self._obs = obs
        self.others = OBS_SETUPS
        fields = importlib.import_module("velora_hosts.obs_script.fields")
        self.host: Host = importlib.import_module("velora_hosts.obs_script.host").ObsHost(
            fields.Fields(Data())
        )
        obs.frontend.sources = {
            "Count": Source("Count", "text_ft2_source", text="soon"),
            "Banner": Source("Banner", "text_gdiplus", text="mine"),
            "Camera": Source("Camera", "v4l2_input", text="no"),
        }
        obs.frontend.config.update({("AdvOut", "AudioEncoder"): "ffmpeg_aac"})
        self._services: dict[str, tuple[str, Data]] = {}

    @property
    def wakes(self) -> int:
        return self._obs.frontend.saves

    @property
    def logged(self) -> list[str]:
        return [text for _, text in self._obs.frontend.log]

    def by_hand(self, setup: Mapping[str, Any]) -> None:
        frontend = self._obs.frontend
        frontend.service_kind, frontend.service = setup["kind"], Data(dict(setup["settings"]))

    def setup(self) -> Mapping[str, Any]:
        frontend = self._obs.frontend
        return {"kind": frontend.service_kind, "settings": dict(frontend.service.values)}

    def switch_profile(self, name: str) -> None:
        frontend = self._obs.frontend
        self._services[frontend.profile] = (frontend.service_kind, frontend.service)
        other = self._services.get(name, ("rtmp_common", Data()))
        frontend.service_kind, frontend.service = other
        folder = str(frontend.profile_folder).removesuffix(frontend.profile)
        frontend.profile, frontend.profile_folder = name, folder + name

    def stream(self, *, running: bool) -> None:
        self._obs.frontend.live, self._obs.frontend.frames = running, 123
        if running:
            self.host.begin_sampling()
        else:
            self.host.end_sampling()

    def shown(self, source: str) -> str:
        return str(self._obs.frontend.sources[source].settings.values["text"])


@contextmanager
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    fake = FakeObs()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "obspython", fake)
        patch.setattr("ctypes.PyDLL", lambda _: fake.library)
        room = "velora_hosts.obs_script"
        for name in [name for name in sys.modules if name.startswith(room)]:
            patch.delitem(sys.modules, name)
        yield ScriptStage(fake)
        for name in [name for name in sys.modules if name.startswith(room)]:
            del sys.modules[name]
    assert fake.references == 0


class WebsocketStage(_ObsStage):
    """OBS from outside, with a model of its server."""

    def __init__(self, obs: ModelObs) -> None:
        from velora_hosts.obs_websocket.connection import Connection
        from velora_hosts.obs_websocket.host import ObsWebsocketHost
        from velora_hosts.obs_websocket.remote import RemoteObs
        from velora_hosts.websocket.address import Address

        self._obs = obs
        self.others = OBS_SETUPS
        self.wakes = 0
        self.logged: list[str] = []
        address = Address("127.0.0.1", obs.port)
        self.connection = Connection(address, event=lambda *_: None, ended=lambda _: None)
        self.connection.open(lambda: None)
        self._host = ObsWebsocketHost(
            address,
            RemoteObs(self.connection),
            wake=self._wake,
            log=lambda _, sentence: self.logged.append(sentence),
        )
        self.host: Host = self._host

    def _wake(self) -> None:
        self.wakes += 1

    def by_hand(self, setup: Mapping[str, Any]) -> None:
        self._obs.services[self._obs.profile] = (setup["kind"], dict(setup["settings"]))
        self._host.read_service()

    def setup(self) -> Mapping[str, Any]:
        kind, settings = self._obs.services[self._obs.profile]
        return {"kind": kind, "settings": dict(settings)}

    def switch_profile(self, name: str) -> None:
        self._obs.profile = name
        self._host.look_again()

    def stream(self, *, running: bool) -> None:
        self._obs.streaming = running
        self._host.stream_is(running=running)

    def shown(self, source: str) -> str:
        return self._obs.texts.get(source, "no")


@contextmanager
def websocket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with ModelObs() as obs:
        stage = WebsocketStage(obs)
        yield stage
        stage.connection.close()
        wait_for(lambda: not any(thread.name == "velora-obs" for thread in threading.enumerate()))


Stages = Mapping[str, Callable[[pytest.MonkeyPatch], AbstractContextManager[Stage]]]
STAGES: Stages = {
    "script in OBS": script,
    "XSplit": xsplit,
    "other software": other,
    "the page alone": page,
}
"""By name, what sets a host's stage up. A new host is one more entry, here or below."""
CONNECTED_STAGES: Stages = {
    "OBS from outside": websocket,
    "Streamlabs Desktop": streamlabs,
    "Meld Studio": meld,
}
"""Those that reach a model of their software through a connection on this computer."""
