"""Variables in a title, and parts of the info alone."""

from __future__ import annotations

import pytest

from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run
from tests.unit.features.stream_info.steps import FULL, go_live, wait_for_updates
from velora_core import errors
from velora_core.app.local_time import LocalTime
from velora_core.app.state import StreamSettings
from velora_core.application import Application


def test_variables__are_filled_in_once(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([LocalTime("1.2.", "10:00", "Monday"), LocalTime("1.2.", "10:01", "Monday")])
    monkeypatch.setattr("velora_core.app.local_time.local_time", lambda: next(moments))
    app.settings = FULL._replace(title="{Category} on {weekday} {{{time}}} {preset}")
    velora.failures["update"] = [errors.ServerError(status=500)] * 2
    go_live(app, host)
    wait_for_updates(app, velora, 3)
    assert [update["title"] for update in velora.named("update")] == ["Music on Monday {10:00}"] * 3
    assert "“Music on Monday {10:00}”" in app.state.status
    run(app, app.actions.update_now())
    assert velora.named("update")[3:] == [{"title": "Music on Monday {10:01}"}]


def test_variables__unknown_is_named_and_not_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(title="{categroy} {date} {x}")
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert velora.named("update") == [{"category_slug": "music", "tags": ("a", "b")}]
    assert "The title has {categroy}, {x}, which stands for nothing: use {date}, {time}" in (
        app.state.status
    )
    assert "write {{ and }} for braces" in app.state.status


def test_variables__of_a_title_that_becomes_too_long(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(title="x" * 135 + "{category}", category="just-chatting")
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert "title" not in velora.named("update")[0]
    assert "shorten it by 8" in app.state.status


def test_part__is_sent_alone(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    run(app, app.features.stream_info.send_part(StreamSettings(title="Part")))
    run(
        app, app.features.stream_info.send_part(StreamSettings(tags_on_velora=True), compares=False)
    )
    assert velora.named("update")[1:] == [{"title": "Part"}, {"tags": ()}]


def test_part__with_what_is_still_pending(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None
) -> None:
    velora.failures["update"] = [errors.ServerError(status=500)]
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    run(app, app.features.stream_info.send_part(StreamSettings(category="just-chatting")))
    assert velora.named("update")[1:] == [
        {"title": "Hello", "category_slug": "just-chatting", "tags": ("a", "b")}
    ]


def test_part__of_a_stream_that_goes_elsewhere(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    host.live = True
    run(app, app.features.stream_info.send_part(StreamSettings(title="Part")))
    assert velora.named("update") == []
