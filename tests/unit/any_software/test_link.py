"""Any other software in the companion: what is typed, and what Velora tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, RTMP, TOKEN, FakeVelora, run_until_idle, wait_for
from velora_core.api.stream_event import StreamEvent
from velora_core.application import Application
from velora_core.host.host import Host
from velora_hosts.any_software.link import AnyLink
from velora_hosts.any_software.software import AnySoftware
from velora_hosts.companion.software import Links
from velora_hosts.companion.terminal import perform


@pytest.fixture
def link(velora: FakeVelora, folder: Path) -> Iterator[AnyLink]:
    """Opened, on this thread."""

    def make(host: Host, *, follow: Callable[[Any], None]) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        return Application(host, environment=environment, folder=folder, follow=follow)

    link = AnySoftware("vMix").link(Links(make, lambda *_: None))
    link._open()
    run_until_idle(app_of(link))
    yield link
    app_of(link).close()


def app_of(link: AnyLink) -> Application:
    assert link.app
    return link.app


def test_typed__live_and_stopped(link: AnyLink, velora: FakeVelora) -> None:
    app = app_of(link)
    perform(app, "title Hello")
    assert "vMix counts as live until" in perform(app, "live")
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
    assert link.host.streaming()
    assert "vMix no longer counts as live." in perform(app, "stopped")
    assert not link.host.streaming()


def test_velora_tells__that_it_is_live(link: AnyLink, velora: FakeVelora) -> None:
    app = app_of(link)
    perform(app, "title Hello")
    wait_for(lambda: velora.streams, meanwhile=app.process_ui_queue)
    velora.streams[-1].push(None, StreamEvent("online"))
    wait_for(link.host.streaming, meanwhile=app.process_ui_queue)
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
    assert "Velora shows your stream, so vMix counts as live." in app.state.status


def test_copied__and_nothing_of_it_is_said(
    link: AnyLink, velora: FakeVelora, mocker: MockerFixture
) -> None:
    app = app_of(link)
    copy = mocker.patch("velora_core.app.clipboard.Clipboard").return_value.copy
    assert "paste it into vMix (its stream settings)." in perform(app, "copy-address")
    copy.assert_called_once_with(RTMP, seconds=0.0)
    said = perform(app, "copy-key")
    copy.assert_called_with(KEY, seconds=30.0)
    assert "for 30 seconds: paste it into vMix" in said
    assert KEY not in said


def test_configure__says_why_not(link: AnyLink) -> None:
    assert "vMix can't be set up from here" in perform(app_of(link), "configure")


def test_name__is_what_it_is_called() -> None:
    assert AnySoftware("").name == "Other software"
    assert AnySoftware("  vMix  27 ").name == "vMix 27"
    for bad in ("x" * 41, " ", "a\x1b[2J"):
        with pytest.raises(ValueError, match=r"^$"):
            AnySoftware(bad)
