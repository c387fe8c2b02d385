"""What is wanted of Velora, what of it can be sent, and to whose channel."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core import errors
from velora_core.api.models import Category, StreamInfoUpdate
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.features.pending_update import (
    FollowedStream,
    PendingUpdate,
    combined,
    describe_update,
    merged,
    settings_from_plain,
)

MUSIC = Category("music", "Music")
FULL = StreamSettings(title=" Hello ", category="Music", tags=("a", " A", "b"))


class Categories:
    """Stands for `CategorySearch`: answers, or fails, as a test says."""

    def __init__(self, *answers: Category | errors.VeloraError) -> None:
        self.answers = list(answers)
        self.asked = 0

    def resolve(self, settings: StreamSettings) -> Category:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, errors.VeloraError):
            raise answer
        return answer


def composed(
    pending: PendingUpdate, *answers: Category | errors.VeloraError, live: LiveStatus | None = None
) -> tuple[StreamInfoUpdate, list[errors.VeloraError]]:
    categories: Any = Categories(*answers)
    return pending.compose(categories, lambda: live)


def pending_of(settings: StreamSettings, **more: Any) -> PendingUpdate:
    return PendingUpdate(settings, None, **more)


# -- what can be sent -----------------------------------------------------------------------


def test_compose__all_of_it() -> None:
    update, left_out = composed(pending_of(FULL), MUSIC)
    assert update == StreamInfoUpdate(title="Hello", category_slug="music", tags=("a", "b"))
    assert left_out == []


def test_compose__nothing_entered_asks_nobody() -> None:
    assert composed(pending_of(StreamSettings(title=" ", category=" "))) == (
        StreamInfoUpdate(),
        [],
    )


@pytest.mark.parametrize(("emptied", "tags"), [(False, None), (True, ())])
def test_compose__no_tags_are_sent_only_where_velora_has_some(
    emptied: bool, tags: tuple[str, ...] | None
) -> None:
    update, _ = composed(pending_of(StreamSettings(tags_on_velora=emptied)))
    assert update.tags == tags


def test_compose__a_category_that_is_none_is_asked_about_once() -> None:
    pending = pending_of(FULL)
    none = errors.InvalidInput("error.other_channel")
    for answers in ([none], []):
        update, left_out = composed(pending, *answers)
        assert update == StreamInfoUpdate(title="Hello", tags=("a", "b"))
        assert left_out == [none]


def test_compose__a_category_that_is_known_is_not_asked_about_again() -> None:
    pending = pending_of(FULL)
    composed(pending, MUSIC)
    update, _ = composed(pending)
    assert update.category_slug == "music"


def test_compose__a_category_that_could_not_be_found_out_is_the_next_time() -> None:
    pending = pending_of(FULL)
    update, [error] = composed(pending, errors.TimedOut())
    assert update.category_slug is None
    assert isinstance(error, errors.CategoryUnchecked)
    assert pending.unchecked is not None
    update, left_out = composed(pending, MUSIC)
    assert (update.category_slug, left_out) == ("music", [])
    unchecked: object = pending.unchecked
    assert unchecked is None


def test_compose__who_may_not_ask_sends_nothing() -> None:
    with pytest.raises(errors.Unauthorized):
        composed(pending_of(FULL), errors.Unauthorized())


def test_compose__each_bad_entry_is_named_and_the_rest_is_sent() -> None:
    settings = StreamSettings(title="x" * 500, category="Music", tags=("fine", "a\x00b"))
    update, left_out = composed(pending_of(settings), MUSIC)
    assert update == StreamInfoUpdate(category_slug="music")
    assert len(left_out) == 2
    assert str(combined(left_out)) == " ".join(map(str, left_out))
    assert combined(left_out[:1]) is left_out[0]


# -- variables ------------------------------------------------------------------------------


def test_title__its_variables_are_those_of_the_moment_when_it_was_wanted() -> None:
    pending = pending_of(StreamSettings(title="{scene} {category}", category="Music"))
    pending.variables = {"scene": "Start", "preset": "", "game": "", "count": "1"}
    first, _ = composed(pending, MUSIC)
    pending.variables = {**pending.variables, "scene": "Later"}
    again, _ = composed(pending)
    assert first.title == again.title == "Start Music"


@pytest.mark.parametrize(
    ("settings", "answers", "title"),
    [
        (StreamSettings(title="{category}"), [], "Chess"),  # the running stream's
        (StreamSettings(title="{category}", category="Music"), [MUSIC], "Music"),
        (StreamSettings(title="{category}", category=" typed "), [errors.TimedOut()], "typed"),
    ],
)
def test_title__may_name_the_category(
    settings: StreamSettings, answers: list[Any], title: str
) -> None:
    update, _ = composed(pending_of(settings), *answers, live=LiveStatus(category="Chess"))
    assert update.title == title


def test_title__an_unknown_variable_is_named_and_the_rest_is_sent() -> None:
    update, [error] = composed(pending_of(FULL._replace(title="{scen}")), MUSIC)
    assert update == StreamInfoUpdate(category_slug="music", tags=("a", "b"))
    assert isinstance(error, errors.VariableUnknown)
    assert "{scen}" in str(error)


# -- whose channel --------------------------------------------------------------------------


def test_owner__may_be_tried_again_but_by_nobody_else() -> None:
    pending = pending_of(FULL)
    pending.belong_to("first")
    pending.belong_to("first")
    with pytest.raises(errors.InvalidInput, match="another channel"):
        pending.belong_to("second")
    assert pending.owner == "first"


def test_owner__another_one_gets_only_what_was_wanted_since() -> None:
    pending = pending_of(FULL)
    pending.owner, pending.own_part = "first", StreamSettings(tags=("new",))
    pending.belong_to("second")
    assert pending.settings == StreamSettings(tags=("new",))
    with pytest.raises(errors.InvalidInput):
        pending.belong_to("first")


# -- the next application -------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        StreamSettings(title="Hello", category="music", category_name="Music", tags=("a",)),
        StreamSettings(title="{scene} {{x}}"),
        StreamSettings(tags_on_velora=True),
        StreamSettings(),
    ],
)
def test_handed_over__is_what_it_was(settings: StreamSettings) -> None:
    pending = pending_of(settings)
    pending.owner, pending.own_part = "first", StreamSettings(title="Own")
    plain = pending.to_plain()
    again = pending_of(settings_from_plain(plain))
    again.take_over(plain)
    assert again.settings == settings
    assert (again.owner, again.own_part) == ("first", StreamSettings(title="Own"))
    assert again.to_plain() == plain


def test_handed_over__of_a_version_that_knew_less() -> None:
    plain = {"title": "Hello", "category": "", "tags": ["a"]}
    again = pending_of(settings_from_plain(plain))
    again.take_over(plain)
    assert again.settings == StreamSettings(title="Hello", tags=("a",))
    assert (again.owner, again.own_part) == ("", None)


def test_handed_over__a_finished_title_is_not_filled_in_again() -> None:
    pending = pending_of(StreamSettings(title="{scene}"))
    pending.variables = {"scene": "{count}", "preset": "", "game": "", "count": "1"}
    assert composed(pending)[0].title == "{count}"
    again = pending_of(settings_from_plain(pending.to_plain()))
    assert composed(again)[0].title == "{count}"


# -- the stream -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_hand", "tries", "over", "obsolete"),
    [
        (False, 0, False, False),
        (False, 0, True, True),
        (True, 0, True, False),  # somebody has asked for it since
        (True, 1, True, True),
        (True, 1, False, False),
    ],
)
def test_obsolete__once_its_stream_has_ended(
    by_hand: bool, tries: int, over: bool, obsolete: bool
) -> None:
    stream = FollowedStream(0.0)
    pending = PendingUpdate(FULL, stream, by_hand=by_hand)
    pending.tries, stream.over = tries, over
    assert pending.obsolete is obsolete


def test_obsolete__never_without_a_stream() -> None:
    pending = pending_of(FULL)
    pending.tries = 3
    assert not pending.obsolete


# -- parts and words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (StreamSettings(), FULL),
        (StreamSettings(title="New"), FULL._replace(title="New")),
        (StreamSettings(tags=("c",)), FULL._replace(tags=("c",))),
        (StreamSettings(tags_on_velora=True), FULL._replace(tags=(), tags_on_velora=True)),
        (
            StreamSettings(category="chess", category_name="Chess"),
            FULL._replace(category="chess", category_name="Chess"),
        ),
    ],
)
def test_merged__has_what_was_wanted_before(part: StreamSettings, whole: StreamSettings) -> None:
    assert merged(part, FULL) == whole


def test_merged__a_category_without_a_name_has_not_the_others() -> None:
    before = FULL._replace(category_name="Music")
    assert merged(StreamSettings(category="chess"), before).category_name == ""


def test_describe__in_words() -> None:
    assert describe_update(StreamInfoUpdate(), None, ()) == ""
    update = StreamInfoUpdate(title="Hello", category_slug="music", tags=("a",))
    assert "Music" in describe_update(update, MUSIC, ())
    assert describe_update(update, MUSIC, ()) == describe_update(update, None, (MUSIC,))
    assert "“Hello”" in describe_update(update, None, ())
