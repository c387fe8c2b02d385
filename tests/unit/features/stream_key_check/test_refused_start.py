"""A start that was refused: what was put right, and what to do."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    RTMP,
    FakeHost,
    FakeVelora,
    run,
    run_until_idle,
    wait_for,
)
from tests.unit.features.stream_key_check.steps import change, key_in_obs, refused
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason


@pytest.mark.parametrize("end", [EndReason.REFUSED, EndReason.UNREACHABLE])
def test_refused__old_key__start_again(app: Application, host: FakeHost, end: EndReason) -> None:
    assert refused(app, end) == (
        "Press Start Streaming again: the stream key was not the right one, and OBS now has yours "
        "(••••new9)."
    )
    assert key_in_obs(host) == NEW_KEY


def test_refused__right_key(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    run_until_idle(app)
    assert "although OBS has the right key" in refused(app)
    assert app.state.tone is StatusLevel.WARNING
    assert len(host.warnings) == 1


def test_unreachable__right_key(app: Application) -> None:
    app.panel_opened()
    run_until_idle(app)
    assert "ingest can't be reached" in refused(app, EndReason.UNREACHABLE)


def test_refused__velora_fails(app: Application, velora: FakeVelora) -> None:
    velora.failures["setup"].append(errors.TransportError())
    status = refused(app)
    assert "your stream key could not be checked" in status
    assert "Velora can't be reached" in status


def test_refused__nobody_signed_in(app: Application, make: Any, host: FakeHost) -> None:
    app.close()
    again = make(VELORA_ACCESS_TOKEN="")
    run_until_idle(again)
    assert "without a sign-in your stream key can't be checked" in refused(again)
    assert key_in_obs(host) == KEY


def test_moved_ingest__after_a_start_that_failed(make: Any, velora: FakeVelora) -> None:
    app: Application = make()
    run(app, app.actions.configure())
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    assert refused(app, EndReason.UNREACHABLE) == (
        "Press Start Streaming again: OBS now has Velora's new ingest address "
        "(rtmp://moved.test/live). The old one no longer works."
    )


def test_refused_start__is_not_told_any_more_once_the_next_has_begun(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.stream_stopped(EndReason.REFUSED)
    wait_for(lambda: "Start Streaming again" in app.state.status, meanwhile=app.process_ui_queue)
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    wait_for(lambda: "Velora now has" in app.state.status, meanwhile=app.process_ui_queue)
    assert app.panel(drawn=True).find("status").text == "Velora now has the title “Hello”."


def test_refused_start__looked_into_while_the_next_begins_is_not_told(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.panel_opened()
    run_until_idle(app)
    velora.block, before = threading.Event(), len(velora.named("setup"))
    app.stream_starting()
    app.stream_stopped(EndReason.REFUSED)
    wait_for(lambda: len(velora.named("setup")) > before)
    app.stream_starting()
    velora.block.set()
    run_until_idle(app)
    assert "although OBS has the right key" not in app.state.status
    assert host.warnings == []
    assert "although OBS has the right key" in refused(app)  # which is this one's end


@pytest.mark.parametrize("end", [EndReason.REFUSED, EndReason.UNREACHABLE])
def test_late_failure__says_nothing_of_what_is_in_use_since(
    app: Application, host: FakeHost, end: EndReason
) -> None:
    """OBS 32 may tell of a failed start by SRT long after it was given up for RTMP."""
    change(host, server="srt://ingest.velora.tv:9999")
    app.stream_starting()
    change(host, server=RTMP, key=NEW_KEY)
    before = app.state.status
    app.stream_stopped(end)
    run_until_idle(app)
    assert app.state.status == before
    assert host.warnings == []
    assert "although OBS has the right key" in refused(app)  # and of the next start again
