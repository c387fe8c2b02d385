"""A stream that a page sends by itself, as the application sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    RTMP,
    WHIP,
    FakeHost,
    FakeVelora,
    grant,
    run,
    run_until_idle,
    sign_in_as,
    wait_for,
)
from tests.unit.features.live import go_live, stop
from velora_core.api.models import StreamInfo
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.auth.grant import Grant
from velora_core.errors import TransportError
from velora_core.features.browser_stream import BrowserStream, Preparation
from velora_core.host.host import EndReason
from velora_core.panel.elements import Action
from velora_core.storage.storage import Storage
from velora_hosts.obs.service import Service


@pytest.fixture
def stream(app: Application) -> BrowserStream:
    app.panel_opened()
    run_until_idle(app)
    return app.features.browser_stream


@pytest.fixture
def shown_at_once(velora: FakeVelora, monkeypatch: pytest.MonkeyPatch) -> None:
    """Velora shows a stream as soon as it has begun."""
    monkeypatch.setattr("velora_core.features.live_monitor.FIRST_POLL_DELAY", 0.0)
    velora.info = StreamInfo("Hello", None, None, is_live=True, viewer_count=5)


def prepared(app: Application) -> Preparation:
    preparation = app.features.browser_stream.prepare()
    assert preparation is not None
    run_until_idle(app)
    assert preparation.job.done
    return preparation


def test_prepared__has_info_sent_and_knows_the_address(
    app: Application, stream: BrowserStream, velora: FakeVelora
) -> None:
    app.edit({"title": "Hello"})
    preparation = prepared(app)
    assert velora.named("update") == [{"title": "Hello"}]
    assert preparation.address
    assert preparation.address.reveal() == WHIP
    assert WHIP not in repr(preparation.__dict__)


def test_nothing_to_send__is_no_warning(
    app: Application, stream: BrowserStream, velora: FakeVelora
) -> None:
    before = app.state.status
    prepared(app)
    assert velora.named("update") == []
    assert app.state.status == before


def test_info_that_is_not_wanted_at_a_start__stays(
    app: Application, stream: BrowserStream, velora: FakeVelora
) -> None:
    app.edit({"title": "Hello", "update_on_start": False})
    prepared(app)
    assert velora.named("update") == []


def test_no_setup__says_why(app: Application, stream: BrowserStream, velora: FakeVelora) -> None:
    velora.failures["setup"] = [TransportError()]
    preparation = prepared(app)
    assert preparation.address is None
    assert preparation.failure == str(TransportError())


def test_software_that_streams__comes_first(
    app: Application, stream: BrowserStream, host: FakeHost
) -> None:
    host.live = True
    assert stream.prepare() is None


def test_ended__lets_the_software_go_on(
    app: Application, stream: BrowserStream, host: FakeHost
) -> None:
    prepared(app)
    stream.begun()
    go_live(app, host)
    stream.ended()
    assert app.features.stream_info.following
    app.stream_stopped()


def test_ended__counts_one_stream(app: Application, stream: BrowserStream) -> None:
    prepared(app)
    stream.begun()
    assert app.features.stream_info.following
    assert app.state.status == "Your browser is streaming to Velora."
    stream.ended()
    stream.ended()
    stream.begun()
    assert not app.features.stream_info.following


def test_ended_while_the_software_starts__leaves_its_info_alone(
    app: Application, stream: BrowserStream, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    prepared(app)
    stream.begun()
    app.edit({"title": "Hello"})
    velora.failures["update"].append(TransportError())
    app.stream_starting()
    run_until_idle(app)
    stream.ended()
    assert app.pending_update is not None
    app.stream_stopped()


def test_software_that_streams_first__is_followed(
    app: Application, stream: BrowserStream, host: FakeHost
) -> None:
    prepared(app)
    go_live(app, host)
    stream.begun()
    assert app.state.status != "Your browser is streaming to Velora."
    stream.ended()
    assert app.features.stream_info.following
    app.stream_stopped()


@pytest.mark.parametrize("first", ["page", "software"])
def test_software_that_streams_in_between__is_followed_and_then_the_page_again(
    app: Application,
    stream: BrowserStream,
    host: FakeHost,
    shown_at_once: None,
    first: str,
) -> None:
    prepared(app)
    if first == "page":
        stream.begun()
    go_live(app, host)
    if first == "software":
        stream.begun()
    stop(app, host)
    # Above it, how long the software's lasted, if that was known to go to Velora by then.
    assert app.state.status.endswith("Your browser is streaming to Velora.")
    assert app.features.stream_info.following
    wait_for(lambda: app.state.live, meanwhile=app.process_ui_queue)
    assert app.state.streams == 1
    stream.ended()
    assert not app.features.stream_info.following
    assert app.state.live is None
    go_live(app, host)
    stop(app, host)
    assert not app.features.stream_info.following


def test_start_of_the_software_that_fails__leaves_the_pages_stream_followed(
    app: Application,
    stream: BrowserStream,
    shown_at_once: None,
) -> None:
    """One that is held back is told of by its end alone."""
    prepared(app)
    stream.begun()
    wait_for(lambda: app.state.live, meanwhile=app.process_ui_queue)
    streams = app.state.streams
    for told in (app.stream_starting, lambda: None):
        told()
        app.stream_stopped(EndReason.UNREACHABLE)
        assert app.state.live is not None
        assert app.state.last_stream == ""  # it is not over
        assert app.features.stream_info.following
        app.features.show_live(app.state.live)
        assert app.state.streams == streams  # it is counted once
    stream.ended()
    assert app.state.live is None
    assert app.state.last_stream
    assert not app.features.stream_info.following


def test_start_that_the_software_says_no_more_of__the_pages_end_is_told(
    app: Application,
    stream: BrowserStream,
    host: FakeHost,
    shown_at_once: None,
) -> None:
    host.texts["Count"] = "soon"
    app.settings = StreamSettings(texts={"Count": "{viewers} watch"})
    before = dict(host.texts)
    prepared(app)
    stream.begun()
    wait_for(lambda: app.state.live, meanwhile=app.process_ui_queue)
    assert host.texts != before
    app.stream_starting()  # OBS refuses it, and tells of no end
    stream.ended()
    assert app.state.live is None
    assert host.texts == before


def test_software_that_streamed_before_velora_accepts__info_is_tried_on(
    app: Application, stream: BrowserStream, host: FakeHost
) -> None:
    prepared(app)
    go_live(app, host)
    stop(app, host)
    stream.begun()
    assert app.features.stream_info.following
    stream.ended()
    assert not app.features.stream_info.following


def test_page_that_ends_while_the_software_streams__is_not_followed_again(
    app: Application, stream: BrowserStream, host: FakeHost
) -> None:
    prepared(app)
    stream.begun()
    go_live(app, host)
    stream.ended()
    stop(app, host)
    assert not app.features.stream_info.following


def test_preset_applied_meanwhile__is_sent(
    app: Application, stream: BrowserStream, velora: FakeVelora
) -> None:
    app.edit({"title": "Later", "preset_name": "Later"})
    run(app, app.press(Action.PRESET_SAVE))
    run_until_idle(app)
    app.edit({"title": "Now", "preset": app.state.presets[0].id})
    prepared(app)
    stream.begun()
    run(app, app.press(Action.PRESET_APPLY))
    run_until_idle(app)
    assert velora.named("update") == [{"title": "Now"}, {"title": "Later"}]
    stream.ended()
    run(app, app.press(Action.PRESET_APPLY))
    run_until_idle(app)
    assert len(velora.named("update")) == 2


def test_connected_again__goes_to_no_other_channel(
    make: Any, folder: Path, velora: FakeVelora
) -> None:
    def again(signed_in: Grant) -> Preparation:
        sign_in_as(app, signed_in)
        preparation: Preparation = app.features.browser_stream.again()
        run_until_idle(app)
        return preparation

    Storage(folder).save_sign_in(grant("a", since=1000.0))
    app: Application = make(VELORA_NOTHING="")
    app.panel_opened()
    run_until_idle(app)
    assert prepared(app).address
    assert again(grant("a", since=2000.0)).address
    other = again(grant("b", since=3000.0))
    assert other.address is None
    assert other.elsewhere
    assert prepared(app).address
    assert again(grant("b", since=3000.0)).address


def test_not_sent_before_a_reload__is_not_this_streams(
    app: Application, stream: BrowserStream, velora: FakeVelora
) -> None:
    app.features.stream_info._handed_over = {"title": "Old", "category": "", "tags": []}
    prepared(app)
    stream.begun()
    assert app.pending_update is None
    app.features.stream_info.send_part(StreamSettings(tags=("calm",)))
    run_until_idle(app)
    assert velora.named("update") == [{"tags": ("calm",)}]
