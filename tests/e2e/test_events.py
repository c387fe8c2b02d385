"""What Velora pushes shows in a real OBS, and polling takes over where it doesn't push."""

from __future__ import annotations

import time

from tests.e2e.test_live import add_text, live_line, looks, show_on, text_of
from tests.e2e.world import World
from tests.harness import Profile, wait_until
from tests.simulator import Fault

TEMPLATE = "{title}/{category}/{viewers}"
STREAM = ("GET", "/events/stream")


def shows(world: World, text: str, *, timeout: float = 30.0) -> float:
    """Waits until the picture has it; returns the seconds."""
    began = time.monotonic()
    wait_until(
        lambda: text_of(world, "Count") == text,
        what=text,
        timeout=timeout,
        interval=0.02,
        details=lambda: str(text_of(world, "Count")),
    )
    return time.monotonic() - began


def go_live(world: World, interval: int) -> None:
    world.velora.events.keep_alive = 0.2
    world.velora.account.viewers = 7
    world.start(
        {"title": "Hello", "live_interval": interval},
        profiles=[Profile(service=world.velora_service())],
    )
    add_text(world, "Count", "starting soon")
    show_on(world, "Count", TEMPLATE)
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    shows(world, "Hello//7")


def wait_for_connections(world: World, number: int) -> None:
    wait_until(lambda: world.velora.events.open == number, what=f"{number} connections")


def test_change_on_the_website__shows_at_once(world: World) -> None:
    """Velora is asked every ten minutes, so nothing of this can come from there."""
    go_live(world, interval=600)
    account = world.velora.account
    wait_for_connections(world, 1)
    asked = looks(world)
    took = []
    for title, slug, category in (
        ("From the website", "music", "Music"),
        ("And again", "art", "Art"),
    ):
        account.title, account.category_slug = title, slug
        took.append(shows(world, f"{title}/{category}/7"))
    account.viewers = 8
    took.append(shows(world, "And again/Art/8"))
    print(f"shown after {', '.join(f'{seconds:.2f}' for seconds in took)} s")
    assert "with 8 viewers (peak 8, average 7), titled “And again”" in live_line(world)
    # Where connecting took long, it has asked once more for what it may have missed meanwhile.
    assert looks(world) <= asked + 1
    secrets = (world.token, account.stream_key)
    account.title = " ".join(secrets)
    shows(world, f"••••{world.token[-4:]} ••••{account.stream_key[-4:]}/Art/8")
    assert not any(secret in world.panel.dump() + world.obs.log_text() for secret in secrets)
    # A reload in mid-stream cuts the connection, and the next copy makes its own.
    world.panel.reload()
    wait_until(lambda: len(world.velora.journal.find(*STREAM)) == 2, what="another connection")
    wait_for_connections(world, 1)
    account.title = "After the reload"
    shows(world, "After the reload/Art/8")
    world.obs.stop_stream()
    wait_for_connections(world, 0)
    shows(world, "starting soon")
    time.sleep(2)  # longer than the pause before a new connection
    assert len(world.velora.journal.find(*STREAM)) == 2
    world.quit_clean()


def test_nothing_is_pushed__is_polled(world: World) -> None:
    world.velora.faults.add(Fault.status(*STREAM, status=403))
    go_live(world, interval=5)
    world.velora.account.title = "From the website"
    shows(world, "From the website//7")
    world.wait_for_log("is not pushing")
    assert not world.panel.script_log_shown
    world.obs.stop_stream()
    shows(world, "starting soon")
    world.quit_clean()
