"""Update now: alone, beside another update, and of what differs only."""

from __future__ import annotations

import threading

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, FakeVelora, run, wait_for
from tests.unit.features.stream_info.steps import FULL, UNKNOWN, go_live, tried, wait_for_updates
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application


def test_update_now__bad_entry_and_the_rest_is_there(app: Application, velora: FakeVelora) -> None:
    run(app, app.actions.update_now())
    app.settings = FULL._replace(category="No Such Thing")
    assert run(app, app.actions.update_now()) == (
        f"{UNKNOWN} Everything else is up to date: Velora already has the title “Hello” and the "
        "tags a, b, so nothing had to be sent."
    )
    assert len(velora.named("update")) == 1


def test_update_now__says_what_velora_has(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings(title="New", category="just chatting")
    status = run(app, app.actions.update_now())
    assert status == "Velora now has the title “New” and the category Just Chatting."
    assert velora.named("update") == [{"title": "New", "category_slug": "just-chatting"}]


def test_update_now__with_nothing_entered(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings()
    assert "nothing to send" in run(app, app.actions.update_now())
    assert velora.named("update") == []


def test_update_now__shows_why_it_failed(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.TimedOut())
    assert run(app, app.actions.update_now()) == str(errors.TimedOut())
    assert app.state.tone is StatusLevel.ERROR


def test_update_now__takes_the_place_of_an_older_one_that_waits(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    app.process_ui_queue()
    app.settings = StreamSettings(title="Newer")
    run(app, app.actions.update_now())
    clock.now += 1e6
    tried(app, velora)
    assert [update.get("title") for update in velora.named("update")] == ["Hello", "Newer"]


@pytest.mark.usefixtures("slow_retries")
def test_update_now__while_the_older_ones_next_try_is_being_arranged(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    app.settings = StreamSettings(title="Newer")
    assert "“Newer”" in run(app, app.actions.update_now())
    clock.now += 1e6
    tried(app, velora)
    assert [update.get("title") for update in velora.named("update")] == ["Hello", "Newer"]


def test_update_now__that_makes_room_says_so(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.Cancelled())
    assert "“Update now” was put off" in run(app, app.actions.update_now())
    assert tried(app, velora) == 1


def test_update_now__of_something_older_that_was_just_taken_up_is_dropped(
    app: Application, velora: FakeVelora
) -> None:
    older = app.actions.update_now()
    app.settings = StreamSettings(title="Newer")
    run(app, app.actions.update_now())
    before = velora.named("update")
    older.work()  # the worker had it in its hands already
    assert velora.named("update") == before


def test_update_now__twice_sends_what_was_entered_last(
    app: Application, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    for title in ("A", "B", "C"):
        app.settings = StreamSettings(title=title)
        job = app.actions.update_now()
    velora.block.set()
    run(app, job)
    assert velora.named("update") == [{"title": "C"}]


@pytest.mark.usefixtures("slow_retries")
def test_update_now__in_a_stream_that_began_before_loading_is_tried_again(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    host.live = True
    velora.failures["update"].append(errors.TimedOut())
    assert "trying again in 5 seconds" in run(app, app.actions.update_now())
    clock.now += 5
    assert tried(app, velora) == 2
    assert "Velora now has" in host.logged[-1][1]


def test_update_now__of_a_stream_that_has_ended_since_is_still_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(update_on_start=False)
    go_live(app, host)
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    job = app.actions.update_now()
    host.live = False
    app.stream_stopped()
    velora.block.set()
    assert "\nVelora now has the title “Hello”" in run(app, job)


def test_update_now__is_tried_again_while_live(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    velora.failures["update"].append(errors.TransportError())
    app.settings = StreamSettings(title="Newer")
    app.actions.update_now()
    wait_for_updates(app, velora, 3)
    assert velora.named("update")[1:] == [{"title": "Newer"}, {"title": "Newer"}]


def test_older_one_that_fails_late__is_not_tried_again(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    app.settings = StreamSettings(title="Newer")
    job = app.actions.update_now()
    velora.block.set()
    run(app, job)
    wait_for_updates(app, velora, 2)
    assert [update.get("title") for update in velora.named("update")] == ["Hello", "Newer"]


def test_update_now__sends_only_what_differs(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = StreamInfo("Hello", "Art", "art", is_live=False, tags=("a", "b"))
    run(app, app.actions.refresh())
    assert run(app, app.actions.update_now()) == "Velora now has the category Music."
    assert velora.named("update") == [{"category_slug": "music"}]


def test_update_now__all_is_there__sends_nothing(app: Application, velora: FakeVelora) -> None:
    run(app, app.actions.update_now())
    assert run(app, app.actions.update_now()) == (
        "Velora already has the title “Hello”, the category Music and the tags a, b, "
        "so nothing had to be sent."
    )
    assert len(velora.named("update")) == 1


def test_update_now__in_mid_stream__sends_what_was_changed_since_the_start(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    app.settings = FULL._replace(title="Next part")
    status = run(app, app.actions.update_now())
    assert status == ("Velora now has the title “Next part”.")
    assert velora.named("update")[1:] == [{"title": "Next part"}]


def test_update_now__may_not_read__sends_everything(app: Application, velora: FakeVelora) -> None:
    app._session.stream_info.forget()
    velora.failures["info"].append(errors.InsufficientScope(scope="stream:read"))
    run(app, app.actions.update_now())
    assert len(velora.named("update")[0]) == 3


def test_update_now__no_connection__is_said_without_a_second_wait(
    app: Application, velora: FakeVelora
) -> None:
    app._session.stream_info.forget()
    velora.failures["info"].append(errors.TimedOut())
    assert "did not answer in time" in run(app, app.actions.update_now())
    assert velora.named("update") == []


def test_update_now__lost_on_the_way__sends_everything_again(
    app: Application, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.ConnectionLost())
    run(app, app.actions.update_now())
    run(app, app.actions.update_now())
    assert [len(update) for update in velora.named("update")] == [3, 3]


def test_other_account__nothing_is_taken_for_known(app: Application, velora: FakeVelora) -> None:
    asked = len(velora.named("info"))
    run(app, app.actions.update_now())
    assert len(velora.named("info")) == asked  # refreshed just before
    app.set_secret("client_id", "")  # as a sign-in or sign-out would
    run(app, app.actions.update_now())
    assert len(velora.named("info")) == asked + 1
