"""Whatever is pressed and whatever happens, the panel of a real OBS says nothing that isn't so."""

from __future__ import annotations

from tests.e2e.panel_walk import PanelWalk
from tests.e2e.world import World
from tests.harness import Profile

STEPS = 25


def test_walk__no_contradiction(world: World) -> None:
    world.start(
        {"title": "Hello", "by_plugin": True, "live_interval": 5},
        profiles=[Profile(service=world.velora_service())],
    )
    world.press("Refresh")
    walk = PanelWalk(world, seed=7)
    for _ in range(STEPS):
        walk.step()
    walk.end()
    assert world.obs.exceptions() == []
