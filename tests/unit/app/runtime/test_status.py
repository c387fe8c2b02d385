"""What the status shows, and for how long."""

from __future__ import annotations

from tests.unit.app.runtime.steps import Cut
from tests.unit.fakes import TIMEOUT
from velora_core import errors
from velora_core.app.runtime import Runtime
from velora_core.app.state import StatusLevel
from velora_core.messages import message


def test_wait_for__shows_the_result_that_came_in_time(runtime: Runtime) -> None:
    runtime.wait_for(runtime.press("Button", lambda: runtime.show("result")), TIMEOUT)
    assert runtime.state.status == "result"


def test_wait_for__is_bounded_and_says_so(runtime: Runtime, hanging: Cut) -> None:
    runtime.change(tone=StatusLevel.ERROR)
    runtime.wait_for(runtime.press("Button", hanging), 0.0)
    assert "has not answered yet" in runtime.state.status
    assert runtime.state.tone is StatusLevel.NORMAL


def test_wait_for__does_not_hide_a_result_that_is_just_there(
    runtime: Runtime, hanging: Cut
) -> None:
    """A job has said how it went a moment before it is over."""

    def work() -> None:
        runtime.show("result")
        hanging()

    job = runtime.press("Button", work)
    assert hanging.under_way.wait(TIMEOUT)
    runtime.wait_for(job, 0.0)
    assert not job.done
    assert runtime.state.status == "result"


def test_wait_for__says_that_a_job_waits_behind_one_that_has_spoken(
    runtime: Runtime, hanging: Cut
) -> None:
    def first() -> None:
        runtime.show("the first one's result")
        hanging()

    runtime.press("Button", first)
    assert hanging.under_way.wait(TIMEOUT)
    runtime.wait_for(runtime.press("Button", lambda: None), 0.0)
    assert "has not answered yet" in runtime.state.status


def test_unseen__survives_the_next_press(runtime: Runtime, hanging: Cut) -> None:
    """ "Press Refresh in a moment": and what it shows is the answer."""

    def slow() -> None:
        hanging()
        runtime.report(errors.StreamingNotEnabled())

    job = runtime.press("Configure", slow)
    runtime.wait_for(job, 0.0)
    assert runtime.drawn().status == message("status.working", host="OBS")
    hanging.cut.set()
    assert job.wait(TIMEOUT)
    runtime.wait_for(runtime.press("Refresh", lambda: runtime.show("You are offline.")), TIMEOUT)
    state = runtime.drawn()
    assert state.status == f"{errors.StreamingNotEnabled()}\nYou are offline."
    assert state.tone is StatusLevel.ERROR
    runtime.show("next")
    assert (runtime.state.status, runtime.state.tone) == ("next", StatusLevel.NORMAL)


def test_unseen__is_there_also_when_the_next_press_gets_no_answer(
    runtime: Runtime, hanging: Cut
) -> None:
    runtime.show("result")
    job = runtime.press("Refresh", hanging)
    assert hanging.under_way.wait(TIMEOUT)
    runtime.wait_for(job, 0.0)
    assert runtime.drawn().status == "result\n" + message("status.working", host="OBS")


def test_unseen__is_bounded__newest_last__each_once(runtime: Runtime) -> None:
    for name in "abcdef":
        runtime.show(name)
    runtime.show("d")
    assert runtime.state.status == "c\ne\nf\nd"


def test_unseen__what_became_untrue_is_replaced(runtime: Runtime) -> None:
    first, other = object(), object()
    runtime.show("again in 5 seconds", StatusLevel.WARNING, topic=first)
    runtime.show("news", topic=other)
    runtime.show("done", topic=first)
    assert (runtime.state.status, runtime.state.tone) == ("news\ndone", StatusLevel.NORMAL)


def test_unseen__what_is_outdated_goes_with_the_next(runtime: Runtime) -> None:
    topic = object()
    runtime.show("start again", StatusLevel.WARNING, topic=topic)
    runtime.show("news")
    for other in (object(), None):
        runtime.outdate(other)
    runtime.outdate(topic)
    assert runtime.state.status == "start again\nnews"
    runtime.show("more")
    assert (runtime.state.status, runtime.state.tone) == ("news\nmore", StatusLevel.NORMAL)


def test_where_things_stand__hides_no_result_and_is_replaced_by_any(runtime: Runtime) -> None:
    runtime.show("result", StatusLevel.ERROR)
    runtime.show("OBS streams to Velora.", lasting=False)
    assert runtime.state.status == "result\nOBS streams to Velora."
    runtime.show("other result")
    assert runtime.state.status == "result\nother result"


def test_where_things_stand__takes_no_place_that_another_thread_has_taken(runtime: Runtime) -> None:
    topic = object()
    runtime.show("to be replaced", topic=topic)
    assert runtime.outdate(topic)
    runtime.show("instead", lasting=False, topic=topic, instead_of=topic)
    assert runtime.state.status == "instead"
    runtime.show("the worker's result")
    runtime.show("too late", lasting=False, topic=topic, instead_of=topic)
    assert runtime.state.status == "the worker's result"


def test_line__stays_one(runtime: Runtime) -> None:
    runtime.show("One\nline")
    assert runtime.state.status == "One line"


def test_wait_for__does_what_the_job_handed_back(runtime: Runtime) -> None:
    job = runtime.press("Button", lambda: runtime.call_on_ui(lambda: runtime.show("applied")))
    runtime.wait_for(job, TIMEOUT)
    assert runtime.state.status == "applied"


def test_result_after_the_bound__is_shown_when_it_comes(runtime: Runtime, hanging: Cut) -> None:
    def work() -> None:
        hanging()
        runtime.show("late result")

    job = runtime.press("Button", work)
    runtime.wait_for(job, 0.0)
    hanging.cut.set()
    assert job.wait(TIMEOUT)
    assert runtime.state.status == "late result"
