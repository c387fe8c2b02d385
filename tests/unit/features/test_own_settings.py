"""Settings that belong to the user: two programs, switches, and what may go wrong with the file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import FakeHost, FakeVelora, run, run_until_idle, wait_for
from tests.unit.features.own_settings import (
    Open,
    entered,
    open_,
    opened,
    run_until_stored,
    stored,
    unwritable,
)
from velora_core.app.state import SettingsFor, StreamSettings
from velora_core.app.worker import Priority
from velora_core.application import Application

__all__ = ["open_"]  # a fixture


def test_first_collection__becomes_the_users(open_: Open, folder: Path) -> None:
    app = open_("Gaming", title="Hello", tags=("one",), protocol="srt")
    assert app.settings.settings_for is SettingsFor.USER
    line = app.panel().find("settings_line")
    assert line.visible
    assert "taken over from “Gaming”" in line.text
    assert stored(folder)["settings"]["title"]["title"] == "Hello"
    assert stored(folder)["settings"]["tags"]["tags"] == ["one"]
    app.close()
    other = open_("Talking")
    assert (other.settings.title, other.settings.tags) == ("Hello", ("one",))
    assert other.settings.protocol == "srt"
    assert not other.panel().shows("settings_line")


def test_untouched_collection__is_taken_over_by_nobody(open_: Open, folder: Path) -> None:
    open_()
    assert not (folder / "settings.json").exists()


def test_later_collection__is_told_and_loses_nothing(open_: Open) -> None:
    open_("Gaming", title="Hello").close()
    app = open_("Talking", title="Theirs", live_interval=60)
    assert app.settings.title == "Hello"
    assert (
        "taken over from the scene collection “Gaming”, now apply here instead"
        in app.state.settings_line
    )
    entered(app, settings_scope="collection")
    assert (app.settings.title, app.settings.live_interval) == ("Theirs", 60)
    assert app.panel().find("settings_scope").value == "collection"
    entered(app, title="Theirs now")
    entered(app, settings_scope="user")
    assert app.settings.title == "Hello"
    entered(app, settings_scope="collection")
    assert app.settings.title == "Theirs now"


def test_two_programs__see_each_others_and_lose_nothing(open_: Open) -> None:
    first, second = open_(), open_()
    entered(first, title="One's title")
    entered(second, tags_entry="two, tags")
    opened(first)
    assert first.settings.title == "One's title"
    assert first.settings.tags == ("two", "tags")
    opened(second)
    assert second.settings.title == "One's title"
    entered(second, title="Two's title")
    opened(first)
    assert first.settings.title == "Two's title"


def test_start__sends_what_another_program_has_entered(
    open_: Open, host: FakeHost, velora: FakeVelora
) -> None:
    first, second = open_(), open_()
    run(first, first.actions.configure())
    entered(first, title="Old")
    opened(second)
    entered(second, title="New")
    first.stream_starting()
    host.live = True
    first.stream_started()
    run_until_stored(first)
    assert velora.named("update")[-1] == {"title": "New"}


def test_closed_in_mid_word__it_is_there_the_next_time(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Hello")
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 60.0)
    app.edit({"title": "Hello wor"})
    app.close()
    wait_for(lambda: not app._runtime.worker.alive)
    assert open_().settings.title == "Hello wor"


def test_killed_before_it_was_stored__the_fields_are_newer(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Hello", protocol="srt")
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 60.0)
    app.edit({"title": "Hello wor"})
    kept = app.settings._replace(unsaved_settings=app.state.unsaved_settings)
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 0.0)
    elsewhere = open_()
    entered(elsewhere, protocol="rtmp")
    after = open_(**kept._asdict())
    assert (after.settings.title, after.settings.protocol) == ("Hello wor", "rtmp")
    opened(elsewhere)
    assert elsewhere.settings.title == "Hello wor"


def test_typed_before_it_was_read__is_not_lost(make: Any, open_: Open) -> None:
    open_(title="Hello").close()
    app: Application = make()
    app.keep_fields(lambda: "Main")
    app.edit({"title": "Typed at once"})
    run_until_stored(app)
    assert app.settings.title == "Typed at once"
    assert open_().settings.title == "Typed at once"


def test_damaged_file__the_collections_count_and_it_is_put_aside(open_: Open, folder: Path) -> None:
    open_(title="Hello").close()
    (folder / "settings.json").write_text('{"version": 1, "settings', encoding="utf-8")
    app = open_(title="Hello", settings_for=SettingsFor.USER)
    assert app.settings.title == "Hello"
    entered(app, title="Again")
    assert stored(folder)["settings"]["title"]["title"] == "Again"
    assert (folder / "settings.json.damaged").exists()


def test_nonsense_in_the_file__is_left_out_and_left_alone(open_: Open, folder: Path) -> None:
    open_(title="Hello").close()
    data = stored(folder)
    data["settings"]["title"]["title"] = 5
    data["settings"]["tags"] = {"tags": ["one", 2], "at": 10**400}
    data["settings"]["future"] = {"future": "unknown", "at": 1.0}
    data["settings"]["protocol"]["more"] = "unknown"
    (folder / "settings.json").write_text(json.dumps(data), encoding="utf-8")
    unsaved = json.dumps({"tags": 10**400})
    app = open_(title="Kept", settings_for=SettingsFor.USER, unsaved_settings=unsaved)
    assert app.settings.title == "Kept"
    assert app.settings.tags == ()
    entered(app, protocol="srt")
    assert stored(folder)["settings"]["future"] == {"future": "unknown", "at": 1.0}
    assert stored(folder)["settings"]["protocol"]["more"] == "unknown"


def test_newer_version__its_file_is_not_written_over(make: Any, open_: Open, folder: Path) -> None:
    open_(title="Hello").close()
    (folder / "settings.json").write_text('{"version": 2}', encoding="utf-8")
    app: Application = make()
    app.settings = StreamSettings(title="Kept")
    app.keep_fields(lambda: "Main")
    wait_for(lambda: "a newer" in app.state.status, meanwhile=app.process_ui_queue)
    app.edit({"title": "Typed"})
    run_until_idle(app)
    assert (folder / "settings.json").read_text(encoding="utf-8") == '{"version": 2}'
    assert "a newer version of Velora" in app.state.status
    assert app.settings.title == "Typed"


def test_read_only_folder__is_said_once_and_the_fields_keep_it(
    open_: Open, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Hello")
    unwritable(monkeypatch)
    for title in ("One", "Two"):
        entered(app, title=title)
    said = [text for _, text in host.logged if "can't be written to" in text]
    assert len(said) == 1
    assert app.settings.title == "Two"
    assert "title" in json.loads(app.state.unsaved_settings)
    monkeypatch.undo()


def test_nothing_secret__is_in_the_file(open_: Open, folder: Path) -> None:
    app = open_(title="Hello")
    app.edit({"access_token": "test_access_secret", "title": "Now"})
    run_until_stored(app)
    assert "test_access_secret" not in (folder / "settings.json").read_text(encoding="utf-8")


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have the computer's clock be wrong by some seconds from now on."""
    real = time.time
    monkeypatch.setattr(
        "velora_core.features.own_settings.time", SimpleNamespace(time=lambda: real() + seconds)
    )


