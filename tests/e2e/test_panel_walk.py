"""Whatever is pressed and whatever happens, the panel of a real OBS says nothing that isn't so.

`python -m tests.soak.panel_walk` goes on for a thousand steps.
"""

from __future__ import annotations

from tests.e2e.panel_walk import PanelWalk
from tests.e2e.world import World

STEPS = 25


def test_walk__no_contradiction(world: World) -> None:
    walk = PanelWalk(world, seed=7)
    walk.begin()
    for _ in range(STEPS):
        walk.step()
    walk.end()
    assert world.obs.exceptions() == []
