"""Copying the address and the stream key for a plugin, onto the screen's own clipboard."""

from __future__ import annotations

from tests.e2e.world import World
from tests.harness import wait_until


def test_address_and_key__reach_the_clipboard_and_the_key_leaves_it(world: World) -> None:
    key = world.velora.account.stream_key
    world.start({"by_plugin": True})
    clipboard = world.display.clipboard_text

    def holds(text: str) -> None:
        """Wait for it: the program that copies may get the clipboard after it has ended."""
        wait_until(
            lambda: clipboard() == text, what=f"{text!r} on the clipboard", details=clipboard
        )

    world.panel.choose("Show", "Stream setup")
    said = world.press("Copy address")
    if "no program that can copy" in said:  # a chroot may have none, and then this is the answer
        assert "install wl-clipboard or xclip" in said
        world.quit_clean()
        return
    assert (
        said == f"Velora's address {world.rtmp.url} is on the clipboard: paste it into your plugin."
    )
    holds(world.rtmp.url)
    assert "can stream as you" in world.press("Copy stream key")
    assert clipboard() == world.rtmp.url
    assert "is on the clipboard for 30 seconds" in world.press("Yes, copy it")
    holds(key)
    assert key not in world.panel.dump()
    world.quit_clean()
    holds("")
    assert key not in world.obs.log_text()