def test_clock_set_back__what_is_typed_then_counts(
    open_: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, 3600.0)
    app = open_(title="Hello")
    set_clock(monkeypatch, 0.0)
    entered(app, title="Typed later")
    assert app.settings.title == "Typed later"
    assert stored(folder)["settings"]["title"]["title"] == "Typed later"


def test_clock_set_back_after_a_crash__what_was_typed_before_counts(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Hello")
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 60.0)
    set_clock(monkeypatch, 3600.0)
    app.edit({"title": "Hello wor"})
    kept = app.settings._replace(unsaved_settings=app.state.unsaved_settings)
    set_clock(monkeypatch, 0.0)
    assert open_(**kept._asdict()).settings.title == "Hello wor"


def test_stopped_before_it_was_read__nothing_is_sent(
    open_: Open, host: FakeHost, velora: FakeVelora
) -> None:
    first, second = open_(), open_()
    run(first, first.actions.configure())
    entered(first, title="Old", update_on_start=False)
    opened(second)
    entered(second, title="New", update_on_start=True)
    first.stream_starting()
    wait = first._runtime.worker.submit(lambda: None, priority=Priority.BACKGROUND)
    assert wait.wait(5)
    first.stream_stopped()
    run_until_stored(first)
    assert first.settings.title == "New"
    assert not velora.named("update")
    assert not first.features.stream_info.following


def test_started_before_it_was_read__the_newer_title_is_sent(
    make: Any, open_: Open, host: FakeHost, velora: FakeVelora
) -> None:
    before = open_()
    run(before, before.actions.configure())
    entered(before, title="New")
    app: Application = make()
    app.settings = StreamSettings(title="Old", settings_for=SettingsFor.USER)
    app.keep_fields(lambda: "Main")
    app.stream_starting()
    host.live = True
    app.stream_started()
    run_until_stored(app)
    assert velora.named("update")[-1] == {"title": "New"}


def test_defaults_in_a_collection_with_its_own__leave_the_users_alone(
    open_: Open, folder: Path
) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="collection")
    entered(app, title="Theirs")
    # As OBS has it: all fields are empty at once, also those that nobody sees.
    entered(app, title="", settings_for="", collection_values="", settings_scope="")
    assert stored(folder)["settings"]["title"]["title"] == "Mine"
    assert app.settings.title == "Mine"
    assert app.panel().find("settings_scope").value == "user"


def test_two_upgraded_at_once__one_collection_wins_and_the_other_is_told(
    make: Any, open_: Open, folder: Path
) -> None:
    """Each has read that there is nothing yet when the other one takes its own over."""
    first, second = make(), make()
    for app, collection in ((first, "Gaming"), (second, "Talking")):
        app.settings = StreamSettings(title=f"{collection}'s")
        app.keep_fields(lambda name=collection: name)
        assert app._opening.wait(5)
    for app in (first, second):
        app.process_ui_queue()  # both found nothing
    for app in (first, second):
        run_until_stored(app)
    lines = sorted(app.state.settings_line for app in (first, second))
    assert sum("now apply in all scene collections" in line for line in lines) == 1
    assert sum("now apply here instead of those of" in line for line in lines) == 1
    title = stored(folder)["settings"]["title"]["title"]
    assert first.settings.title == second.settings.title == title
    winner = next(app for app in (first, second) if "in all scene" in app.state.settings_line)
    loser = second if winner is first else first
    assert title.removesuffix("'s") in loser.state.settings_line
    entered(loser, settings_scope="collection")
    assert loser.settings.title != title  # nothing is lost
