"""Flows that change threads."""

from __future__ import annotations

import threading

import pytest

from tests.unit.app.runtime.steps import Cut
from tests.unit.fakes import TIMEOUT, wait_for
from velora_core import errors
from velora_core.app.runtime import UI, WORKER, Runtime, Steps
from velora_core.app.worker import Priority
from velora_core.messages import message


def names_of_threads(seen: list[str]) -> Steps:
    seen.append(threading.current_thread().name)
    for following in (WORKER, UI, UI, WORKER, WORKER, UI):
        yield following
        seen.append(threading.current_thread().name)


def test_flow__each_part_runs_on_the_thread_that_the_yield_before_it_names(
    runtime: Runtime,
) -> None:
    seen: list[str] = []
    assert runtime.start("Button", names_of_threads(seen)).wait(TIMEOUT)
    wait_for(lambda: len(seen) == 7, meanwhile=runtime.run_ui_callbacks)
    here, worker = threading.current_thread().name, seen[1]
    assert here != worker
    assert seen == [here, worker, here, here, worker, worker, here]


@pytest.mark.parametrize("part", range(3))
def test_flow__an_error_is_shown_and_ends_it(runtime: Runtime, part: int) -> None:
    seen: list[int] = []

    def flow() -> Steps:
        for number, following in enumerate((WORKER, UI, WORKER)):
            seen.append(number)
            if number == part:
                raise errors.TimedOut
            yield following

    runtime.start("Button", flow())
    wait_for(
        lambda: runtime.state.status == str(errors.TimedOut()), meanwhile=runtime.run_ui_callbacks
    )
    assert runtime.worker.submit(lambda: None).wait(TIMEOUT)
    runtime.run_ui_callbacks()
    assert seen == list(range(part + 1))


def test_flow__makes_room_as_a_button_does(runtime: Runtime, hanging: Cut) -> None:
    def flow() -> Steps:
        yield WORKER
        hanging()
        runtime.raise_if_cancelled()

    job = runtime.start("Button", flow())
    assert hanging.under_way.wait(TIMEOUT)
    runtime.press("", lambda: None, priority=Priority.LIVE)
    assert job.wait(TIMEOUT)
    assert runtime.state.status == message("status.interrupted", button="Button")


def test_flow__that_is_not_to_be_interrupted_is_not(runtime: Runtime, hanging: Cut) -> None:
    def flow() -> Steps:
        yield WORKER
        hanging()
        runtime.raise_if_cancelled()
        runtime.show("done")

    job = runtime.start("Button", flow(), priority=Priority.LIVE)
    assert hanging.under_way.wait(TIMEOUT)
    runtime.press("", lambda: None, priority=Priority.LIVE)
    assert not hanging.cut.is_set()
    hanging.cut.set()
    assert job.wait(TIMEOUT)
    assert runtime.state.status == "done"


def goes_on(cut: Cut, said: str, runtime: Runtime) -> Steps:
    yield WORKER
    yield UI
    if said:
        runtime.show(said)
    yield WORKER
    cut()


@pytest.mark.parametrize("said", ["", "done"])
def test_flow__that_goes_on_for_long_says_so_unless_it_has_spoken(
    runtime: Runtime, hanging: Cut, said: str
) -> None:
    runtime.show("the press before")
    runtime.drawn()
    job = runtime.start("Button", goes_on(hanging, said, runtime))
    assert job.wait(TIMEOUT)
    runtime.wait_for(job, 0.0)
    assert runtime.drawn().status == (said or message("status.working", host="OBS"))


def test_flow__that_is_handed_over_and_takes_long_says_so(runtime: Runtime, hanging: Cut) -> None:
    def flow() -> Steps:
        yield WORKER
        yield UI
        yield runtime.press("Button", hanging)

    runtime.show("the press before")
    runtime.drawn()
    job = runtime.start("Button", flow())
    assert job.wait(TIMEOUT)
    runtime.wait_for(job, 0.0)
    assert runtime.drawn().status == message("status.working", host="OBS")
