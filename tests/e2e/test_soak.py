"""The short version of `python -m tests.soak`: a season in a minute."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.harness import Display
from tests.soak.soak import Plan, Soak


def test_a_short_season(display: Display, tmp_path: Path) -> None:
    seed = secrets.randbelow(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    plan = Plan(streams=10, reloads=6, collection_switches=6, profile_switches=4, seed=seed)
    with Soak(display, tmp_path, plan) as soak:
        season = soak.run()
    assert season.problems == []
