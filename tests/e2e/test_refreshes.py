"""The short version of `python -m tests.soak.refreshes`, of which each OBS has a share."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import AT_ONCE
from tests.harness import Display
from tests.soak.plan import ACTS, DELAYS, plan
from tests.soak.quits import Quits

_VERSIONS = ["", "30", "32"]  # as `VELORA_TEST_OBS` names them


@pytest.fixture
def world(display: Display, tmp_path: Path) -> Iterator[Quits]:
    with Quits(display, tmp_path) as world:
        yield world


def test_a_refresh_under_way__survives_what_is_done_to_obs(world: Quits) -> None:
    seed = secrets.randbelow(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    acts = ACTS[_VERSIONS.index(os.environ.get("VELORA_TEST_OBS", "")) :: len(_VERSIONS)]
    world.open()
    outcomes = [world.live_through(moment) for moment in plan(len(acts) * len(DELAYS), seed, acts)]
    assert [str(outcome) for outcome in outcomes if outcome.bad] == []
    world.again()


def test_quitting_in_a_refresh_that_is_never_answered__ends_all_the_same(world: Quits) -> None:
    world.open()
    world.hanging_refresh()
    assert world.again() < 2.0 + AT_ONCE
    assert world.good()  # Velora has not taken the refresh token, and so it is kept
