"""What was entered stays with the place that it was entered for, until the file has it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from velora_core.app.state import StreamSettings
from velora_core.features.unsaved_settings import UnsavedSettings, place_of

USER, FIRST, SECOND = "", place_of("/first", own=True), place_of("/second", own=True)


def entered(place: str, profile: str, **times: float) -> UnsavedSettings:
    """Where fields belong to a place, some of them newer than the file."""
    unsaved = UnsavedSettings()
    unsaved.enter(place, profile, StreamSettings())
    unsaved.times.update(times)
    return unsaved


def test_place__tells_of_no_folder_and_is_the_same_after_a_start() -> None:
    assert place_of("/home/somebody/profile", own=False) == USER
    assert place_of("/home/somebody/profile", own=True) == "291c2b57"
    assert FIRST != SECOND


# -- beside the fields --------------------------------------------------------------------


def test_nothing_unsaved__nothing_is_kept_beside_the_fields() -> None:
    assert entered(FIRST, "/first").written() == ""
    assert UnsavedSettings().written() == ""


@pytest.mark.parametrize("place", [USER, FIRST])
def test_reload__reads_what_was_written(place: str) -> None:
    text = entered(place, "/first", title=7.0, tags=9.5).written()
    again = UnsavedSettings()
    again.read(text)
    assert (again.times, again.place) == ({"title": 7.0, "tags": 9.5}, place)
    assert again.written() == text


def test_reload__before_the_place_was_known() -> None:
    unsaved = UnsavedSettings()
    unsaved.times["title"] = 7.0
    again = UnsavedSettings()
    again.read(unsaved.written())
    assert again.place is None
    new = again.enter(FIRST, "/first", StreamSettings(title="Typed"))
    assert (new.title, again.times) == ("Typed", {"title": 7.0})  # it belongs to the first place


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", '"title"'])
def test_damaged__counts_as_nothing(text: str) -> None:
    unsaved = UnsavedSettings()
    unsaved.read(text)
    assert (unsaved.times, unsaved.place) == ({}, None)


@pytest.mark.parametrize("time", ["soon", None, [], {}, -1, 1e12, float("nan"), float("inf")])
def test_damaged__an_impossible_time_is_left_out(time: object) -> None:
    unsaved = UnsavedSettings()
    unsaved.read(json.dumps({"title": time, "tags": 3, "unknown": 4, "place": 5}))
    assert (unsaved.times, unsaved.place) == ({"tags": 3.0}, None)


# -- a switch of the profile --------------------------------------------------------------


def test_switch__what_was_entered_stays_where_it_belongs() -> None:
    unsaved = entered(FIRST, "/first", title=7.0)
    typed = StreamSettings(title="Of the first", category="music")
    assert unsaved.enter(SECOND, "/second", typed) == typed
    assert unsaved.times == {}
    assert unsaved.left() == [(FIRST, "/first", {"title": ({"title": "Of the first"}, 7.0)})]


def test_switch_back__it_is_in_the_fields_again_and_still_unsaved() -> None:
    unsaved = entered(FIRST, "/first", title=7.0)
    unsaved.enter(SECOND, "/second", StreamSettings(title="Of the first"))
    new = unsaved.enter(FIRST, "/first", StreamSettings(title="Of the file", protocol="srt"))
    assert new == StreamSettings(title="Of the first", protocol="srt")
    assert (unsaved.times, unsaved.left()) == ({"title": 7.0}, [])


def test_switch_twice__each_has_its_own() -> None:
    unsaved = entered(FIRST, "/first", title=7.0)
    unsaved.enter(SECOND, "/second", StreamSettings(title="First"))
    unsaved.times["title"] = 8.0
    unsaved.enter(USER, "/third", StreamSettings(title="Second"))
    assert {place: left["title"][0]["title"] for place, _, left in unsaved.left()} == {
        FIRST: "First",
        SECOND: "Second",
    }
    assert unsaved.enter(FIRST, "/first", StreamSettings()).title == "First"
    assert unsaved.enter(SECOND, "/second", StreamSettings()).title == "Second"


def test_same_place_again__nothing_is_put_aside() -> None:
    unsaved = entered(USER, "/first", title=7.0)
    assert unsaved.enter(USER, "/second", StreamSettings(title="Mine")).title == "Mine"
    assert (unsaved.times, unsaved.left()) == ({"title": 7.0}, [])


# -- the file has it ----------------------------------------------------------------------


def test_stored__is_unsaved_no_more() -> None:
    unsaved = entered(USER, "/first", title=7.0, tags=8.0)
    assert unsaved.stored(USER, {"title": 7.0}) == ["title"]
    assert unsaved.times == {"tags": 8.0}


def test_stored__typed_on_meanwhile_it_is_still_unsaved() -> None:
    unsaved = entered(USER, "/first", title=7.0)
    unsaved.times["title"] = 7.5  # while the worker wrote the one before
    assert unsaved.stored(USER, {"title": 7.0}) == []
    assert unsaved.times == {"title": 7.5}


def test_stored__after_a_switch_it_waits_no_more_in_its_place() -> None:
    unsaved = entered(FIRST, "/first", title=7.0, tags=8.0)
    unsaved.enter(SECOND, "/second", StreamSettings(title="First"))
    unsaved.times["title"] = 7.0  # by chance at the same time
    assert unsaved.stored(FIRST, {"title": 7.0}) == []
    assert unsaved.times == {"title": 7.0}
    [(place, _, left)] = unsaved.left()
    assert (place, list(left)) == (FIRST, ["tags"])
    unsaved.stored(FIRST, {"tags": 8.0})
    assert unsaved.left() == []


def test_stored__of_a_place_that_nothing_waits_in_is_ignored() -> None:
    unsaved = entered(USER, "/first", title=7.0)
    assert unsaved.stored(SECOND, {"title": 7.0}) == []
    assert unsaved.times == {"title": 7.0}


# -- profiles -----------------------------------------------------------------------------


def test_left__of_a_profile_that_is_not_known_waits_for_it() -> None:
    """It was read from beside the fields, and another profile was in use by then."""
    unsaved = UnsavedSettings()
    unsaved.read(json.dumps({"title": 7.0, "place": FIRST}))
    unsaved.enter(SECOND, "/second", StreamSettings(title="First"))
    assert unsaved.left() == []
    assert unsaved.enter(FIRST, "/first", StreamSettings()).title == "First"


@pytest.mark.parametrize("in_use", [True, False])
def test_renamed__what_waits_goes_with_it(in_use: bool) -> None:
    unsaved = entered(FIRST, "/first", title=7.0)
    settings: Any = StreamSettings(title="First")
    if not in_use:
        unsaved.enter(USER, "/third", settings)
    unsaved.renamed("/first", "/new")
    new = place_of("/new", own=True)
    if in_use:
        assert unsaved.place == new
        unsaved.enter(USER, "/third", settings)
    assert [(place, profile) for place, profile, _ in unsaved.left()] == [(new, "/new")]


def test_renamed__another_profile_changes_nothing() -> None:
    unsaved = entered(FIRST, "/first", title=7.0)
    unsaved.renamed("/second", "/new")
    assert (unsaved.place, unsaved.times) == (FIRST, {"title": 7.0})
