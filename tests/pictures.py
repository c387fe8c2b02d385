"""Takes the README's pictures in a real OBS: `python -m tests.pictures`, from the top folder.

Run it with the Python of the tests' virtual environment, which `install/test.py` makes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.e2e.world import World
from tests.harness import Display, Profile, available
from tests.simulator import Fault
from tests.stage import ROOT

FOLDER = ROOT / "docs" / "pictures"
WINDOW = (860, 760)
TALL = (860, 1180)


def main() -> int:
    """Returns the exit code."""
    reason = available()
    if reason:
        print(reason)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Display(width=1600, height=1300) as display, tempfile.TemporaryDirectory() as folder:
        with World(display, Path(folder) / "one") as world:
            _first_run_to_live(world)
        with World(display, Path(folder) / "two") as world:
            _trouble(world)
    print(f"The pictures are in {FOLDER}")
    return 0


def _shoot(world: World, name: str, size: tuple[int, int] = WINDOW) -> None:
    world.panel.open("velora_obs.py", size=size)
    world.panel.screenshot(FOLDER / f"{name}.png")


def _first_run_to_live(world: World) -> None:
    account = world.velora.account
    account.stream_key = "live_test_abc123xyz789"
    world.start(token=False)
    _shoot(world, "first-run")
    world.panel.paste("Access token", world.token)
    world.press("Configure Velora")
    _shoot(world, "configured")
    world.press("Refresh")
    world.panel.set_text("Title", "Building a chat bot")
    world.panel.type_in_choice("Category", "Software & Game Development")
    world.panel.add_entry("Tags", "english")
    world.panel.add_entry("Tags", "coding")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.press("Refresh")
    _shoot(world, "live", TALL)
    world.obs.stop_stream()


def _trouble(world: World) -> None:
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.velora.faults.add(Fault.status("GET", "/stream/setup", status=401))
    world.press("Configure Velora")
    _shoot(world, "error")


if __name__ == "__main__":
    sys.exit(main())
