"""The user's settings and OBS's copy of them, which each scene collection has."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.unit.fake_obspython import Data, FakeObs
from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.obs_script.script import Script


def stored(tmp_path: Path) -> str:
    file = tmp_path / "velora-obs" / "settings.json"
    if not file.exists():
        return ""
    title: str = json.loads(file.read_text(encoding="utf-8"))["settings"]["title"]["title"]
    return title


def shown(script: Script, title: str) -> None:
    """Wait until the fields hold a title: OBS calls the script once it has been woken."""
    wait_for(
        lambda: script.settings.values.get("title") == title,
        meanwhile=lambda: script.call("script_save", script.settings),
    )


def test_reload_in_mid_word__keeps_the_word(
    obs: FakeObs, velora: FakeVelora, tmp_path: Path
) -> None:
    script = Script(obs, {"title": "Hello"}).load()
    wait_for(
        lambda: stored(tmp_path) == "Hello",
        meanwhile=lambda: script.call("script_save", script.settings),
    )
    script.type(title="Hello wor")
    script.call("script_save", script.settings)
    assert "title" in json.loads(script.settings.values["unsaved_settings"])
    script.unload()
    script.load()
    shown(script, "Hello wor")
    wait_for(lambda: stored(tmp_path) == "Hello wor")


def test_another_collection__gets_the_users_and_keeps_what_it_had(
    obs: FakeObs, velora: FakeVelora, tmp_path: Path
) -> None:
    script = Script(obs, {"title": "Hello"}).load()
    wait_for(
        lambda: stored(tmp_path) == "Hello",
        meanwhile=lambda: script.call("script_save", script.settings),
    )
    script.unload()
    script.settings = Data({"title": "Theirs"})
    script.load()
    shown(script, "Hello")
    assert json.loads(script.settings.values["collection_values"])["title"] == {"title": "Theirs"}
    props = script.panel()
    script.choose(props, "section", "setup")
    script.choose(props, "settings_scope", "collection")
    assert script.settings.values["title"] == "Theirs"
    assert props.find("settings_scope").visible
    assert script.settings.values["settings_for"] == "collection"
    script.unload()
    script.load()
    script.call("script_save", script.settings)
    assert script.settings.values["title"] == "Theirs"


def test_read_by_an_event__the_next_letter_takes_nothing_back(
    obs: FakeObs, velora: FakeVelora, tmp_path: Path
) -> None:
    script = Script(obs, {"title": "Hello"}).load()
    wait_for(
        lambda: stored(tmp_path) == "Hello",
        meanwhile=lambda: script.call("script_save", script.settings),
    )
    file = tmp_path / "velora-obs" / "settings.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["settings"]["title"] = {"title": "Another OBS's", "at": time.time()}
    file.write_text(json.dumps(data), encoding="utf-8")
    app = script.module._session.app
    wait_for(
        lambda: app.settings.title == "Another OBS's",
        meanwhile=lambda: script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_CHANGED),
    )
    script.type(live_interval=60)
    script.call("script_save", script.settings)
    assert script.settings.values["title"] == "Another OBS's"
