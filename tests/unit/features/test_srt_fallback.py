"""SRT: the form of the stream id, and RTMP when a start has failed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import KEY, NEW_KEY, OTHER, RTMP, SRT, FakeHost, FakeVelora, run
from tests.unit.features.live import work
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.secret import Secret

FORM = "default/{app}/{key}"
STREAM_ID = f"default%2Flive%2F{KEY}"
FAILED = (
    "Press Use RTMP instead, or try another SRT stream id: your stream could not be started by "
    "SRT, and it isn't known which form of it Velora takes."
)


@pytest.fixture
def app(make: Any) -> Application:
    app: Application = make()
    run(app, app.actions.refresh())
    app.settings = StreamSettings(protocol="srt", srt_form=FORM)
    run(app, app.actions.configure())
    return app


def key(host: FakeHost) -> object:
    return host.service().settings["key"]


def fail(app: Application, end: EndReason) -> None:
    app.stream_starting()
    app.stream_stopped()
    app.stream_ended(end)
    work(app)


def test_configure__sends_the_key_in_the_form(app: Application, host: FakeHost) -> None:
    assert (host.service().server, key(host)) == (SRT, STREAM_ID)
    app.settings = StreamSettings(protocol="srt")
    assert KEY not in run(app, app.actions.configure())
    assert key(host) == KEY
    app.settings = StreamSettings(protocol="rtmp", srt_form=FORM)
    run(app, app.actions.configure())
    assert (host.service().server, key(host)) == (RTMP, KEY)


def test_configure__a_form_that_can_not_be_used_changes_nothing(
    app: Application, host: FakeHost
) -> None:
    before = host.service()
    app.settings = StreamSettings(protocol="srt", srt_form="{key}/live")
    assert run(app, app.actions.configure()) == (
        "The form of the SRT stream id can't be used: end it with a slash and the stream key in "
        "braces, or leave it empty to send the key alone."
    )
    assert host.service() == before


def test_key_in_a_form__is_the_same_key(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    changes = len(host.changes)
    app.panel_opened()
    work(app)
    assert len(host.changes) == changes
    assert app.state.asking == ""
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    app.stream_starting()
    app.stream_stopped()
    app.stream_ended(EndReason.NORMAL)
    work(app)
    assert key(host) == f"default%2Flive%2F{NEW_KEY}"  # mended in its form


@pytest.mark.parametrize("end", [EndReason.REFUSED, EndReason.UNREACHABLE])
def test_a_failed_start__offers_rtmp_in_one_press(
    app: Application, host: FakeHost, end: EndReason
) -> None:
    fail(app, end)
    assert FAILED in host.warnings
    assert FAILED in app.state.status
    assert app.state.offers_rtmp
    run(app, app.actions.use_rtmp())
    assert (host.service().server, key(host)) == (RTMP, KEY)
    assert app.settings.protocol == "rtmp"
    assert not app.state.offers_rtmp


def test_a_failed_start__the_next_takes_the_offer_back(app: Application) -> None:
    fail(app, EndReason.REFUSED)
    app.stream_starting()
    assert not app.state.offers_rtmp


def test_no_offer__elsewhere_by_rtmp_or_after_a_good_stream(
    app: Application, host: FakeHost
) -> None:
    fail(app, EndReason.NORMAL)
    assert not app.state.offers_rtmp
    run(app, app.actions.use_rtmp())
    fail(app, EndReason.REFUSED)
    assert not app.state.offers_rtmp
    host.services[host.current_profile] = OTHER
    fail(app, EndReason.REFUSED)
    assert not app.state.offers_rtmp


def test_a_start_that_goes_on_trying__offers_it_as_well(
    make: Any, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    app = make()
    run(app, app.actions.refresh())
    app.settings = StreamSettings(protocol="srt")
    run(app, app.actions.configure())
    app.stream_starting()
    clock.now += 7
    work(app)
    assert not app.state.offers_rtmp
    clock.now += 2
    work(app)
    assert app.state.offers_rtmp
    assert host.warnings[-1].startswith("Press Stop Streaming, then Use RTMP instead")
    app.stream_stopped()
    app.stream_ended(EndReason.NORMAL)
    work(app)
    assert app.state.offers_rtmp

    app.stream_starting()
    app.stream_started()
    clock.now += 20
    work(app)
    assert not app.state.offers_rtmp
    app.stream_stopped()
    app.stream_starting()
    app.stream_stopped()
    clock.now += 20
    work(app)
    assert not app.state.offers_rtmp
