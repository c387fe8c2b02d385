"""Velora is dead, slow or says no: the stream goes live all the same, and the panel says why."""

from __future__ import annotations

import time

import pytest

from tests.e2e.world import AT_ONCE, SCRIPT, World
from tests.harness import Profile, SceneCollection
from tests.ports import free_port
from tests.simulator import Fault

UPDATE = ("PUT", "/stream/info")
NOT_AFFECTED = "Your stream is not affected"


def test_a_dead_api(world: World) -> None:
    service = Profile(service=world.velora_service())
    dead = f"http://127.0.0.1:{free_port()}/api/integrations/oauth"
    world.start({"title": "Hello"}, profiles=[service], environment={"VELORA_API_URL": dead})
    world.wait_for_log("can't be reached")  # of the opened panel: a start would make it give way
    world.stream()
    assert "Velora can't be reached" in world.press("Configure Velora")
    world.quit_clean()


def test_a_hanging_api(world: World) -> None:
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.press("Configure Velora")
    world.velora.faults.add(Fault.hang(*UPDATE))
    world.stream(1.0)
    assert world.rtmp.probe().video_frames > 20
    assert world.panel.press("Update now") < AT_ONCE  # bounded, though nobody answers
    assert "Velora has not answered yet" in world.status
    report = world.quit_clean()
    assert report.seconds < AT_ONCE


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "does not accept your access token"),
        (403, "lacks the permission stream:write"),
        (400, "Velora refused the request (400)"),
    ],
)
def test_velora_says_no(world: World, status: int, sentence: str) -> None:
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.press("Configure Velora")
    world.velora.faults.add(Fault.status(*UPDATE, status=status))
    world.stream(until=lambda: any(sentence in line for line in world.log()))
    world.wait_for_script_log()  # a warning that OBS puts before the streamer's eyes
    assert len(world.updates()) == 1  # and it isn't asked again and again
    world.quit_clean()


@pytest.mark.parametrize("slow", ["success", "failure"])
def test_a_slow_answer__is_what_the_next_press_shows(world: World, slow: str) -> None:
    """The panel says "press Refresh in a moment to see the answer"; and there it is."""
    setup = ("GET", "/stream/setup")
    world.start()
    world.press("Refresh")
    late = Fault.latency(*setup, seconds=3.0)
    if slow == "failure":
        refusal = Fault.status(*setup, status=403)
        late.act = lambda connection, end: end.wait(3.0) or refusal.act(connection, end)
    world.velora.faults.add(late)
    assert "press Refresh in a moment" in world.press("Configure Velora", patient=False)
    expected = {"success": "OBS will stream to", "failure": "lacks the permission stream:key"}
    world.wait_for_log(expected[slow])
    first, second = world.press("Refresh").splitlines()
    assert expected[slow] in first
    assert second.startswith("You are offline (as of ")
    assert second.endswith("). Velora has no title and no category.")
    again = world.press("Refresh")  # perhaps a minute later by the clock
    assert again.startswith("You are offline (as of ")
    assert again.endswith("). Velora has no title and no category.")
    assert "\n" not in again
    world.quit_clean()


@pytest.mark.parametrize("category", ["no-such-category", "No such category"])
def test_an_unknown_category__keeps_the_title_from_nobody(world: World, category: str) -> None:
    world.start(
        {"title": "Hello", "category": category},
        profiles=[Profile(service=world.velora_service())],
    )
    world.press("Configure Velora")
    sent = "Everything else was sent: Velora now has the title “Hello”."
    world.stream(until=lambda: any(sent in line for line in world.log()))
    [line] = [item for item in world.log() if f"no category “{category}”" in item]
    assert line.startswith(f"Velora has no category “{category}”")  # the cause first
    world.wait_for_script_log()
    assert world.velora.account.title == "Hello"
    assert len(world.updates()) == 1 + (category == "no-such-category")
    world.quit_clean()


def test_a_short_outage__is_overcome_while_the_stream_lives(world: World) -> None:
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.press("Configure Velora")
    world.velora.faults.add(Fault.status(*UPDATE, status=503, count=3))
    world.obs.start_stream()
    world.wait_for_log("trying again in 5 seconds")
    world.wait_for_log("Velora now has the title “Hello”", timeout=120)
    assert world.velora.account.title == "Hello"
    warnings = [line for line in world.log() if NOT_AFFECTED in line]
    assert len(warnings) == 1
    world.obs.stop_stream()
    world.quit_clean()


def test_an_outage_across_a_switch_of_the_scenes__is_overcome(world: World) -> None:
    """OBS unloads the script with the scenes, and with them whatever was still to be sent."""
    world.start(
        {"title": "Hello"},
        profiles=[Profile(service=world.velora_service())],
        more_collections=[SceneCollection("Other", colour=None)],
    )
    world.velora.faults.add(Fault.status(*UPDATE, status=503))
    world.obs.start_stream()
    world.wait_for_log("trying again in 5 seconds")
    world.obs.switch_collection("Other")
    world.velora.faults.clear()
    assert 200 not in [request.status for request in world.velora.journal.find(*UPDATE)]
    world.obs.switch_collection("Main")
    world.wait_for_log("Velora now has the title “Hello”.")
    world.obs.stop_stream()
    world.quit_clean(leaks=3)


def test_an_outage__of_the_stream_before_is_not_overcome_in_the_next(world: World) -> None:
    world.start(
        {"title": "Hello"},
        profiles=[Profile(service=world.velora_service())],
        more_collections=[SceneCollection("Other", colour=None)],
    )
    world.velora.faults.add(Fault.status(*UPDATE, status=503))
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("trying again in 5 seconds")
    time.sleep(2.0)
    world.obs.switch_collection("Other")
    world.velora.faults.clear()
    world.obs.stop_stream()
    world.rtmp.wait_for_end()
    before = len(world.updates())
    world.obs.start_stream()
    world.obs.switch_collection("Main")
    world.panel.select(SCRIPT)
    world.press("Refresh")  # once that is answered, an update would have been sent
    assert len(world.updates()) == before
    world.obs.stop_stream()
    world.quit_clean(leaks=3)


def test_retries_end_with_the_stream(world: World) -> None:
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.press("Configure Velora")
    world.velora.faults.add(Fault.status(*UPDATE, status=503))
    world.obs.start_stream()
    world.wait_for_log("trying again in 5 seconds")
    world.obs.stop_stream()
    before = len(world.updates())
    time.sleep(7)
    assert len(world.updates()) == before
    world.quit_clean()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://api.velora.tv/x", "must be https://"),
        ("https://me:secret@api.velora.tv/x", "user name or password"),
        ("api.velora.tv/x", "must start with https://"),
    ],
)
def test_a_bad_api_url(world: World, address: str, sentence: str) -> None:
    service = world.velora_service()
    world.start(profiles=[Profile(service=service)], environment={"VELORA_API_URL": address})
    assert sentence in world.press("Configure Velora")
    assert world.obs.service_json() == service
    assert "secret@" not in world.obs.log_text()
    world.quit_clean()
