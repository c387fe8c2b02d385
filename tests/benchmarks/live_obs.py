"""An OBS that streams, with or without the script, and how many frames it loses meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.world import World, chosen_installation
from tests.harness import Obs, ObsConfig, Profile, SceneCollection, Script

__all__ = ["FrameWatch", "Frames", "circumstances", "make_obs"]

_FPS = 30


def circumstances() -> dict[str, str]:
    """Return what a report says of its run, to be asked for before it: `obs`, `at`, `load`."""
    return {
        "obs": chosen_installation().version_text,
        "at": f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M}",
        "load": Path("/proc/loadavg").read_text().split()[0],
    }


class Frames(NamedTuple):
    """Of a stretch of time."""

    due: int
    missing: int
    """That should have been drawn and were not."""
    skipped: int
    """As OBS counts them."""


class FrameWatch:
    """Counts frames from its creation on."""

    def __init__(self, obs: Obs) -> None:
        self._obs = obs
        self._before = obs.stats()
        self.began = time.monotonic()

    def count(self) -> Frames:
        """Return how it went until now."""
        before, after = self._before, self._obs.stats()
        due = round((time.monotonic() - self.began) * _FPS)
        skipped = after.render_skipped_frames - before.render_skipped_frames
        drawn = after.render_total_frames - before.render_total_frames - skipped
        return Frames(due, max(0, due - drawn), skipped)


def make_obs(
    world: World, home: Path, script: Path | None, presets: Sequence[Mapping[str, Any]] = ()
) -> Obs:
    """Return an OBS that is set up to stream to the world's ingest; nothing is started.

    Args:
        world: has Velora and its ingest.
        home: OBS's, to be made.
        script: that is loaded; None for none.
        presets: that are kept.
    """
    folder = home / ".config" / "velora-obs"
    folder.mkdir(parents=True)
    if presets:
        kept = {"version": 1, "presets": list(presets)}
        (folder / "presets.json").write_text(json.dumps(kept), encoding="utf-8")
    scripts = [Script(script, {"title": "By hand"})] if script else []
    profile = Profile(width=640, height=360, service=world.velora_service(), fps=_FPS)
    return Obs(
        world.display,
        ObsConfig([profile], [SceneCollection(scripts=scripts)]),
        installation=world.installation,
        environment={
            "VELORA_API_URL": world.velora.api_url,
            "VELORA_ACCESS_TOKEN": world.token,
            "PYTHONDONTWRITEBYTECODE": "",
        },
        home=home,
    )
