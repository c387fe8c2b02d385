"""Runs the main job before your eyes: a real OBS, set up for Velora in one click, goes live.

Nothing leaves this computer: Velora is the simulator of the tests, and the stream goes to an ingest
on loopback. Usage: python3 install/demo.py [--picture FILE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.tooling import environment
from tests.tooling.environment import CACHE, CannotPrepare, say

TITLE = "Hello from a real OBS"
CATEGORY_NAME, CATEGORY_SLUG = "Music", "music"
TAGS = ["english", "first-stream"]
SECONDS_LIVE = 4.0


def main() -> int:
    """Return the exit code: 0 when everything was as promised, 1 when not, 2 without an OBS."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = CACHE / "demo" / "panel.png"
    parser.add_argument("--picture", type=Path, default=default, help="where the screenshot goes")
    arguments = parser.parse_args()
    try:
        no_obs = environment.enter(__file__, sys.argv[1:])
    except CannotPrepare as error:
        say(str(error))
        return 1
    if no_obs:
        say(no_obs)
        return 2
    return _Demo(arguments.picture.resolve()).run()


class _Demo:
    def __init__(self, picture: Path) -> None:
        self._picture = picture
        self._number = 0
        self._wrong: list[str] = []

    def _step(self, text: str) -> None:
        self._number += 1
        say(f"\n{self._number}. {text}")

    def _check(self, right: bool, what: str) -> None:
        say(f"   {'ok   ' if right else 'WRONG'} {what}")
        if not right:
            self._wrong.append(what)

    def run(self) -> int:
        import time

        from tests.harness import (
            Display,
            Obs,
            ObsConfig,
            RtmpIngest,
            SceneCollection,
            Script,
        )
        from tests.simulator import Simulator
        from tests.stage import stage_script

        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="velora-demo-")))

            self._step("Starting a Velora and its ingest on this computer …")
            velora = stack.enter_context(Simulator())
            ingest = stack.enter_context(
                RtmpIngest(
                    on_publish=f"{velora.url}/_ingest/publish",
                    on_publish_done=f"{velora.url}/_ingest/publish_done",
                )
            )
            velora.account.rtmp_url = ingest.url
            token = velora.issue_token()
            say(f"   API at {velora.api_url}, ingest at {ingest.url}")

            self._step("Starting a fresh OBS with the script loaded …")
            script = stage_script(folder / "Velora")
            collection = SceneCollection(scripts=[Script(script)])
            config = ObsConfig(collections=[collection], preview=True)
            obs = stack.enter_context(
                Obs(
                    stack.enter_context(Display()),
                    config,
                    environment={"VELORA_API_URL": velora.api_url},
                )
            )
            version = ".".join(map(str, obs.installation.version))
            say(f"   OBS {version} is up after {obs.start_seconds:.1f} s")

            self._step(
                "Tools → Scripts → velora_obs.py: pasting the token, pressing Configure Velora"
            )
            panel = obs.panel
            panel.open("velora_obs.py")
            panel.paste("Access token", token)
            panel.press("Configure Velora")
            status = panel.texts()[0]
            say(f"   The panel says: {status}")
            service = obs.service_json() or {}
            settings = service.get("settings", {})
            key = velora.account.stream_key
            self._check(settings.get("server") == ingest.url, f"OBS's server is {ingest.url}")
            self._check(
                settings.get("key") == key, f"OBS's stream key is Velora's (ends in {key[-4:]})"
            )
            self._check(key not in status and ingest.url in status, "and the panel keeps it secret")

            self._step("Entering title, category and tags")
            panel.press("Refresh")
            panel.set_text("Title", TITLE)
            panel.type_in_choice("Category", CATEGORY_NAME)
            panel.set_text("Tags", ", ".join(TAGS))

            self._step("Pressing Start Streaming …")
            velora.journal.clear()
            obs.start_stream()
            first_media = ingest.wait_for_media().first_media_at or 0.0
            before = obs.stats()
            time.sleep(SECONDS_LIVE)
            after = obs.stats()
            updates = velora.journal.find("PUT", "/stream/info")
            for update in updates:
                say(f"   Velora received: {update.json}")
            expected = {"title": TITLE, "categorySlug": CATEGORY_SLUG, "tags": TAGS}
            self._check([update.json for update in updates] == [expected], "once, and exactly that")
            if updates:
                early = first_media - updates[0].monotonic
                self._check(early > 0, f"{early * 1000:.0f} ms before the first picture")
            self._check(velora.account.is_live, "Velora shows the channel as live")
            panel.press("Refresh")
            say(f"   The panel says: {panel.texts()[0]}")
            self._picture.parent.mkdir(parents=True, exist_ok=True)
            panel.screenshot(self._picture)

            self._step("Stopping the stream and quitting OBS …")
            obs.stop_stream()
            ingest.wait_for_end()
            probe = ingest.probe()
            self._check(ingest.keys == [key], "the ingest was given the right key")
            self._check(
                probe.video_frames > 30,
                f"and {probe.video_frames} frames of {probe.video_codec} "
                f"{probe.width}×{probe.height}",
            )
            frames = after.render_total_frames - before.render_total_frames
            skipped = after.render_skipped_frames - before.render_skipped_frames
            say(f"   OBS skipped {skipped} of {frames} frames while it was live")
            exceptions = obs.exceptions()
            report = obs.quit()
            self._check(not exceptions, "no exception in OBS's log")
            self._check(report.exit_code == 0, f"OBS quit in {report.seconds:.1f} s")
            saved = str(obs.collection_json())
            self._check(token not in saved and key not in saved, "nothing secret with the scenes")

        say(f"\nA picture of the panel is in {self._picture}")
        if self._wrong:
            say(f"{len(self._wrong)} of the checks went wrong.")
            return 1
        say("Everything was as promised.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
