"""A page's stream that ends at the very moment at which something else happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.integration.web.whip.endpoint import OFFER, WhipEndpoint
from tests.unit.fakes import wait_for
from velora_core.secret import Secret
from velora_core.web.on_air import OnAir
from velora_core.web.refusal import Refusal
from velora_core.web.whip_relay import WhipRelay


class Source:
    """The application: counts the streams that it was told of."""

    def __init__(self, address: str) -> None:
        self.told: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self._address = Secret(address)

    def address(self, *, again: bool) -> Secret:
        self.meanwhile()
        return self._address

    def begun(self) -> None:
        self.told.append("begun")

    def ended(self) -> None:
        self.told.append("ended")


@pytest.fixture
def source(endpoint: WhipEndpoint) -> Source:
    return Source(endpoint.url)


@pytest.fixture
def relay(source: Source, endpoint: WhipEndpoint) -> Iterator[WhipRelay]:
    relay = WhipRelay(source, endpoint.url)
    yield relay
    endpoint.open.set()
    relay.close(1.0)


def offer(relay: WhipRelay, gone: Callable[[], bool] = lambda: False) -> threading.Thread:
    """Have a page offer on a thread of its own; it doesn't matter what comes of it.

    Args:
        relay: which it asks.
        gone: whether it has left before the answer.
    """

    def ask() -> None:
        with suppress(Refusal):
            relay.start(OFFER, gone)

    asking = threading.Thread(target=ask)
    asking.start()
    return asking


def test_quit_while_velora_answers__ends_what_it_has_made(
    relay: WhipRelay, endpoint: WhipEndpoint, source: Source
) -> None:
    endpoint.open.clear()
    asking = offer(relay)
    endpoint.wait_for("POST")
    closing = threading.Thread(target=relay.close, args=(5.0,))
    closing.start()
    wait_for(lambda: source.told == ["ended"], "the end")
    endpoint.open.set()
    closing.join()
    assert [asked.path for asked in endpoint.named("DELETE")] == ["/resource/1"]
    asking.join()
    assert source.told == ["ended"]


def test_quit__waits_once_for_all_that_velora_is_to_end(
    relay: WhipRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)

    class Ending:
        waited = 0.0

        def join(self, seconds: float) -> None:
            nonlocal now
            Ending.waited += seconds
            now += seconds

    monkeypatch.setattr(relay, "_endings", [Ending(), Ending(), Ending()])
    relay.close(1.0)
    assert Ending.waited == 1.0


def test_stream_that_ends_before_its_offer__is_not_offered(
    relay: WhipRelay, endpoint: WhipEndpoint, source: Source
) -> None:
    source.meanwhile = lambda: relay.close(0.0)
    with pytest.raises(Refusal):
        relay.start(OFFER)
    assert endpoint.asked == []
    assert source.told == ["ended"]


# -- a tab that is closed before it had an answer --------------------------------------------------


def test_tab_closed_before_the_answer__has_no_stream(
    relay: WhipRelay, endpoint: WhipEndpoint, source: Source
) -> None:
    gone = threading.Event()
    endpoint.open.clear()
    asking = offer(relay, gone.is_set)
    endpoint.wait_for("POST")
    gone.set()
    endpoint.open.set()
    asking.join()
    assert [asked.path for asked in endpoint.wait_for("DELETE")] == ["/resource/1"]
    assert source.told == ["ended"]
    relay.start(OFFER)
    assert source.told == ["ended", "begun"]


def test_next_start__waits_for_no_closed_tab_and_comes_after_its_end(
    relay: WhipRelay, endpoint: WhipEndpoint, source: Source
) -> None:
    gone = threading.Event()
    endpoint.open.clear()
    asking = offer(relay, gone.is_set)
    endpoint.wait_for("POST")
    with pytest.raises(Refusal):
        relay.start(OFFER)  # it may be there still
    gone.set()
    second: list[str] = []
    starting = threading.Thread(target=lambda: second.extend(relay.start(OFFER)))
    starting.start()
    wait_for(lambda: source.told == ["ended"], "the first to be over")
    endpoint.open.set()
    starting.join()
    asking.join()
    assert len(second) == 2
    assert [asked.method for asked in endpoint.asked] == ["POST", "DELETE", "POST"]
    assert source.told == ["ended", "begun"]


# -- several applications --------------------------------------------------------------------------


def test_two_applications__have_one_stream_between_them(
    source: Source, endpoint: WhipEndpoint
) -> None:
    on_air = OnAir()
    first, second = (WhipRelay(source, endpoint.url, on_air) for _ in range(2))
    handle, _ = first.start(OFFER)
    with pytest.raises(Refusal):
        second.start(OFFER)
    assert len(endpoint.asked) == 1
    first.end(handle)
    handle, _ = second.start(OFFER)
    with pytest.raises(Refusal):
        first.start(OFFER)
    second.close(1.0)
    first.start(OFFER)
    first.close(1.0)
