"""Settings that a profile has of its own, and switches between profiles."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import FakeHost
from tests.unit.features.own_settings import (
    Open,
    entered,
    open_,
    opened,
    run_until_stored,
    stored,
    unwritable,
)
from velora_core.application import Application

__all__ = ["open_"]  # a fixture


def test_profile__can_have_its_own(open_: Open, host: FakeHost) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    assert app.panel().find("settings_scope").value == "profile"
    host.current_profile = "Second"
    app.profile_changed()
    run_until_stored(app)
    assert app.settings.title == "Mine"
    assert app.panel().find("settings_scope").value == "user"
    host.current_profile = "Main"
    app.profile_changed()
    run_until_stored(app)
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
    run_until_stored(app)
    assert app.settings.title == "Mine"
    host.current_profile = "Main"
    app.profile_changed()
    run_until_stored(app)
    assert app.settings.title == "Main's"


def test_profile_renamed__keeps_its_own(open_: Open, host: FakeHost) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile", title="Main's")
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_renamed(before)
    app.profile_changed()
    run_until_stored(app)
    assert app.settings.title == "Main's"


def test_profile_renamed_as_obs_29_says_it__its_own_follow(
    open_: Open, host: FakeHost, folder: Path
) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_renamed(before)
    run_until_stored(app)
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
    run_until_stored(app)
    entered(app, title="Mine, and newer")
    host.current_profile = "Main"
    app.profile_changed()
    run_until_stored(app)
    before = host.profile()
    host.current_profile = "Renamed"
    app.profile_changed()
    app.profile_renamed(before)
    run_until_stored(app)
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
    run_until_stored(app)
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
    run_until_stored(app)
    assert app.settings.title == "Mine"


def test_defaults_in_a_collection__leave_a_profiles_own_alone(open_: Open, folder: Path) -> None:
    app = open_(title="Mine")
    entered(app, settings_scope="profile")
    entered(app, title="Main's")
    entered(app, settings_scope="collection")
    entered(app, title="", settings_for="", collection_values="", settings_scope="")
    assert app.settings.title == "Main's"
    assert app.panel().find("settings_scope").value == "profile"


# -- while the file can't be written ---------------------------------------------------------


@pytest.fixture
def two(open_: Open, host: FakeHost) -> Application:
    """The profile Second has settings of its own, Main has the user's."""
    app = open_(title="Mine")
    switch(app, host, "Second")
    entered(app, settings_scope="profile")
    entered(app, title="Second's")
    switch(app, host, "Main")
    assert app.settings.title == "Mine"
    return app


def switch(app: Application, host: FakeHost, profile: str) -> None:
    host.current_profile = profile
    app.profile_changed()
    run_until_stored(app)


def test_unwritable_and_switched__no_title_is_carried_along(
    two: Application, host: FakeHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Mine, unsaved")
        switch(two, host, "Second")
        assert two.settings.title == "Second's"
        switch(two, host, "Main")
        assert two.settings.title == "Mine, unsaved"
        switch(two, host, "Second")
        entered(two, protocol="srt")
    opened(two)
    run_until_stored(two)
    assert two.settings.title == "Second's"
    assert stored(folder)["settings"]["title"]["title"] == "Mine, unsaved"
    assert stored(folder)["settings"]["protocol"]["protocol"] == "rtmp"
    own = stored(folder)["profiles"][host.profile().id]
    assert (own["title"]["title"], own["protocol"]["protocol"]) == ("Second's", "srt")
    switch(two, host, "Main")
    assert two.settings.title == "Mine, unsaved"
    assert two.state.unsaved_settings == ""


def test_unwritable_and_switched__what_was_entered_last_is_stored_after_the_rest(
    two: Application, host: FakeHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Mine, unsaved")
        switch(two, host, "Second")
        entered(two, protocol="srt")
    two.features.own_settings._store_left()
    run_until_stored(two)
    assert stored(folder)["settings"]["title"]["title"] == "Mine, unsaved"
    opened(two)
    assert stored(folder)["profiles"][host.profile().id]["protocol"]["protocol"] == "srt"


def test_unwritable_and_own_given_up_elsewhere__the_users_stay_as_they_are(
    two: Application, open_: Open, host: FakeHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(two, host, "Second")
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Second's, unsaved")
        switch(two, host, "Main")
    host.current_profile = "Second"
    entered(open_(), settings_scope="user")
    host.current_profile = "Main"
    opened(two)
    run_until_stored(two)
    assert stored(folder)["settings"]["title"]["title"] == "Mine"
    assert two.settings.title == "Mine"


def test_unwritable_and_something_later_elsewhere__the_later_counts(
    two: Application, open_: Open, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Mine, unsaved")
        switch(two, host, "Second")
    host.current_profile = "Main"
    entered(open_(), title="Later")
    host.current_profile = "Second"
    switch(two, host, "Main")
    assert two.settings.title == "Later"


def test_unwritable_and_quit__another_profile_takes_nothing_over(
    two: Application, open_: Open, host: FakeHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Mine, unsaved")
    kept = two.settings._replace(unsaved_settings=two.state.unsaved_settings)
    assert host.profile().id not in kept.unsaved_settings  # people share scene collections
    two.close()
    host.current_profile = "Second"
    again = open_(**kept._asdict())
    assert again.settings.title == "Second's"
    opened(again)
    run_until_stored(again)
    switch(again, host, "Main")
    assert again.settings.title == "Mine, unsaved"
    assert stored(folder)["settings"]["title"]["title"] == "Mine, unsaved"


def test_unwritable_and_renamed__the_title_stays_with_its_profile(
    two: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(two, host, "Second")
    with monkeypatch.context() as patch:
        unwritable(patch)
        entered(two, title="Second's, unsaved")
        before = host.profile()
        host.current_profile = "Renamed"
        two.profile_renamed(before)
        assert two.settings.title == "Second's, unsaved"
    run_until_stored(two)
