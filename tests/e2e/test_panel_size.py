"""The panel in the window that OBS opens: how much there is, and how far away each thing is."""

from __future__ import annotations

import os

import pytest

from tests.e2e.world import World
from tests.harness import Profile
from tests.harness.viewport import Size, Viewport
from tests.simulator import Fault

AS_OBS_OPENS_IT = None
NEWER = os.environ.get("VELORA_TEST_OBS", "") != ""
"""From 30 on the window is larger."""
MAX_FIRST_RUN_VIEWPORTS, MAX_VIEWPORTS = 2.0, 2.5


@pytest.fixture(autouse=True)
def small_window(world: World) -> None:
    world.window_size = AS_OBS_OPENS_IT


def measure(world: World, name: str, figures: dict[str, Size]) -> Viewport:
    viewport = Viewport(world.panel)
    figures[name] = size = viewport.size
    print(f"{name}: {size.viewports:.2f} viewports, {size}")
    assert size.clipped == 0, world.panel.dump()
    return viewport


def test_each_state__fits(world: World) -> None:
    figures: dict[str, Size] = {}
    world.start(token=False)
    panel = world.panel
    viewport = measure(world, "first run", figures)
    assert viewport.notches("Configure Velora") == 0
    assert viewport.notches("Sign in with Velora") == 0
    assert viewport.notches("Access token") <= 1
    assert viewport.click("Sign in with Velora") == 0
    assert viewport.shows_text(world.status)
    measure(world, "an app of one's own", figures)
    address = f"http://localhost:{17653}/"
    assert panel.text("Redirect URI") == address
    assert panel.is_shown_from_its_start("Redirect URI")
    viewport.click("Use an access token")
    panel.paste("Access token", world.token)
    viewport.click("Configure Velora")
    assert viewport.shows_text(world.status)
    assert "OBS will stream to" in world.answer()
    viewport.click("Refresh")
    viewport.to_top()
    measure(world, "set up", figures)
    at_most = 0 if NEWER else 1
    for label in ("Title", "Category", "Update now"):
        viewport.to_top()
        turned = viewport.notches(label)
        print(f"{label}: {turned} notches")
        assert turned <= at_most, label
    for section in ("Stream setup", "Text on screen", "Account", "Stream info"):
        panel.choose("Show", section)
        measure(world, section, figures)
        viewport.to_top()
        assert viewport.shows_text(world.status)
    longest = {"first run": MAX_FIRST_RUN_VIEWPORTS}
    for name, size in figures.items():
        assert size.viewports <= longest.get(name, MAX_VIEWPORTS), name
    world.quit_clean()


def test_each_answer__is_seen_without_scrolling(world: World) -> None:
    world.start(
        {"title": "Hello"},
        profiles=[Profile(service=world.velora_service("live_test_another_key"))],
    )
    panel, viewport = world.panel, Viewport(world.panel)
    panel.press("Configure Velora")
    for section, buttons in {
        "Stream info": ("Refresh", "Update now"),
        "Stream setup": (
            "Check everything",
            "Regenerate stream key",
            "No, keep it",
            "Load from Velora",
            "Configure Velora",
            "Restore previous service",
        ),
        "Account": ("Check everything",),
    }.items():
        panel.choose("Show", section)
        viewport.to_top()
        for button in buttons:
            viewport.click(button)
            assert viewport.shows_text(world.status), f"{button}\n{panel.dump()}"
            if button == "Regenerate stream key":
                assert viewport.notches("Yes, make a new key") == 0
                assert viewport.notches("No, keep it") == 0
    world.quit_clean()


TERRIBLE = (
    "The Legend of Zelda: Breath of the Wild",
    "The Legend of Zelda: Tears of the Kingdom",
    "W" * 200,
    "أسطورة زيلدا: أنفاس البرية ودموع المملكة",
    "ゼルダの伝説 ブレス オブ ザ ワイルド",
    "🎮" * 40,
)


def test_names_of_any_length__widen_nothing(world: World) -> None:
    account = world.velora.account
    account.title = "W" * 140
    listed = [
        {"slug": f"c-{number}", "name": name, "imageUrl": None}
        for number, name in enumerate(TERRIBLE)
    ]
    world.velora.faults.add(
        Fault.answer("GET", "/stream/categories", _json({"categories": listed}))
    )
    service = world.velora_service("live_test_another_key")
    service["settings"]["server"] = f"rtmp://{'w' * 120}.test/live"
    world.start({"title": "W" * 141}, profiles=[Profile(service=service)])
    panel = world.panel
    for name in TERRIBLE[:3]:
        world.obs.request(
            "CreateInput",
            {
                "sceneName": "Scene",
                "inputName": name,
                "inputKind": "text_ft2_source_v2",
                "inputSettings": {"text": ""},
            },
        )
    figures: dict[str, Size] = {}
    for button in ("Refresh", "Configure Velora", "Load from Velora"):
        world.press(button)
        measure(world, button, figures)
    panel.choose("Show", "Stream info")
    items = panel.items("Category")
    assert len(set(items)) == len(items)
    measure(world, "terrible categories", figures)
    panel.choose("Show", "Text on screen")
    assert len(set(panel.items("Text source"))) == 4
    measure(world, "terrible sources", figures)
    world.quit_clean()


def _json(content: object) -> bytes:
    import json

    return json.dumps(content).encode()
