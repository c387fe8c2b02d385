"""Presets in the fields, and on their way to a running stream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run
from tests.unit.features.live import go_live_and_update, update_clock
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore

FULL = StreamSettings(title=" Hello ", category="Music", tags=("a", " A", "b"))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return update_clock(monkeypatch)


@pytest.fixture
def app(make: Any, host: FakeHost) -> Application:
    """Configured for Velora, with categories known."""
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.settings = FULL
    host.logged.clear()
    app.panel(drawn=True)
    return app


@pytest.fixture
def elsewhere(folder: Path) -> PresetStore:
    """Another OBS of the same user."""
    return PresetStore(folder)


def names(app: Application) -> list[str]:
    return [preset.name for preset in app.state.presets]


def go_live(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    go_live_and_update(app, host, velora)
    app.panel(drawn=True)


def delete(app: Application, preset: str) -> str:
    app.features.preset_library.ask_delete(preset)
    return run(app, app.features.preset_library.delete(preset))


def finish(app: Application) -> str:
    """Let everything end that is under way, and return the status line."""
    for _ in range(3):
        run(app, app._runtime.press("", lambda: None))
    return app.panel(drawn=True).find("status").text


def test_save__apply__fills_the_fields(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    assert (
        run(app, app.features.preset_library.save(" Evening ")) == "The preset “Evening” is saved."
    )
    preset = app.state.presets[0]
    assert preset.content == PresetContent("Hello", "music", "Music", ("a", "b"))
    assert app.settings.preset == preset.id
    app.settings = StreamSettings(protocol="srt", title="Other")
    assert (
        run(app, app.features.preset_library.apply(preset.id))
        == "The fields now hold the preset “Evening”."
    )
    assert app.settings == StreamSettings(
        title="Hello", category="music", category_name="Music", tags=("a", "b"), protocol="srt"
    )
    assert velora.named("update") == []


def test_save__what_was_chosen_and_typed_meanwhile_stays(app: Application) -> None:
    run(app, app.features.preset_library.save("Evening"))
    evening = app.settings.preset
    app.edit({"preset_name": "Night"})
    saving = app.features.preset_library.save("Night")
    app.edit({"preset_name": "Morning"})
    run(app, saving)
    night = app.settings.preset
    assert (night != evening, app.settings.preset_name) == (True, "Morning")
    saving = app.features.preset_library.save("Morning")
    app.edit({"preset": evening})
    run(app, saving)
    assert (app.settings.preset, app.settings.preset_name) == (evening, "")
    assert names(app) == ["Evening", "Night", "Morning"]


def test_apply__touches_only_what_it_has(app: Application, host: FakeHost) -> None:
    app.settings = StreamSettings(title="Only a title")
    run(app, app.features.preset_library.save("Title"))
    app.settings = StreamSettings(tags=(), tags_on_velora=True)
    run(app, app.features.preset_library.save("No tags"))
    title, no_tags = app.state.presets
    app.settings = FULL
    run(app, app.features.preset_library.apply(title.id))
    assert app.settings == FULL._replace(title="Only a title")
    run(app, app.features.preset_library.apply(no_tags.id))
    assert app.settings == FULL._replace(title="Only a title", tags=(), tags_on_velora=True)


def test_apply__while_live__is_sent_alone(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(category="just-chatting")
    run(app, app.features.preset_library.save("Chat"))
    app.settings = FULL
    go_live(app, host, velora)
    run(app, app.features.preset_library.apply(app.state.presets[0].id))
    finish(app)
    assert velora.named("update")[1:] == [{"category_slug": "just-chatting"}]


def test_apply__stream_goes_elsewhere__nothing_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.features.preset_library.save("Evening"))
    host.services["Main"] = OTHER
    host.live = True
    app.stream_started()
    status = run(app, app.features.preset_library.apply(app.state.presets[0].id))
    finish(app)
    assert status == "The fields now hold the preset “Evening”."
    assert velora.named("update") == []


def test_save__what_is_no_preset(app: Application) -> None:
    app.settings = StreamSettings(protocol="srt")
    assert "fields are empty" in run(app, app.features.preset_library.save("Nothing"))
    app.settings = StreamSettings(category="no such")
    assert "Velora has no category “no such”" in run(app, app.features.preset_library.save("Wrong"))
    app.settings = FULL
    assert "has no name" in run(app, app.features.preset_library.save(" "))
    assert app.state.tone is StatusLevel.ERROR
    assert names(app) == []


def test_save__the_same_name_twice(app: Application) -> None:
    run(app, app.features.preset_library.save("☕ Morning"))
    status = run(app, app.features.preset_library.save("☕ MORNING "))
    assert status.startswith("You already have a preset called “☕ MORNING”")
    assert names(app) == ["☕ Morning"]


def test_rename_order_delete_overwrite(app: Application) -> None:
    for name in "AB":
        run(app, app.features.preset_library.save(name))
    a, b = app.state.presets
    assert (
        run(app, app.features.preset_library.rename(a.id, "C")) == "The preset is now called “C”."
    )
    assert run(app, app.features.preset_library.move(a.id, 1)) == "The preset “C” has moved."
    assert names(app) == ["B", "C"]
    app.settings = StreamSettings(title="New")
    run(app, app.features.preset_library.overwrite(a.id))
    assert app.state.presets[1].content == PresetContent(title="New")
    assert delete(app, b.id) == "The preset “B” is deleted."
    assert names(app) == ["C"]


def test_deleted__leaves_another_choice_alone(app: Application) -> None:
    for name in "AB":
        run(app, app.features.preset_library.save(name))
    a, b = app.state.presets
    app.edit({"preset": a.id})
    app.features.preset_library.ask_delete(a.id)
    job = app.features.preset_library.delete(a.id)
    app.edit({"preset": b.id, "preset_name": "New name"})
    run(app, job)
    assert (app.settings.preset, app.settings.preset_name) == (b.id, "New name")


def test_another_obs__is_seen_when_the_panel_opens(
    app: Application, elsewhere: PresetStore
) -> None:
    run(app, app.features.preset_library.save("Mine"))
    theirs = elsewhere.add("Theirs", PresetContent(title="T"))
    app.panel_opened()
    finish(app)
    assert names(app) == ["Mine", "Theirs"]
    elsewhere.rename(theirs.id, "Renamed")
    elsewhere.overwrite(theirs.id, PresetContent(title="Newest"))
    run(app, app.features.preset_library.apply(theirs.id))
    assert app.settings.title == "Newest"


def test_another_obs__is_seen_after_its_name_was_refused_and_after_an_export(
    app: Application, elsewhere: PresetStore, tmp_path: Path
) -> None:
    elsewhere.add("Theirs", PresetContent(title="T"))
    assert "already have a preset" in run(app, app.features.preset_library.save("Theirs"))
    app.panel_opened()
    finish(app)
    assert names(app) == ["Theirs"]
    elsewhere.add("More", PresetContent(title="T"))
    assert "2 presets" in run(
        app, app.features.preset_library.export_to(str(tmp_path / "out.json"))
    )
    app.panel_opened()
    finish(app)
    assert names(app) == ["Theirs", "More"]


def test_another_obs__has_deleted_it(
    app: Application, host: FakeHost, elsewhere: PresetStore
) -> None:
    run(app, app.features.preset_library.save("Mine"))
    preset = app.state.presets[0]
    elsewhere.delete(preset.id)
    app.settings = FULL
    assert "no longer exists" in run(app, app.features.preset_library.apply(preset.id))
    assert app.settings == FULL


def test_presets__are_there_after_the_next_start(app: Application, make: Any) -> None:
    run(app, app.features.preset_library.save("Mine"))
    app.close()
    again = make()
    finish(again)
    assert names(again) == ["Mine"]
    assert again.state.preset == again.state.presets[0].id


def test_export_import(app: Application, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    run(app, app.features.preset_library.save("Mine"))
    assert (
        run(app, app.features.preset_library.export_to(str(file))) == "1 preset is in out.json now."
    )
    run(app, app.features.preset_library.save("Yours"))
    assert (
        run(app, app.features.preset_library.export_to(str(file)))
        == "2 presets are in out.json now."
    )
    delete(app, app.state.presets[0].id)
    status = run(app, app.features.preset_library.import_from(str(file)))
    assert status == "Presets imported: 1 added, 0 replaced, 1 already there."
    assert names(app) == ["Yours", "Mine"]
    file.write_text('{"version": 1,\n"presets": 1', encoding="utf-8")
    status = run(app, app.features.preset_library.import_from(str(file)))
    assert "is damaged at line 2, column 13, so nothing was imported" in status
    assert "No file is chosen" in run(app, app.features.preset_library.import_from(" "))
    assert names(app) == ["Yours", "Mine"]


def test_damaged__is_said_once(make: Any, folder: Path) -> None:
    folder.mkdir()
    (folder / "presets.json").write_text("{", encoding="utf-8")
    app = make()
    assert "presets.json is damaged" in finish(app)
    app.panel_opened()
    app.settings = FULL
    assert run(app, app.features.preset_library.save("Mine")) == "The preset “Mine” is saved."
    assert (folder / "presets.json.damaged").exists()


def test_unreadable__keeps_what_is_known(app: Application, folder: Path) -> None:
    run(app, app.features.preset_library.save("Mine"))
    data = json.loads((folder / "presets.json").read_text(encoding="utf-8"))
    (folder / "presets.json").write_text(json.dumps({**data, "version": 2}), encoding="utf-8")
    run(app, app.features.preset_library.apply(app.state.presets[0].id))
    assert names(app) == ["Mine"]
    assert "newer version" in run(app, app.features.preset_library.save("Yours"))
