"""Calls that another thread ends: by their time, or because something else goes first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import wait_for
from velora_core.api.cancellation import CallRegistry

START = "velora_core.api.cancellation._thread.start_new_thread"


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The threads that would have been started."""
    started: list[Any] = []
    monkeypatch.setattr(START, lambda work, _: started.append(work))
    return started


def test_calls_in_a_row__have_one_thread_that_ends_them(threads: list[Any]) -> None:
    registry = CallRegistry()
    for method in ("GET", "PUT", "GET"):
        with registry.call(method, 30.0):
            pass
    assert len(threads) == 1


def test_call__has_a_thread_again_when_the_one_before_has_ended(threads: list[Any]) -> None:
    registry = CallRegistry()
    for _ in range(2):
        with registry.call("GET", 30.0):
            pass
        threads[-1]()  # finds no call, and ends
    assert len(threads) == 2


def test_call__that_ends_sooner_is_ended_in_time() -> None:
    registry = CallRegistry()
    with registry.call("GET", 60.0):
        pass
    with registry.call("GET", 0.01) as call:
        assert call.ended.wait(10)
        assert call.timed_out
    with registry.call("GET", 60.0) as call:
        assert not call.cancelled
    registry.close()


@pytest.mark.parametrize("answered", [True, False])
def test_call__that_is_answered_and_goes_on_has_no_end(threads: list[Any], answered: bool) -> None:
    registry = CallRegistry()
    with registry.call("GET", 0.0, lasting=True) as call:
        call.answered = answered
        threads[-1]()  # its time is over
        assert call.cancelled is not answered


def test_call__without_a_thread_to_end_it_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    registry = CallRegistry()
    with monkeypatch.context() as patch:
        patch.setattr(START, fail)
        with pytest.raises(RuntimeError), registry.call("GET", 30.0):
            pass
    with registry.call("GET", 0.01) as call:
        assert call.ended.wait(10)


def test_call__has_a_thread_again_when_the_one_before_has_failed(
    threads: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise AttributeError

    registry = CallRegistry()
    with monkeypatch.context() as patch:
        patch.setattr(registry, "_cancel", fail)
        with registry.call("GET", 0.0), pytest.raises(AttributeError):
            threads[-1]()
    with registry.call("GET", 0.0) as call:
        threads[-1]()
        assert call.timed_out
    assert len(threads) == 2


def test_call__that_is_interrupted_before_its_thread_leaves_the_next_one_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    registry = CallRegistry()
    with monkeypatch.context() as patch:
        patch.setattr(START, interrupt)
        with pytest.raises(KeyboardInterrupt), registry.call("POST", 30.0):
            pass
    with registry.call("GET", 0.01) as call:
        assert call.ended.wait(10)


def test_close__ends_the_thread_as_soon_as_there_is_no_call() -> None:
    registry = CallRegistry()
    with registry.call("POST", 60.0) as call:
        call.sent = True
        registry.close()
        assert not call.cancelled  # it can't be repeated
    wait_for(lambda: registry._wakes is None)
