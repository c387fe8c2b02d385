"""Streamlabs Desktop, with a model of its server, as the contract for hosts sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.unit.fakes import wait_for
from tests.unit.model_streamlabs import ModelStreamlabs
from velora_core.host.host import Host
from velora_hosts.streamlabs.connection import Connection
from velora_hosts.streamlabs.door import doors
from velora_hosts.streamlabs.host import StreamlabsHost
from velora_hosts.streamlabs.remote import RemoteStreamlabs

__all__ = ["StreamlabsStage", "streamlabs"]

SETUPS: Mapping[str, Mapping[str, Any]] = {
    "listed platform": {
        "kind": "rtmp_common",
        "settings": {"service": "Twitch", "server": "auto", "key": "live_test_other"},
        "protected": True,
    },
    "platform that Streamlabs has no account for": {
        "kind": "rtmp_common",
        "settings": {"service": "Other", "server": "rtmp://o.test/app", "key": "live_test_other"},
    },
    "own server with a login": {
        "kind": "rtmp_custom",
        "settings": {
            "server": "rtmp://mine.test/app", "key": "live_test_mine", "use_auth": True,
            "username": "me", "password": "test password",
        },
    },
    "own server, and Streamlabs writes over it": {
        "kind": "rtmp_custom",
        "settings": {"server": "rtmp://mine.test/a", "key": "live_test_m"},
        "protected": True,
    },
    "WHIP": {
        "kind": "whip_custom",
        "settings": {"server": "https://mine.test/whip/live_test_w", "bearer_token": "live_test"},
    },
    "nothing yet": {"kind": "rtmp_common", "settings": {"key": ""}, "protected": True},
    "settings of a version to come": {
        "kind": "rtmp_custom",
        "settings": {"server": "rtmp://mine.test/a", "key": "", "more": {"deep": [1, {"a": None}]}},
    },
}  # fmt: skip


class StreamlabsStage:
    """Streamlabs Desktop, with a model of its server."""

    others = SETUPS

    def __init__(self, model: ModelStreamlabs, folder: Path) -> None:
        self._model = model
        self.wakes = 0
        self.logged: list[str] = []
        self.connection = Connection(event=lambda *_: None, ended=lambda _: None)
        self.connection.open(*doors(model.port))
        self._host = StreamlabsHost(
            RemoteStreamlabs(self.connection),
            folder,
            wake=self._wake,
            log=lambda _, sentence: self.logged.append(sentence),
        )
        self.host: Host = self._host

    def _wake(self) -> None:
        self.wakes += 1

    def by_hand(self, setup: Mapping[str, Any]) -> None:
        protected = setup.get("protected", False)
        self._model.enter(setup["kind"], setup["settings"], protected=protected)
        self._host.read_setup()

    def setup(self) -> Mapping[str, Any]:
        model = self._model
        return {"kind": model.kind, "settings": dict(model.values), "protected": model.protected}

    def meaning(self, setup: Mapping[str, Any]) -> Mapping[str, Any]:
        return setup

    def switch_profile(self, name: str) -> None:
        raise AssertionError

    def stream(self, *, running: bool) -> None:
        self._model.stream("live" if running else "offline")
        self._host.stream_is(running=running)

    def shown(self, source: str) -> str:
        found = (known for known in self._model.sources.values() if known["name"] == source)
        return str(next(found)["settings"]["text"])


@contextmanager
def streamlabs(monkeypatch: pytest.MonkeyPatch) -> Iterator[StreamlabsStage]:
    with ModelStreamlabs() as model, TemporaryDirectory() as folder:
        stage = StreamlabsStage(model, Path(folder))
        yield stage
        stage.connection.close()
        wait_for(lambda: "velora-streamlabs" not in [known.name for known in threading.enumerate()])
