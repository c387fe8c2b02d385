"""Hotkeys of OBS: theirs are the names and the keys, whatever becomes of the presets' order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, run_until_idle, wait_for
from tests.unit.obs_script.script import Script
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import Preset

F9 = [{"key": "OBS_KEY_F9", "control": True}]


def app_of(script: Script) -> Application:
    assert script.module
    app: Application = script.module._session.app
    return app


def hotkeys(script: Script) -> dict[str, str]:
    """What OBS shows, by name."""
    return {hotkey[0]: hotkey[1] for hotkey in script.obs.frontend.hotkeys if hotkey}


def press(script: Script, name: str) -> Callable[[bool], None]:
    callback: Callable[[bool], None] = next(
        hotkey[2] for hotkey in script.obs.frontend.hotkeys if hotkey and hotkey[0] == name
    )
    return callback


def save(script: Script, *names: str) -> list[Preset]:
    """Makes presets whose title is their name."""
    app = app_of(script)
    for name in names:
        app.settings = StreamSettings(title=name)
        assert app.features.preset_library.save(name).wait(5.0)
    script.call("script_save", script.settings)
    return list(app.state.presets)


def save_until(script: Script, condition: Callable[[], Any]) -> None:
    wait_for(lambda: script.call("script_save", script.settings) or condition())


def test_hotkeys__are_registered_saved_and_restored(script: Script) -> None:
    assert hotkeys(script) == {
        "velora_update_now": "Velora: update title, category and tags",
        "velora_put_back": "Velora: put back the previous title, category and tags",
    }
    script.obs.frontend.keys["velora_update_now"] = F9
    script.call("script_save", script.settings)
    assert script.settings.values["velora_update_now"] == F9
    script.unload()
    script.obs.frontend.keys.clear()
    script.load()
    assert script.obs.frontend.keys["velora_update_now"] == F9


def test_hotkey__gone_before_the_script__its_keys_stay(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.obs.frontend.keys["velora_update_now"] = F9
    script.call("script_save", script.settings)
    monkeypatch.setattr(script.obs, "obs_hotkey_save", lambda _: None)
    script.call("script_save", script.settings)
    assert script.settings.values["velora_update_now"] == F9


def test_update_now(script: Script, velora: FakeVelora) -> None:
    script.type(title="By hotkey", category_entry="")
    pressed = press(script, "velora_update_now")
    pressed(False)
    thread = threading.Thread(target=pressed, args=(True,))
    thread.start()
    thread.join()
    save_until(script, lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "By hotkey"}]


def test_after_unloading__does_nothing(script: Script) -> None:
    pressed = press(script, "velora_update_now")
    script.unload()
    pressed(True)


def test_put_back(script: Script, velora: FakeVelora) -> None:
    app = app_of(script)
    run_until_idle(app)  # what was before is read
    app._runtime.change(before=PresetContent(title="Before"))
    press(script, "velora_put_back")(True)
    save_until(script, lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "Before"}]


def test_preset__fills_the_fields(script: Script) -> None:
    first, second = save(script, "Evening", "Nacht 🌙")
    assert hotkeys(script)[f"velora_preset_{second.id}"] == "Velora: apply the preset “Nacht 🌙”"
    press(script, f"velora_preset_{first.id}")(True)
    save_until(script, lambda: script.settings.values["title"] == "Evening")


def test_presets__keep_their_keys_in_another_order(script: Script) -> None:
    app = app_of(script)
    presets = save(script, *(str(number) for number in range(11)))
    names = [f"velora_preset_{preset.id}" for preset in presets]
    assert [hotkey for hotkey in hotkeys(script) if "preset" in hotkey] == names[:10]
    script.obs.frontend.keys[names[9]] = F9
    assert app.features.preset_library.move(presets[10].id, -1).wait(5.0)
    script.call("script_save", script.settings)
    assert names[9] not in hotkeys(script)
    assert names[10] in hotkeys(script)
    app.features.preset_library.ask_delete(presets[0].id)
    assert app.features.preset_library.delete(presets[0].id).wait(5.0)
    assert app.features.preset_library.rename(presets[9].id, "Nine").wait(5.0)
    script.call("script_save", script.settings)
    assert names[0] not in hotkeys(script)
    assert hotkeys(script)[names[9]] == "Velora: apply the preset “Nine”"
    assert script.obs.frontend.keys[names[9]] == F9
    assert app.features.preset_library.rename(presets[9].id, "Neuf").wait(5.0)
    script.call("script_save", script.settings)
    assert hotkeys(script)[names[9]] == "Velora: apply the preset “Neuf”"
    assert script.settings.values[names[9]] == F9


def test_presets__after_the_next_start(script: Script) -> None:
    preset = save(script, "Evening")[0]
    script.obs.frontend.keys[f"velora_preset_{preset.id}"] = F9
    script.call("script_save", script.settings)
    script.unload()
    script.obs.frontend.keys.clear()
    script.load()
    save_until(script, lambda: script.obs.frontend.keys.get(f"velora_preset_{preset.id}") == F9)
