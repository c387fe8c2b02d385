"""A desktop's own keyring: open, locked while OBS starts, and locked for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import World
from tests.harness import DesktopKeyring, Display, Obs, wait_until


@pytest.fixture
def keyring(display: Display, tmp_path: Path) -> Iterator[DesktopKeyring]:
    with DesktopKeyring(display, tmp_path / "keyring") as keyring:
        yield keyring


def _secrets_file(world: World) -> Path:
    return world.obs.home / ".config" / "velora-obs" / "secrets.json"


def _sign_in_by_token(world: World) -> Obs:
    """The first evening: a token is pasted and OBS configured, all with an open keyring."""
    obs = world.start({"title": "Hello"}, token=False, environment=DesktopKeyring.BACKEND)
    world.panel.paste("Access token", world.token)
    assert "OBS will stream to" in world.press("Configure Velora")
    return obs


def test_open__has_the_secrets_and_no_file_does(world: World, keyring: DesktopKeyring) -> None:
    obs = _sign_in_by_token(world)
    assert world.token in keyring.secrets()
    assert not _secrets_file(world).exists()
    world.quit_clean()
    obs.start()
    world.panel.open("velora_obs.py")
    assert "Using the access token you pasted." in world.panel.texts()
    assert "OBS will stream to" in world.press("Configure Velora")
    assert "You are signed out" in world.press("Sign out")
    assert world.token not in keyring.secrets()
    world.quit_clean()


def test_locked__obs_goes_on_and_unlocking_is_enough(world: World, keyring: DesktopKeyring) -> None:
    obs = _sign_in_by_token(world)
    world.quit_clean()
    keyring.lock()
    obs.start()
    keyring.wait_for_prompt()
    obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("keyring is closed (it waits for your answer)")
    assert world.updates() == []
    keyring.unlock()
    world.wait_for_log("Velora now has the title “Hello”")
    assert world.updates() == [{"title": "Hello"}]
    obs.stop_stream()
    world.panel.open("velora_obs.py")
    assert "Using the access token you pasted." in world.panel.texts()
    world.quit_clean()


def test_locked__quitting_waits_for_nobody(world: World, keyring: DesktopKeyring) -> None:
    obs = _sign_in_by_token(world)
    world.quit_clean()
    keyring.lock()
    obs.start()
    keyring.wait_for_prompt()
    assert world.quit_clean().seconds < 5
    obs.start()
    keyring.unlock()
    world.panel.open("velora_obs.py")
    wait_until(
        lambda: (
            world.press("Refresh") and "Using the access token you pasted." in world.panel.texts()
        ),
        what="the sign-in to be taken up",
    )
    world.quit_clean()
