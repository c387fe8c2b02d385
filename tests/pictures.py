"""Takes the documents' pictures in a real OBS, and puts them into docs/pictures.

    .cache/venv-3.11/bin/python -m tests.pictures

In OBS 32 and in OBS 29 (their names end in ``-29``), with the Scripts window as OBS opens it. Run
it with the Python of the tests' virtual environment, which `tests/run.py` makes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.command_pictures import take_command_pictures
from tests.e2e.test_sign_in import SignInWorld
from tests.e2e.world import World
from tests.harness import Browser, Display, available
from tests.harness.whip_server import WhipServer
from tests.host_pictures import take_host_pictures
from tests.page.driver import PageBrowser
from tests.page.stand_in import StandIn
from tests.page.states import STATES
from tests.page.studio import ALLOWED, MEDIA, open_studio
from tests.stage import ROOT
from tests.tooling.command import command_parser
from velora_core.api.models import StreamInfo

FOLDER = ROOT / "docs" / "pictures"
VERSIONS = {"32": "", "": "-29"}
"""What follows a picture's name, by what `VELORA_TEST_OBS` says."""


def main() -> int:
    """Return the exit code."""
    command_parser("tests.pictures", __doc__).parse_args()
    reason = available()
    if reason:
        print(reason)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for version in VERSIONS:
        os.environ["VELORA_TEST_OBS"] = version
        with Display(width=1600, height=1000) as display, tempfile.TemporaryDirectory() as folder:
            with World(display, Path(folder) / "one") as world:
                _first_run_to_live(world)
            with World(display, Path(folder) / "two") as world:
                _trouble(world)
            with World(display, Path(folder) / "four") as world:
                _presets(world, Path(folder) / "home")
            with SignInWorld(display, Path(folder) / "three") as world, Browser() as browser:
                _signed_in(world, browser)
    _page()
    _stream()
    take_host_pictures(FOLDER)
    take_command_pictures(FOLDER)
    print(f"The pictures are in {FOLDER}")
    return 0


def _shoot(world: World, name: str) -> None:
    time.sleep(0.3)  # the view may still be being built
    suffix = VERSIONS[os.environ["VELORA_TEST_OBS"]]
    world.panel.screenshot(FOLDER / f"{name}{suffix}.png")


def _first_run_to_live(world: World) -> None:
    world.window_size = None
    account = world.velora.account
    account.stream_key = "live_test_abc123xyz789"
    account.viewers = 42
    world.start({"live_interval": 5}, token=False)
    _shoot(world, "first-run")
    world.panel.paste("Access token", world.token)
    world.press("Configure Velora")
    if world.panel.choice("Show") != "Stream info":  # where the press was made from
        world.panel.choose("Show", "Stream info")
    _shoot(world, "configured")
    world.press("Refresh")
    world.panel.set_text("Title", "Building a chat bot")
    world.panel.type_in_choice("Category", "Software & Game Development")
    world.panel.set_text("Tags", "english, coding")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("Velora now has")
    time.sleep(9)
    world.press("Refresh")
    world.press("Update now")  # whose answer is the shorter one
    _shoot(world, "live")
    world.obs.stop_stream()
    world.press("Regenerate stream key")
    _shoot(world, "regenerate")
    world.press("No, keep it")


def _presets(world: World, home: Path) -> None:
    """Take that of presets, as they are used each day."""
    world.window_size = None
    folder = home / ".config" / "velora-obs"
    folder.mkdir(parents=True)
    evening = {"id": "a", "name": "Evening run 🌙", "title": "Evening run, day {count}"}
    chess = {"id": "b", "name": "Chess", "title": "Chess with you", "tags": ["chess", "english"]}
    kept = {"version": 1, "presets": [evening, chess]}
    (folder / "presets.json").write_text(json.dumps(kept), encoding="utf-8")
    world.start(home=home)
    world.panel.choose("Preset", "Chess")
    world.press("Apply")
    _shoot(world, "presets")


def _signed_in(world: SignInWorld, browser: Browser) -> None:
    world.window_size = None
    world.open()
    world.sign_in(browser)
    world.redraw()
    _shoot(world, "signed-in")


def _page() -> None:
    """Take those of the page, live: as a dock, dark, and wide, light."""
    with StandIn(STATES["live"]) as program, PageBrowser() as browser:
        for name, width, scheme in (("dock", 300, "dark"), ("page", 1000, "light")):
            browser.prefer(scheme)
            browser.show(program.address, width=width, height=600)
            browser.run("window.scrollTo(0, 0)")
            browser.screenshot(FOLDER / f"{name}.png", width=width)


def _stream() -> None:
    """Take that of the page that streams by itself, while it does."""
    with (
        tempfile.TemporaryDirectory() as folder,
        WhipServer() as whip,
        PageBrowser(*MEDIA, ALLOWED) as browser,
        open_studio(browser, whip, Path(folder)) as studio,
    ):
        browser.prefer("dark")
        studio.app.edit({"title": "Evening run, any%", "tags_entry": "speedrun, chill"})
        status = StreamInfo("Evening run, any%", None, None, is_live=True, viewer_count=42)
        studio.velora.info = status
        studio.go_live()
        studio.wait(lambda: "42" in browser.text() and whip.frames > 60, "the viewers")
        browser.screenshot(FOLDER / "stream.png", width=900)


def _trouble(world: World) -> None:
    """Take the one of a token that Velora refuses, as its owner pastes it."""
    world.window_size = None
    world.start({"title": "Hello"}, token=False)
    world.panel.paste("Access token", "test_token_of_last_year")
    world.press("Configure Velora")
    _shoot(world, "error")


if __name__ == "__main__":
    sys.exit(main())
