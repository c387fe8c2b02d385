"""A desktop's own keyring: open, locked while OBS starts, locked for good, and slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import AT_ONCE, World
from tests.harness import DesktopKeyring, Display, Obs, wait_until


@pytest.fixture
def keyring(display: Display, tmp_path: Path) -> Iterator[DesktopKeyring]:
    with DesktopKeyring(display, tmp_path / "keyring") as keyring:
        yield keyring


def _secrets_file(world: World) -> Path:
    return world.obs.home / ".config" / "velora-obs" / "secrets.json"


def _sign_in_by_token(world: World) -> Obs:
    """Return the first evening: a token is pasted and OBS configured, all with an open keyring."""
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
    world.open_panel()
    assert "Using the access token you pasted." in world.account_texts()
    assert "OBS will stream to" in world.press("Configure Velora")
    assert "You are signed out" in world.press("Sign out")
    assert world.token not in keyring.secrets()
    world.quit_clean()


_SLOW = """
import json, os, time
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1

    def get_password(self, service, name):
        while not os.path.exists({ready!r}):
            time.sleep(0.05)
        entry = {{"access_token": {token!r}}}
        return {{"index": "a:1", "a.0": json.dumps(entry)}}.get(name)

    def set_password(self, service, name, value):
        pass
"""


def test_slow__nothing_is_said_about_the_sign_in_before_it_has_answered(
    world: World, tmp_path: Path
) -> None:
    modules, ready = tmp_path / "modules", tmp_path / "ready"
    modules.mkdir()
    entry = f"access_token@{world.velora.url}"
    code = _SLOW.format(ready=str(ready), token=world.token).replace('"access_token"', repr(entry))
    (modules / "slow_keyring.py").write_text(code)
    environment = {
        "PYTHONPATH": str(modules),
        "PYTHON_KEYRING_BACKEND": "slow_keyring.Keyring",
    }
    for wait in (False, True):
        ready.unlink(missing_ok=True)
        world.start(token=False, environment=environment, wait_until_loaded=wait)
        texts = world.account_texts()
        said = "Your sign-in can't be read right now." if wait else "Your sign-in is being read …"
        assert said in texts or not wait
        assert "Not signed in." not in texts
        assert "Step 1 of 2" not in " ".join(texts)
        ready.touch()
        wait_until(
            lambda: (
                world.press("Refresh")
                and "Using the access token you pasted." in world.account_texts()
            ),
            what="the sign-in to be taken up",
        )
        world.quit_clean()


def test_locked__obs_goes_on_and_unlocking_is_enough(world: World, keyring: DesktopKeyring) -> None:
    obs = _sign_in_by_token(world)
    world.quit_clean()
    keyring.lock()
    obs.start()
    keyring.wait_for_prompt()
    obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("keyring is locked or busy (it has not answered yet)")
    assert world.updates() == []
    keyring.unlock()
    world.wait_for_log("Velora now has the title “Hello”", timeout=120)
    assert world.updates() == [{"title": "Hello"}]
    obs.stop_stream()
    world.open_panel()
    assert "Using the access token you pasted." in world.account_texts()
    world.quit_clean()


def test_locked__quitting_waits_for_nobody(world: World, keyring: DesktopKeyring) -> None:
    obs = _sign_in_by_token(world)
    world.quit_clean()
    keyring.lock()
    obs.start()
    keyring.wait_for_prompt()
    world.open_panel()
    assert "Your sign-in can't be read right now." in world.account_texts()
    assert "Not signed in." not in world.account_texts()
    assert world.quit_clean().seconds < AT_ONCE
    obs.start()
    keyring.unlock()
    world.open_panel()
    wait_until(
        lambda: (
            world.press("Refresh") and "Using the access token you pasted." in world.account_texts()
        ),
        what="the sign-in to be taken up",
    )
    world.quit_clean()
