"""Settings that belong to the user: two programs, switches, and what may go wrong with the file."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import FakeHost, FakeVelora, run, settle, wait_for
from velora_core.app.state import SettingsFor, StreamSettings
from velora_core.app.worker import Priority
from velora_core.application import Application

Open = Callable[..., Application]


@pytest.fixture
def open_(make: Any, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open an OBS with these settings in its scene collection, and wait until all is read."""
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 0.0)

    def open_(collection: str = "Main", **kept: Any) -> Application:
        app: Application = make()
        app.settings = StreamSettings(**kept)
        app.keep_fields(lambda: collection)
        settled(app)
        return app

    return open_


def settled(app: Application) -> None:
    """Wait until what was entered is stored, and what is stored is shown."""
    wait_for(lambda: app.features.own_settings._ready, meanwhile=app.process_ui_queue)
    for _ in range(3):
        settle(app)


def entered(app: Application, **fields: Any) -> None:
    app.edit(fields)
    settled(app)


def opened(app: Application) -> None:
    app.panel_opened()
    settled(app)


def stored(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    return found


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
    assert "instead of those of the scene collection “Talking”" in app.state.settings_line
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
    settled(first)
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
    settled(app)
    assert app.settings.title == "Typed at once"
    assert open_().settings.title == "Typed at once"


def test_profile__can_have_its_own(open_: Open, host: FakeHost) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    assert app.panel().find("settings_scope").value == "profile"
    host.current_profile = "Second"
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Mine"
    assert app.panel().find("settings_scope").value == "user"
    host.current_profile = "Main"
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Main's"
    entered(app, settings_scope="user")
    assert app.settings.title == "Mine"


def test_profile_switched_in_mid_word__the_word_goes_to_the_right_one(
    open_: Open, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 60.0)
    app.edit({"title": "Main's"})
    host.current_profile = "Second"
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Mine"
    host.current_profile = "Main"
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Main's"


def test_profile_renamed__keeps_its_own(open_: Open, host: FakeHost) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile", title="Main's")
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_renamed(before)
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Main's"


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
    settle(app)
    assert (folder / "settings.json").read_text(encoding="utf-8") == '{"version": 2}'
    assert "a newer version of Velora" in app.state.status
    assert app.settings.title == "Typed"


def test_read_only_folder__is_said_once_and_the_fields_keep_it(
    open_: Open, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Hello")

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("velora_core.storage.private_file.os.replace", fail)
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
    settled(app)
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


def test_profile_renamed_as_obs_29_says_it__its_own_follow(
    open_: Open, host: FakeHost, folder: Path
) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_renamed(before)
    settled(app)
    entered(app, title="Renamed's")
    assert stored(folder)["settings"]["title"]["title"] == "Mine"
    assert stored(folder)["profiles"][host.profile().id]["title"]["title"] == "Renamed's"
    assert app.panel().find("settings_scope").value == "profile"


def test_profile_renamed_as_obs_31_says_it__its_own_follow(open_: Open, host: FakeHost) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    host.current_profile = "Second"
    app.profile_changed()
    settled(app)
    entered(app, title="Mine, and newer")
    host.current_profile = "Main"
    app.profile_changed()
    settled(app)
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_changed()
    app.profile_renamed(before)
    settled(app)
    assert app.settings.title == "Main's"
    assert app.panel().find("settings_scope").value == "profile"


def test_own_settings_given_up_elsewhere__the_users_are_shown(open_: Open) -> None:
    first = open_(title="Mine")
    entered(first, settings_scope="profile")
    entered(first, title="Main's")
    second = open_()
    assert second.settings.title == "Main's"
    entered(first, settings_scope="user")
    opened(second)
    assert second.panel().find("settings_scope").value == "user"
    assert second.settings.title == "Mine"


def test_typed_while_a_scope_is_on_its_way__is_not_lost(open_: Open) -> None:
    app = open_(title="Mine")
    busy = threading.Event()

    def wait() -> None:
        assert busy.wait(5)

    app._runtime.worker.submit(wait, interruptible=False)
    app.edit({"settings_scope": "profile"})
    app.edit({"title": "Main's"})
    busy.set()
    settled(app)
    assert app.settings.title == "Main's"


def test_scope_that_could_not_be_stored__is_not_shown(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_(title="Mine")

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("velora_core.storage.private_file.os.replace", fail)
    entered(app, settings_scope="profile")
    monkeypatch.undo()
    assert app.panel().find("settings_scope").value == "user"


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
    settled(first)
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
    settled(app)
    assert velora.named("update")[-1] == {"title": "New"}


def test_profile_switched_before_it_was_read__it_is_read_all_the_same(
    make: Any, open_: Open, host: FakeHost
) -> None:
    open_(title="Mine").close()
    app: Application = make()
    app.keep_fields(lambda: "Main")
    assert app._opening.wait(5)
    host.current_profile = "Second"
    app.process_ui_queue()
    host.current_profile = "Third"
    app.profile_changed()
    settled(app)
    assert app.settings.title == "Mine"


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


def test_defaults_in_a_collection__leave_a_profiles_own_alone(open_: Open, folder: Path) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    entered(app, settings_scope="collection")
    entered(app, title="", settings_for="", collection_values="", settings_scope="")
    assert app.settings.title == "Main's"
    assert app.panel().find("settings_scope").value == "profile"
