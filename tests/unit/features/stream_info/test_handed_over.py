"""What Velora has not taken is handed to the next application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import FakeHost, FakeVelora, run
from tests.unit.features.stream_info.steps import FULL, go_live, tried, wait_for_updates
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application

PENDING = {"title": " Hello ", "category": "Music", "tags": ["a", " A", "b"]}


def pending_of(app: Application) -> dict[str, Any] | None:
    """What is handed on; whose channel it is for comes once the worker has tried it."""
    pending = app.pending_update
    return None if pending is None else {**pending, "owner": ""}


def test_handed_over__as_long_as_velora_has_not_taken_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    assert app.pending_update is None
    velora.failures["update"] += [errors.TimedOut()] * 2
    go_live(app, host)
    assert pending_of(app) == {**PENDING, "owner": ""}
    wait_for_updates(app, velora, 3)
    assert app.pending_update is None


def test_handed_over__not_what_velora_refused(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.Unauthorized())
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert app.pending_update is None


def test_handed_over__not_of_a_stream_that_is_over(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    app.stream_stopped()
    assert app.pending_update is None


def test_handed_over__not_while_nothing_runs(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.TimedOut())
    run(app, app.actions.update_now())
    assert app.pending_update is None


SENT = {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}


def test_handed_over__is_sent_by_the_next_one_if_the_stream_still_runs(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    host.live = True
    velora.failures["update"] += [errors.TimedOut()] * 2
    following: Application = make(pending_update=PENDING)
    following.settings = StreamSettings(title="Of the other scenes")
    wait_for_updates(following, velora, 3)
    assert velora.named("update") == [SENT] * 3
    assert following.pending_update is None


@pytest.mark.parametrize("opened", [False, True])
def test_handed_over__is_sent_by_the_next_one_once_the_stream_has_connected(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, opened: bool
) -> None:
    following: Application = make(pending_update=PENDING)
    if opened:
        wait_for_updates(following, velora, 0)
    assert following.pending_update == PENDING  # for one more that is loaded before that
    host.live = True
    following.stream_started()
    wait_for_updates(following, velora, 1)
    assert velora.named("update") == [SENT]
    assert following.pending_update is None


def test_handed_over__nothing_for_a_stream_that_did_not_connect(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    following: Application = make(pending_update=PENDING)
    wait_for_updates(following, velora, 0)
    following.stream_stopped()
    assert following.pending_update is None
    following.stream_starting()
    host.live = True
    following.stream_started()
    wait_for_updates(following, velora, 0)
    assert velora.named("update") == []


def test_handed_over__is_handed_on_and_on(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    host.live = True
    velora.failures["update"] += [errors.TimedOut()] * 20
    following: Application = make(pending_update=PENDING)
    wait_for_updates(following, velora, 1)
    pending = following.pending_update
    assert pending is not None
    assert pending["owner"]  # whose channel it is for
    assert {**pending, **PENDING} == pending


def test_profile_moved_away_from__still_goes_to_velora(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    """Velora has moved since this profile was configured, and another one has been since."""
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    go_live(app, host)
    assert tried(app, velora) == 1


def test_handed_over__knows_of_emptied_tags(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, slow_retries: None
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    app.settings = StreamSettings(tags_on_velora=True)
    go_live(app, host)
    wait_for_updates(app, velora, 1)  # nothing of it is on its way to Velora any more
    pending_update = app.pending_update
    emptied = {"title": "", "category": "", "tags": [], "clear_tags": True}
    assert pending_of(app) == {**emptied, "owner": ""}
    app.close()
    velora.calls.clear()
    following: Application = make(pending_update=pending_update)
    wait_for_updates(following, velora, 1)
    assert velora.named("update")[-1] == {"tags": ()}


def test_handed_over__a_title_has_its_variables_filled_in(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None
) -> None:
    app.settings = FULL._replace(title="{category} {{x}}")
    velora.failures["update"] = [errors.ServerError(status=500)]
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert app.pending_update is not None
    assert app.pending_update["title"] == "Music {{x}}"
