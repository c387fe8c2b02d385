"""From OBS to Velora's pages, and a stream that a plugin sends."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.world import World
from tests.harness import Profile, wait_until
from tests.harness.browser import BrowserButton


def test_channel_and_chat__open_in_the_browser(world: World, tmp_path: Path) -> None:
    browser = BrowserButton(tmp_path / "browser")
    world.start(environment=browser.environment, visible_folders=[tmp_path / "browser"])
    site, name = world.velora.url, world.velora.account.username
    chat = f"{site}/dashboard/stream/popout/{name}/obs-chat"
    world.panel.choose("Show", "Account")
    assert f"opens in your browser: {site}/{name}." in world.press("Open my channel")
    assert browser.wait() == f"{site}/{name}"
    assert "Your chat opens in your browser." in world.press("Open chat")
    assert browser.wait(2) == chat
    assert world.panel.text("Chat address") == chat
    world.quit_clean()


def test_by_plugin__velora_is_told_beside_another_platforms_stream(world: World) -> None:
    # The one ingest here is both platforms': what OBS sends stands for what the plugin sends, too.
    account = world.velora.account
    account.viewers = 3
    world.velora.events.there = False
    twitch = {"service": "Twitch", "server": world.rtmp.url, "key": account.stream_key}
    obs = world.start(
        {"title": "Hello", "by_plugin": True, "live_interval": 5},
        profiles=[Profile(service={"type": "rtmp_common", "settings": twitch})],
    )
    before = obs.service_json()
    obs.start_stream()
    world.wait_for_log("Velora now has the title “Hello”")

    def told() -> bool:
        world.panel.press("Refresh")
        return any("with 3 viewers" in text for text in world.panel.texts())

    wait_until(told, what="the viewers", interval=1.0)
    obs.stop_stream()
    world.wait_for_log("Your stream lasted")
    assert obs.service_json() == before
    assert world.velora.journal.find("GET", "/stream/setup") == []
    world.quit_clean()
