"""Scenes and text sources of Streamlabs: chosen, prepared, renamed, changed as a whole."""

from __future__ import annotations

import pytest

from tests.unit.fakes import wait_for
from tests.unit.model_streamlabs import ModelStreamlabs
from tests.unit.streamlabs.conftest import Companion
from velora_core.messages import message
from velora_hosts.streamlabs import connection


def test_scene__is_followed(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    assert host.scene() == ("Scene", "scene-1")
    model.show("scene-2", "Break")
    wait_for(lambda: host.scene() == ("Break", "scene-2"))
    model.scene = {"id": "scene-2", "name": "Pause"}  # renamed, which nothing tells
    connected.poll()
    assert host.scene() == ("Pause", "scene-2")


def test_studio_mode__what_is_prepared_is_not_what_viewers_see(
    connected: Companion, model: ModelStreamlabs
) -> None:
    host = connected.app._host
    model.switch_studio_mode(on=True)
    connected.hears("While studio mode is on")
    model.show("scene-2", "Break")
    connected.poll()
    assert host.scene().name == "Scene"
    model.switch_studio_mode(on=False)
    wait_for(lambda: host.scene().name == "Break")


def test_scenes_changed__texts_are_let_alone(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    assert connected.on_link(host.text_sources) == ("Banner", "Count")
    model.tell("SceneCollectionsService.collectionWillSwitch")
    wait_for(lambda: connected.on_link(host.text_sources) == ())
    assert connected.on_link(lambda: host.text("Count")) is None
    model.collection = {"id": "collection-2", "name": "Others"}
    model.sources["text-3"] = {**model.sources["text-1"], "name": "Third"}
    model.tell("SceneCollectionsService.collectionSwitched", model.collection)
    wait_for(lambda: connected.on_link(host.text_sources) == ("Banner", "Count", "Third"))


def test_scenes_changed_while_it_is_busy__their_texts_are_found(
    connected: Companion, model: ModelStreamlabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlabs tells that they are loaded while it still answers nothing about them."""
    host = connected.app._host
    model.tell("SceneCollectionsService.collectionWillSwitch")
    wait_for(lambda: connected.on_link(host.text_sources) == ())
    monkeypatch.setattr(connection, "_BUSY_PAUSE", 60)  # longer than is waited
    model.busy = True
    model.collection = {"id": "collection-2", "name": "Others"}
    model.sources["text-3"] = {**model.sources["text-1"], "name": "Third"}
    model.tell("SceneCollectionsService.collectionSwitched", model.collection)
    connected.hears(message("streamlabs.busy"))
    model.busy = False
    connected.poll()
    assert connected.on_link(host.text_sources) == ("Banner", "Count", "Third")


def test_text_source_renamed__is_followed(connected: Companion, model: ModelStreamlabs) -> None:
    renamed: list[tuple[str, str]] = []
    app = connected.app
    connected.on_link(app._host.text_sources)
    app.source_renamed = lambda *names: renamed.append(names)  # type: ignore[method-assign]
    model.rename("text-1", "Viewers")
    wait_for(lambda: renamed == [("Count", "Viewers")])
    connected.on_link(lambda: app._host.set_text("Viewers", "7"))
    assert model.sources["text-1"]["settings"]["text"] == "7"


def test_text_source_made_anew__is_found(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    assert connected.on_link(lambda: host.text("Count")) == "soon"
    again = model.sources.pop("text-1")
    model.sources["text-9"] = {**again, "settings": {"text": "new"}}
    assert connected.on_link(lambda: host.text("Count")) == "new"
    del model.sources["text-9"]
    assert connected.on_link(lambda: host.text("Count")) is None


def test_texts_without_a_connection__are_none(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    assert connected.on_link(lambda: host.text("Count")) == "soon"
    model.stop()
    wait_for(lambda: not connected.link.connected)
    assert connected.on_link(lambda: host.text("Count")) is None
    connected.on_link(lambda: host.set_text("Count", "7"))
    assert connected.on_link(host.text_sources) == ()
    model.start()


def test_texts__are_kept_for_each_collection(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    pair = {"Count": ("soon", "7")}
    connected.on_link(lambda: host.save_replaced_texts(pair))  # type: ignore[arg-type]
    model.collection = {"id": "collection-2", "name": "Others"}
    model.tell("SceneCollectionsService.collectionSwitched", model.collection)
    wait_for(lambda: connected.on_link(host.replaced_texts) == {})
    model.collection = {"id": "collection-1", "name": "Scenes"}
    model.tell("SceneCollectionsService.collectionSwitched", model.collection)
    wait_for(lambda: connected.on_link(host.replaced_texts) == pair)
