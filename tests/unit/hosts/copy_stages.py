"""Hosts whose address and key a person copies, as the contract for hosts sees them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import pytest

from tests.unit.fakes import wait_for
from tests.unit.model_meld import ModelMeld
from velora_core.features.told_live import Following
from velora_core.host.host import Host

__all__ = ["meld", "other", "page", "xsplit"]


class OtherStage:
    """Any other software: nothing is known of it."""

    others: Mapping[str, Mapping[str, Any]] = MappingProxyType({})

    def __init__(self) -> None:
        from velora_hosts.any_software.link import AnyLink
        from velora_hosts.companion.software import Links

        self.logged: list[str] = []
        links = Links(_no_application, lambda _, sentence: self.logged.append(sentence))
        self._link = AnyLink("Other software", links)
        self.host: Host = self._link.host

    @property
    def wakes(self) -> int:
        return self._link._turns.qsize()

    def by_hand(self, setup: Mapping[str, Any]) -> None:
        pass

    def setup(self) -> Mapping[str, Any]:
        return {}

    def meaning(self, setup: Mapping[str, Any]) -> Mapping[str, Any]:
        return setup

    def switch_profile(self, name: str) -> None:
        pass

    def stream(self, *, running: bool) -> None:
        self._link._follow(Following.STARTS if running else Following.ENDS)

    def shown(self, source: str) -> str:
        raise NotImplementedError


class MeldStage(OtherStage):
    """Meld Studio, with a model of its WebChannel."""

    def __init__(self, meld: ModelMeld, folder: Path) -> None:
        from velora_hosts.companion.settings import CompanionSettings
        from velora_hosts.companion.software import Links
        from velora_hosts.meld_studio.link import MeldLink
        from velora_hosts.websocket.address import Address

        self._meld = meld
        self.logged = []
        links = Links(_no_application, lambda _, sentence: self.logged.append(sentence))
        address = Address("127.0.0.1", meld.port)
        self.link = MeldLink("meld", address, links, CompanionSettings(folder))
        with suppress(NotImplementedError):  # the application
            self.link._open()
        self.logged.clear()
        self.host = self.link.host

    @property
    def wakes(self) -> int:
        return self.link._turns.qsize()

    def stream(self, *, running: bool) -> None:
        self._meld.values["isStreaming"] = running
        self.link.host.take(self._meld.values)

    def shown(self, source: str) -> str:
        wait_for(lambda: self._meld.invoked)
        items = self._meld.items.values()
        return next(str(item["text"]) for item in items if item["name"] == source)


@contextmanager
def meld(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherStage]:
    with TemporaryDirectory() as folder, ModelMeld() as model:
        stage = MeldStage(model, Path(folder))
        yield stage
        stage.link._shut()
        wait_for(lambda: not any(thread.name == "velora-meld" for thread in threading.enumerate()))


def _no_application(*_: Any) -> Any:
    raise NotImplementedError


@contextmanager
def other(_: pytest.MonkeyPatch) -> Iterator[OtherStage]:
    yield OtherStage()


class XsplitStage(OtherStage):
    """XSplit, whose extension has said nothing."""

    def __init__(self) -> None:
        from velora_hosts.companion.software import Links
        from velora_hosts.xsplit.link import XsplitLink

        self.logged = []
        links = Links(_no_application, lambda _, sentence: self.logged.append(sentence))
        self._link = XsplitLink("XSplit", links)
        self.host = self._link.host


@contextmanager
def xsplit(_: pytest.MonkeyPatch) -> Iterator[OtherStage]:
    yield XsplitStage()


class PageStage(OtherStage):
    """No software: the page streams by itself."""

    def __init__(self) -> None:
        from velora_hosts.page.host import PageHost

        self.logged = []
        self.woken: list[bool] = []
        self._host = PageHost(
            wake=lambda: self.woken.append(True),
            log=lambda _, sentence: self.logged.append(sentence),
        )
        self.host = self._host

    @property
    def wakes(self) -> int:
        return len(self.woken)

    def stream(self, *, running: bool) -> None:
        self._host.stream_is(running=running)


@contextmanager
def page(_: pytest.MonkeyPatch) -> Iterator[OtherStage]:
    yield PageStage()
