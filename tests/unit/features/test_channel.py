"""Refresh and the list of categories."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from tests.unit.fakes import (
    CATEGORIES,
    FakeHost,
    FakeVelora,
    run,
    wait_for,
)
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.state import StatusLevel
from velora_core.application import Application

NOTHING = {"HOME": "/nowhere"}


def test_refresh__tells_how_the_channel_stands(app: Application, velora: FakeVelora) -> None:
    assert run(app, app.actions.refresh()) == (
        "You are offline (as of 12:00). Velora has no title and no category."
    )
    assert app.state.categories == CATEGORIES
    velora.info = StreamInfo(
        "A\n<b>title</b>", "Music", "music", True, 5, datetime(2026, 1, 1, tzinfo=timezone.utc)
    )
    assert run(app, app.actions.refresh()) == (
        "You are live on Velora with the title “A <b>title</b>” and the category Music "
        "(as of 12:00)."
    )
    velora.info = velora.info._replace(tags=("one", "two\nthree"), is_live=False)
    assert run(app, app.actions.refresh()) == (
        "You are offline (as of 12:00). Velora has the title “A <b>title</b>”, the category Music "
        "and the tags "
        "one, two three."
    )


def test_refresh__takes_the_place_of_what_was_sent(app: Application, velora: FakeVelora) -> None:
    """Nobody has seen that yet, and it would say the same, or what is no longer so."""
    app.edit({"title": "Hello"})
    run(app, app.actions.update_now())
    assert app.state.status == "Velora now has the title “Hello”."
    velora.info = StreamInfo("Of the website", None, None, is_live=False)
    run(app, app.actions.refresh())
    assert app.state.status == (
        "You are offline (as of 12:00). Velora has the title “Of the website” and no category."
    )


def test_tags__of_velora_are_loaded_taken_out_and_removed(
    app: Application, velora: FakeVelora
) -> None:
    velora.info = StreamInfo(None, None, None, is_live=False, tags=("one", "two"))
    run(app, app.actions.load())
    assert app.settings.tags == ("one", "two")
    app.edit({"tags": ()})
    assert run(app, app.actions.update_now()) == "Velora now has no tags."
    assert velora.named("update") == [{"tags": ()}]


def test_refresh__shows_why_it_failed(app: Application, velora: FakeVelora) -> None:
    velora.failures["categories"].append(errors.DnsError(host="api.velora.tv"))
    assert "api.velora.tv can't be looked up" in run(app, app.actions.refresh())


def test_categories__are_fetched_behind_an_opening_panel_but_not_each_time(
    app: Application, velora: FakeVelora
) -> None:
    for _ in range(5):
        app.panel_opened()
    run(app, app.actions.update_now())
    wait_for(lambda: app.state.categories == CATEGORIES)
    assert len(velora.named("categories")) == 1


def test_categories__of_the_last_time_are_there_at_once(make: Any, velora: FakeVelora) -> None:
    first = make()
    run(first, first.actions.refresh())
    first.close()
    velora.failures["categories"] += [errors.TimedOut()] * 5
    second = make()
    second.panel_opened()
    wait_for(lambda: second.state.categories == CATEGORIES)
    run(second, second.actions.update_now())
    assert second.state.tone is not StatusLevel.ERROR  # nobody asked for it, so nobody is told


def test_categories__are_not_asked_for_when_signed_out(make: Any, velora: FakeVelora) -> None:
    app = make(**NOTHING)
    app.panel_opened()
    run(app, app.actions.update_now())
    assert velora.calls == []


def test_category_field__shows_names_and_keeps_slugs(app: Application) -> None:
    run(app, app.actions.refresh())
    for typed, kept, shown in (
        (" just chatting", "just-chatting", "Just Chatting"),
        (" anything ", "anything", "anything"),
    ):
        app.edit({"category_entry": typed})
        assert app.settings.category == kept
        assert app.panel().find("category_entry").value == shown


def test_categories__whose_fetching_makes_room_are_no_news(
    app: Application, velora: FakeVelora, host: FakeHost
) -> None:
    velora.failures["categories"].append(errors.Cancelled())
    app.panel_opened()
    wait_for(lambda: velora.named("categories"))
    run(app, app.actions.update_now())
    app.panel_opened()
    wait_for(lambda: app.state.categories == CATEGORIES)
    app.process_ui_queue()
    assert host.logged == []
