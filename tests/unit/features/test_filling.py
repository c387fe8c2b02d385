"""Chosen values get into the fields and to the running stream, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job
from velora_core.features.filling import Filling, as_settings
from velora_core.storage.preset_content import PresetContent

FULL = StreamSettings(
    title="Hello",
    category="music",
    category_name="Music",
    tags=("a", "b"),
    protocol="srt",
    preset="chosen",
)


class Updater:
    """Stands for `StreamInfoUpdater`: notes what it is to send."""

    def __init__(self) -> None:
        self.has_stream = self.waits = self.in_software = False
        self.asked_at = 7.0
        self.parts: list[tuple[StreamSettings, bool, bool]] = []
        self.hands = 0

    def streaming(self) -> bool:
        return self.in_software

    def by_hand(self) -> None:
        self.hands += 1

    def send_part(self, part: StreamSettings, *, compares: bool, patient: bool) -> Job:
        self.parts.append((part, compares, patient))
        return Job.finished()


class Panel:
    """What the fields hold, and who fills them."""

    def __init__(self) -> None:
        self.settings = FULL
        self.updater = Updater()
        runtime: Any = None
        updater: Any = self.updater
        self.filling = Filling(runtime, updater, settings=lambda: self.settings, edit=self._edit)

    def _edit(self, settings: StreamSettings) -> None:
        self.settings = settings


@pytest.fixture
def panel() -> Panel:
    return Panel()


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (PresetContent(), {}),
        (PresetContent(title="New"), {"title": "New"}),
        (PresetContent(title=""), {"title": ""}),
        (
            PresetContent(category="chess", category_name="Chess"),
            {"category": "chess", "category_name": "Chess"},
        ),
        # The name of the one before is not this one's.
        (PresetContent(category="chess"), {"category": "chess", "category_name": ""}),
        (PresetContent(tags=("c",)), {"tags": ("c",), "tags_on_velora": False}),
        (PresetContent(tags=()), {"tags": (), "tags_on_velora": True}),
    ],
)
def test_fill__touches_only_what_the_content_has(
    panel: Panel, content: PresetContent, changes: dict[str, Any]
) -> None:
    panel.filling.fill(content)
    assert panel.settings == FULL._replace(**changes)
    assert panel.updater.parts == []


def test_fill__keeps_what_was_typed_up_to_that_moment(panel: Panel) -> None:
    panel.settings = FULL._replace(category="typed", category_name="")
    panel.filling.fill(PresetContent(title="New"))
    panel.settings = panel.settings._replace(tags=("typed",))
    panel.filling.fill(PresetContent(title="Newer"))
    expected = FULL._replace(title="Newer", category="typed", category_name="", tags=("typed",))
    assert panel.settings == expected


def test_as_settings__emptied_tags_are_to_be_removed_from_velora() -> None:
    assert as_settings(PresetContent(tags=())).clear_tags
    assert not as_settings(PresetContent(title="x")).clear_tags
    assert not as_settings(PresetContent(tags=("a",))).clear_tags


def test_send__without_a_stream_nothing(panel: Panel) -> None:
    assert panel.filling.send_if_live(PresetContent(title="New")) is None
    assert panel.updater.parts == []


@pytest.mark.parametrize("by_itself", [False, True])
def test_send__only_the_content_and_by_itself_with_patience(panel: Panel, by_itself: bool) -> None:
    panel.updater.has_stream = True
    content = PresetContent(tags=())
    job = panel.filling.send_if_live(content, by_itself=by_itself)
    assert job is not None
    assert panel.updater.parts == [(as_settings(content), not by_itself, by_itself)]
    assert panel.settings == FULL


def test_live__a_pages_stream_is_none_of_the_software(panel: Panel) -> None:
    panel.updater.has_stream = True
    assert (panel.filling.live, panel.filling.software_live) == (True, False)
    panel.updater.in_software = True
    assert panel.filling.software_live


def test_updater__is_asked_each_time(panel: Panel) -> None:
    assert (panel.filling.waits, panel.filling.asked_at) == (False, 7.0)
    panel.updater.waits, panel.updater.asked_at = True, 8.0
    assert (panel.filling.waits, panel.filling.asked_at) == (True, 8.0)
    panel.filling.by_hand()
    assert panel.updater.hands == 1
