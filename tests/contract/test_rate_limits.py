"""Polling and the sandbox's limit of 30 requests a minute, over real HTTP."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.simulator import Simulator
from tests.simulator.limits import SANDBOX
from velora_core import Transport, VeloraClient, errors
from velora_core.api.endpoints import Endpoints


def connect(velora: Simulator) -> tuple[Transport, VeloraClient]:
    transport = Transport()
    endpoints = Endpoints.at(velora.api_url)
    return transport, VeloraClient(velora.issue_token(), endpoints=endpoints, transport=transport)


def poll(transport: Transport, client: VeloraClient) -> int:
    """Ask as often as is permitted without waiting; return how often that was."""
    asked = 0
    while transport.rate_limit.pause() == 0.0:
        client.get_stream_info()
        asked += 1
    return asked


def test_polling__leaves_room_for_the_streamer(velora: Simulator) -> None:
    velora.rate_limit.per_minute = SANDBOX
    transport, client = connect(velora)
    asked = poll(transport, client)
    assert 10 <= asked <= 20
    for number in range(10):
        client.update_stream_info(title=f"Title {number}")
    assert all(request.status == 200 for request in velora.journal.find("GET", "/stream/info"))
    assert velora.account.title == "Title 9"


def test_polling__shares_the_limit_with_another_program(velora: Simulator) -> None:
    """Only the headers tell that somebody else asks as well."""
    velora.rate_limit.per_minute = SANDBOX
    for _ in range(15):
        connect(velora)[1].get_categories()
    transport, client = connect(velora)
    assert poll(transport, client) <= 6
    client.update_stream_info(title="Still possible")


@pytest.mark.parametrize("says_when", ["seconds", "date", "not"])
def test_refused__polling_waits_until_velora_takes_requests_again(
    velora: Simulator, says_when: Literal["seconds", "date", "not"]
) -> None:
    velora.rate_limit.per_minute = 1
    velora.rate_limit.says_when = says_when
    transport, client = connect(velora)
    client.get_categories()
    with pytest.raises(errors.RateLimited):
        client.get_stream_info()
    assert 50.0 <= transport.rate_limit.pause() <= 61.0
