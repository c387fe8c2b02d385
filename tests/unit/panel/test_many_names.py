"""A panel with two thousand categories and hundreds of presets, as it is built at a keystroke."""

from __future__ import annotations

import threading

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import FakeVelora, run
from velora_core.api.models import Category
from velora_core.app.categories import KnownCategories
from velora_core.app.state import State, StreamSettings
from velora_core.application import Application
from velora_core.messages import labels
from velora_core.panel.build import build_panel
from velora_core.panel.facts import Facts
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import Preset

FOUND = tuple(Category(f"f-{n}", f"The Legend of Zelda, number {n}") for n in range(2_000))
PRESETS = tuple(
    Preset(f"{n:032x}", f"My preset for evening {n}", PresetContent()) for n in range(200)
)
SOURCES = tuple(f"A text source in my scenes {n}" for n in range(100))


@pytest.fixture
def cutters(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The thread of each time that a name was shortened."""
    cut, threads = labels.cut, list[threading.Thread]()

    def noted(text: str, width: int) -> str:
        if text:
            threads.append(threading.current_thread())
        return cut(text, width)

    monkeypatch.setattr(labels, "cut", noted)
    return threads


def test_keystroke__shortens_no_name_anew(cutters: list[threading.Thread]) -> None:
    state = State("", known=KnownCategories(found=FOUND), presets=PRESETS)
    facts = Facts(text_sources=SOURCES)
    build_panel(state, StreamSettings(), facts)
    cutters.clear()
    built = build_panel(state._replace(status="Later."), StreamSettings(title="H"), facts)
    assert len(built.find("category_entry").options) == len(FOUND) + 1
    assert len(built.find("preset").options) == len(PRESETS) + 1
    assert cutters == []


def test_keystroke__compares_no_category_with_what_it_was(mocker: MockerFixture) -> None:
    state = State("", known=KnownCategories(found=FOUND[:10]))
    build_panel(state, StreamSettings(), Facts())
    compared = mocker.patch("velora_core.app.categories._choices")
    build_panel(state._replace(status="Later."), StreamSettings(title="H"), Facts())
    assert compared.mock_calls == []


def test_categories__are_put_in_order_by_the_worker(
    app: Application, velora: FakeVelora, cutters: list[threading.Thread]
) -> None:
    velora.categories = FOUND[:300]
    run(app, app.actions.refresh())
    assert len(app.panel().find("category_entry").options) == 301
    assert cutters
    assert threading.current_thread() not in cutters
