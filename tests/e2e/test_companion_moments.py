"""What happens in a real OBS while its companion waits for something: for Velora, or for OBS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.companion import KEY, OWN, Companion, PageOf, started
from tests.e2e.world import chosen_installation
from tests.harness import BrowserButton, Display, Obs, ObsConfig, Profile, RtmpIngest, wait_until
from tests.harness.srt_gate import SrtGate
from tests.simulator import Fault, Simulator

BY_HAND = {**OWN["settings"], "server": "rtmp://hand.test/app", "key": "live_test_by_hand"}


class Beside(NamedTuple):
    """A companion beside an OBS with two profiles.

    Attributes:
        url: where Velora takes streams.
        button: opens the companion's page.
    """

    obs: Obs
    companion: Companion
    velora: Simulator
    url: str
    button: BrowserButton


@pytest.fixture(scope="module")
def beside(display: Display, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    home = tmp_path_factory.mktemp("home")
    button = BrowserButton(home / "browser")
    config = ObsConfig(profiles=[Profile(service=OWN), Profile("Other", service=OWN)])
    with (
        Simulator() as velora,
        Obs(display, config, installation=chosen_installation()) as obs,
        Companion(velora, home, obs.websocket_port, **button.environment) as companion,
    ):
        velora.account.stream_key = KEY
        companion.hears("is connected to OBS")
        yield Beside(obs, companion, velora, velora.account.rtmp_url, button)
        obs.kill()  # the last test leaves a message of its own open


@contextmanager
def in_mid_configure(companion: Companion, velora: Simulator) -> Iterator[None]:
    """The companion has looked how OBS is set up, and Velora answers at the end."""
    asked, answered = threading.Event(), threading.Event()

    def act(_: object, end: threading.Event) -> bool:
        asked.set()
        while not (end.is_set() or answered.wait(0.05)):
            pass
        return False

    velora.faults.add(Fault("GET", "/stream/setup", act))
    companion.type("configure")
    wait_until(asked.is_set, what="the question how to stream to Velora")
    companion.enter("title Meanwhile", "noted")
    try:
        yield
    finally:
        answered.set()
        velora.faults.clear()


def test_key_by_hand_or_another_profile_in_mid_configure__nothing_is_lost(beside: Beside) -> None:
    obs, companion, velora, url, button = beside
    by_hand = {"type": OWN["type"], "settings": BY_HAND}
    with in_mid_configure(companion, velora):
        data = {"streamServiceType": by_hand["type"], "streamServiceSettings": BY_HAND}
        obs.request("SetStreamServiceSettings", data)
    companion.hears(f"will stream to {url}")
    assert obs.request("GetStreamServiceSettings")["streamServiceSettings"]["key"] == KEY
    companion.enter("restore", "rtmp://hand.test/app")
    assert obs.service_json() == by_hand
    companion.enter("page", "opens as a page")
    page = PageOf(button.wait())
    with in_mid_configure(companion, velora):
        assert page.offers_service()
        obs.switch_profile("Other")
        wait_until(lambda: not page.offers_service(), what="the other profile")
    companion.hears("You switched to the profile “Other”")
    assert obs.service_json("Other") == OWN
    assert obs.service_json("Main") == by_hand


def test_start_that_obs_refuses__is_over_within_seconds(beside: Beside) -> None:
    obs, companion, _, url, _ = beside
    companion.enter("configure", f"will stream to {url}")
    for name, value in (("UseAdvanced", "true"), ("x264Settings", "cqmfile=/none")):
        parameter = {"parameterCategory": "SimpleOutput", "parameterName": name}
        obs.request("SetProfileParameter", {**parameter, "parameterValue": value})
    obs.start_stream(wait=False)
    companion.hears("has not started streaming yet, although it has the right address")
    companion.enter("configure", f"will stream to {url}")
    assert "failed to start" in obs.log_text()


def test_srt_that_is_refused__rtmp_by_what_is_typed(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    with (
        SrtGate(lambda _: False) as gate,
        started(display, OWN) as obs,
        Companion(velora, tmp_path, obs.websocket_port) as companion,
    ):
        velora.account.srt_url = gate.url
        companion.hears("is connected to OBS")
        companion.enter("protocol srt", "noted")
        companion.enter("configure", "will stream to srt://")
        obs.start_stream(wait=False)
        companion.hears("Enter use-rtmp, or try another SRT stream id")
        companion.enter("use-rtmp", f"will stream to {rtmp.url}")
        obs.start_stream()
        assert rtmp.wait_for_media().key == KEY
        obs.kill()  # OBS may still show what it said of the refusal
