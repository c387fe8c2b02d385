"""What the panel shows, as a value: no broadcasting software, no thread, no network."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core.api.models import Category
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.live_status import LiveStatus, Viewers
from velora_core.app.state import Previous, State, StatusLevel, StreamSettings
from velora_core.auth.scopes import SCOPES
from velora_core.messages import message
from velora_core.panel.answers import Answered, place_answer
from velora_core.panel.build import build_panel
from velora_core.panel.elements import FIELDS, Action, Kind, Option, Panel
from velora_core.panel.facts import Facts

READING = Account(TokenOrigin.READING)
NOBODY = Account(TokenOrigin.NONE)
PRESET = Account(TokenOrigin.NONE, client_known=True, client_preset=True)
ENVIRONMENT = Account(TokenOrigin.ENVIRONMENT)
ENTERED = Account(TokenOrigin.ENTERED)
SIGNED_IN = Account(TokenOrigin.SIGNED_IN, "Some Body", 0.0, frozenset(SCOPES))
ACCOUNTS = (READING, NOBODY, PRESET, ENVIRONMENT, ENTERED, SIGNED_IN)

FACTS = Facts("main", ("rtmp", "srt", "whip"), ("Banner", "Count"), tells_captures=True)
WITHOUT_WRITE = SIGNED_IN._replace(scopes=frozenset(SCOPES) - {"stream:write"})
PAGES = "open_channel open_chat"
APP = "redirect_address client_id client_secret redirect_port"
SETTINGS = StreamSettings()
CATEGORIES = (Category("music", "Music"), Category("just-chatting", "Just Chatting"))


def panel(
    account: Account = SIGNED_IN,
    settings: StreamSettings = SETTINGS,
    facts: Facts = FACTS,
    **state: Any,
) -> Panel:
    return build_panel(State("Status.", account=account, **state), settings, facts)


def shown(panel: Panel) -> set[str]:
    return {
        element.key
        for element in panel.walk()
        if element.kind is not Kind.KEPT and panel.shows(element.key)
    }


def test_keys__are_the_same_in_every_state() -> None:
    keys = [element.key for element in panel().walk()]
    assert len(set(keys)) == len(keys)
    for account in ACCOUNTS:
        for confirming in (True, False):
            found = panel(account, confirming=confirming, previous={"main": Previous("Other")})
            assert [element.key for element in found.walk()] == keys


def test_each_action__has_one_button() -> None:
    found = panel(facts=FACTS._replace(told=True))
    buttons = [element for element in found.walk() if element.kind is Kind.BUTTON]
    assert {button.action for button in buttons} == set(Action)
    assert all(button.action and button.key == button.action.value for button in buttons)
    assert len(buttons) == len(Action)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_field_and_button__has_help_or_explains_itself(account: Account) -> None:
    for element in panel(account, previous={"main": Previous("Other")}).walk():
        if element.kind in FIELDS | {Kind.BUTTON} and element.kind is not Kind.KEPT:
            assert element.help or element.key in ("category_entry", "update_on_start"), element.key
            assert element.label, element.key


def test_status__is_said_as_it_is_meant() -> None:
    found = panel(tone=StatusLevel.WARNING).find("status")
    assert (found.text, found.tone) == ("Status.", StatusLevel.WARNING)


@pytest.mark.parametrize(
    ("action", "scope"),
    [
        (Action.CONFIGURE, "stream:key"),
        (Action.USE_RTMP, "stream:key"),
        (Action.USE_MY_KEY, "stream:key"),
        (Action.REGENERATE, "stream:key"),
        (Action.UPDATE_NOW, "stream:write"),
        (Action.LOAD, "stream:read"),
    ],
)
def test_missing_scope__greys_out_and_explains(action: Action, scope: str) -> None:
    without = SIGNED_IN._replace(scopes=frozenset(SCOPES) - {scope})
    button = panel(without).find(action.value)
    assert not button.enabled
    assert scope in button.help
    for account in (SIGNED_IN, SIGNED_IN._replace(scopes=None)):
        button = panel(account).find(action.value)
        assert button.enabled
        assert button.help == message(f"panel.{action.value}_help")
    others = [
        element
        for element in panel(without).walk()
        if not element.enabled and element.key != button.key
    ]
    assert {scope in other.help for other in others} <= {True}


@pytest.mark.parametrize(
    ("account", "way", "keys"),
    [
        (READING, "", f"refresh account_line check {PAGES}"),
        (NOBODY, "", "configure sign_in token_line access_token"),
        (NOBODY, "app", f"sign_in use_token register {APP}"),
        (NOBODY._replace(client_known=True), "", "configure sign_in use_token"),
        (PRESET, "", "configure sign_in use_token"),
        (PRESET, "app", "configure sign_in use_token"),
        (PRESET, "token", "configure sign_in token_line access_token"),
        (ENVIRONMENT, "", f"account_line check access_token {PAGES}"),
        (ENTERED, "", f"account_line check sign_in sign_out token_line access_token {PAGES}"),
        (SIGNED_IN, "", f"account_line check sign_out {PAGES}"),
        (WITHOUT_WRITE, "", f"account_line check sign_in sign_out {PAGES}"),
    ],
)
def test_account__what_a_state_needs_is_shown(account: Account, way: str, keys: str) -> None:
    found = panel(account, StreamSettings(way=way, section="account"))
    assert shown(found) == {*keys.split(), "status", "group_fields", "section"}


@pytest.mark.parametrize("account", [ENTERED, SIGNED_IN])
def test_account__a_refused_token__shows_the_ways_in_and_no_more(account: Account) -> None:
    found = shown(panel(account, StreamSettings(section="account"), token_refused=True))
    assert {"configure", "sign_in", "sign_out"} <= found
    assert found & {"check", *PAGES.split()} == set()


def test_section__is_the_one_that_is_needed_until_one_is_chosen() -> None:
    def section(account: Account, chosen: str = "", **state: Any) -> object:
        return panel(account, StreamSettings(section=chosen), **state).find("section").value

    assert [section(item) for item in ACCOUNTS] == ["account"] * 3 + ["info"] * 3
    assert section(ENTERED, token_refused=True) == "account"
    assert section(NOBODY, "setup") == section(SIGNED_IN, "setup") == "setup"


@pytest.mark.parametrize(
    ("section", "set_up", "keys"),
    [
        ("", True, "update_now refresh find_category load title category_entry tags_entry"),
        (
            "",
            False,
            "configure update_now refresh find_category load title category_entry tags_entry",
        ),
        (
            "setup",
            True,
            "configure check regenerate restore previous load protocol update_on_start "
            "suit_encoder by_plugin",
        ),
        ("picture", True, "refresh text_source live_interval"),
    ],
)
def test_sections__each_shows_what_it_is_for(section: str, set_up: bool, keys: str) -> None:
    found = panel(
        settings=StreamSettings(section=section),
        facts=FACTS._replace(set_up=set_up),
        previous={"main": Previous("Other")},
    )
    assert shown(found) == {*keys.split(), "status", "group_fields", "section"}


def test_load__is_at_hand_while_the_fields_are_empty() -> None:
    assert panel().shows("load")
    for settings in (StreamSettings("T"), StreamSettings("", "c"), StreamSettings(tags=("a",))):
        assert not panel(settings=settings).shows("load")


def test_registered__is_said_with_the_way_on() -> None:
    assert "approve" in panel(NOBODY).find("register").text
    known = NOBODY._replace(client_known=True)
    assert panel(known).find("register").text.startswith("Your app is set: press Sign in")


def test_token_field__of_no_use_with_a_token_in_the_environment() -> None:
    found = panel(ENVIRONMENT).find("access_token")
    assert not found.enabled
    assert "VELORA_ACCESS_TOKEN" in found.help
    assert panel(NOBODY).find("access_token").enabled


def test_secrets__never_have_a_value() -> None:
    for account in ACCOUNTS:
        secrets = [element for element in panel(account).walk() if element.kind is Kind.SECRET]
        assert [secret.value for secret in secrets] == [""] * 3
        assert [secret.key for secret in secrets if not secret.masked] == ["client_id"]


def test_redirect_address__follows_the_port() -> None:
    address = panel(settings=StreamSettings(redirect_port=5000)).find("redirect_address")
    assert address.value == "http://localhost:5000/"
    preset = NOBODY._replace(preset_port=6000)
    assert panel(preset).find("redirect_address").value == "http://localhost:6000/"


def test_browser__is_shown_while_a_sign_in_waits() -> None:
    assert not panel(NOBODY).shows("sign_in_address")
    found = panel(NOBODY, facts=FACTS._replace(sign_in_address="https://velora.test/authorize"))
    assert found.shows("sign_in_address")
    assert found.shows("refresh")
    assert found.find("sign_in_address").value == "https://velora.test/authorize"


@pytest.mark.parametrize(
    ("title", "text", "tone"),
    [
        ("", "", StatusLevel.NORMAL),
        ("  ", "", StatusLevel.NORMAL),
        (" Hello ", "5/140", StatusLevel.NORMAL),
        ("x" * 140, "140/140", StatusLevel.NORMAL),
        ("x" * 152, "152/140: 12 too many, Velora will not accept it", StatusLevel.ERROR),
    ],
)
def test_title_count(title: str, text: str, tone: StatusLevel) -> None:
    count = panel(settings=StreamSettings(title=title)).find("title_count")
    assert (count.text, count.tone, count.visible) == (text, tone, bool(text))


def test_category__is_shown_by_name() -> None:
    def shown(category: str) -> object:
        settings = StreamSettings(category=category)
        return panel(settings=settings, categories=CATEGORIES).find("category_entry").value

    assert [shown(item) for item in ("music", "unknown", "")] == ["Music", "unknown", ""]
    options = panel(categories=CATEGORIES).find("category_entry").options
    assert Option("Just Chatting", "Just Chatting") in options


def test_protocols__are_those_that_the_software_has() -> None:
    assert panel().find("protocol").options == (
        Option("RTMP", "rtmp"),
        Option("SRT", "srt"),
        Option("WHIP", "whip"),
    )
    few = panel(facts=FACTS._replace(protocols=("rtmp",)))
    assert few.find("protocol").options == (Option("RTMP", "rtmp"),)


def test_template__belongs_to_the_chosen_source() -> None:
    settings = StreamSettings(section="picture", texts={"Count": "{viewers}"})
    assert not panel(settings=settings).shows("text_template")
    settings = settings._replace(text_source="Count")
    found = panel(settings=settings)
    assert found.shows("text_template")
    assert found.find("text_template").value == "{viewers}"
    assert found.find("text_source").options == (
        Option("(none)", ""),
        Option("Banner", "Banner"),
        Option("Count", "Count"),
    )


def test_live_line__says_how_the_stream_stands() -> None:
    assert panel().find("live_line").text == message("live.off")
    live = LiveStatus(True, Viewers().with_sample(4, 0.0), 10.0, "T", "", 0.0)
    assert "4 viewers" in panel(live=live).find("live_line").text
    assert panel(last_stream="It lasted.").find("live_line").text == "It lasted."


def test_live_line__is_not_there_while_the_status_says_it() -> None:
    assert panel(last_stream="It lasted.").shows("live_line")
    state = State("You are offline.\nIt lasted.", account=SIGNED_IN, last_stream="It lasted.")
    assert not build_panel(state, SETTINGS, FACTS).shows("live_line")


def test_new_key__takes_two_presses() -> None:
    names = ("regenerate", "regenerate_yes", "regenerate_no")
    setup = StreamSettings(section="setup")
    found = panel(settings=setup)
    assert [found.shows(name) for name in names] == [True, False, False]
    asked = panel(settings=setup, confirming=True)
    assert shown(asked) == {"status", *names[1:]}, "the question stands alone with its buttons"


def test_another_channels_key__is_asked_about_in_its_profile_only() -> None:
    names = ("key_question", "use_my_key", "keep_this_key")
    for account, profile, shown in (
        (SIGNED_IN, "main", True),
        (SIGNED_IN, "other", False),
        (NOBODY, "main", False),
    ):
        found = panel(account, asking=profile)
        assert [found.shows(name) for name in names] == [shown] * 3


def test_restore__shows_only_where_there_is_something_to_go_back_to() -> None:
    setup = StreamSettings(section="setup")
    assert not panel(settings=setup, previous={"other": Previous("Other")}).shows("restore")
    nothing = panel(settings=setup, previous={"main": Previous("a service without an address")})
    assert nothing.shows("restore")
    assert not nothing.shows("previous")
    found = panel(settings=setup, previous={"main": Previous("Other", "2023-11-14", 2)})
    assert found.shows("restore")
    assert "Other" in found.find("restore").help
    assert found.find("previous").text == (
        "Previous service, until 2023-11-14: Other. "
        "Earlier services that you can restore after it: 2."
    )


def test_previous_service__names_its_profile() -> None:
    """A panel that OBS has not drawn since still shows it when another profile is in use."""
    facts = FACTS._replace(in_profile=" in the profile “Main”")
    for previous, said in (
        (Previous("Other"), "Previous service in the profile “Main”: Other."),
        (
            Previous("Other", "2023-11-14"),
            "Previous service in the profile “Main”, until 2023-11-14: Other.",
        ),
    ):
        found = panel(
            settings=StreamSettings(section="setup"), facts=facts, previous={"main": previous}
        )
        assert found.find("previous").text == said
        assert "Puts back Other in the profile “Main”," in found.find("restore").help


def test_first_step__is_above_the_second() -> None:
    keys = [element.key for element in panel(NOBODY).elements if element.visible]
    assert keys.index("sign_in") < keys.index("configure")


def test_find__unknown_key() -> None:
    with pytest.raises(KeyError):
        panel().find("nothing")
    with pytest.raises(KeyError):
        panel().shows("nothing")


def test_categories__are_labelled_once() -> None:
    """The panel is built at each keystroke, and there may be hundreds of them."""
    many = tuple(Category(f"c-{number}", f"Name {number}") for number in range(300))
    first = panel(categories=many).find("category_entry").options
    assert (
        panel(settings=StreamSettings(title="typed"), categories=many)
        .find("category_entry")
        .options
        is first
    )


def test_answer__is_beside_a_button_that_is_far_down() -> None:
    setup = StreamSettings(section="setup")
    previous = {"main": Previous("Other")}
    near = panel(settings=setup, previous=previous)
    assert place_answer(near, "configure", Answered()) == Answered()
    assert place_answer(near, "restore", Answered()) == Answered("restore", "setup")
    state = State("A long status. " * 20, account=SIGNED_IN, previous=previous)
    far = place_answer(build_panel(state, setup, FACTS), "configure", Answered())
    assert far == Answered("configure", "setup", deep=far.deep)
    shown = panel(settings=setup, previous=previous, facts=FACTS._replace(answered="restore"))
    answered = shown.find("restore_answer")
    assert (answered.text, answered.visible) == ("Status.", True)
    assert not shown.shows("status")  # a large window would show both
    assert not near.shows("restore_answer")
    assert near.shows("status")
    elsewhere = FACTS._replace(answered="preset_apply", answered_in="presets")
    assert panel(settings=setup, previous=previous, facts=elsewhere).shows("status")


def test_answer__stays_where_its_button_was() -> None:
    setup = StreamSettings(section="setup")
    facts = FACTS._replace(answered="restore", answered_in="setup")
    restored = panel(settings=setup, facts=facts)
    assert not restored.shows("restore")  # there is nothing more to go back to
    assert restored.shows("restore_answer")
    elsewhere = panel(settings=StreamSettings(section="account"), facts=facts)
    assert not elsewhere.shows("restore_answer")
    assert elsewhere.shows("status")


def test_answer__stays_in_view_where_the_panel_was_scrolled_before() -> None:
    state = State("Velora now has a title. " * 10, account=SIGNED_IN)
    first = place_answer(build_panel(state, SETTINGS, FACTS), "refresh", Answered())
    assert first == Answered("refresh", "info", scrolled=False, deep=True)
    before = build_panel(state, SETTINGS, first.put_into(FACTS))
    assert before.shows("status")
    again = place_answer(before, "update_now", first)
    assert again == Answered("update_now", "info", scrolled=True, deep=False)
    now = panel(facts=again.put_into(FACTS))
    assert now.shows("update_now_answer")
    assert now.shows("status")  # without it, the answer would slip out above the view


def test_answer__stands_once_where_nobody_had_to_scroll() -> None:
    first = place_answer(panel(), "refresh", Answered())
    assert first == Answered("refresh", "info")
    again = place_answer(panel(facts=first.put_into(FACTS)), "update_now", first)
    now = panel(facts=again.put_into(FACTS))
    assert now.shows("status") is not now.shows("update_now_answer")


def test_answer__that_stood_alone_was_in_the_first_view() -> None:
    last = Answered("refresh", "info")
    before = panel(facts=last.put_into(FACTS))
    assert not before.shows("status")
    assert place_answer(before, "update_now", last) == Answered()


def test_answer__stands_once_after_a_panel_that_is_all_in_view() -> None:
    scrolled = Answered("set_count", "presets", scrolled=True, deep=True)
    small = panel(settings=StreamSettings(section="setup"), confirming=True)
    assert not place_answer(small, "regenerate_no", scrolled).scrolled
    large = build_panel(State("A long status. " * 20, account=SIGNED_IN), SETTINGS, FACTS)
    assert place_answer(large, "update_now", scrolled).scrolled


def test_text_sources__that_are_not_there_are_missed_in_words() -> None:
    settings = StreamSettings(section="picture")
    assert not panel(settings=settings).shows("no_text_sources")
    none = panel(settings=settings, facts=FACTS._replace(text_sources=()))
    assert none.shows("no_text_sources")
    unable = FACTS._replace(text_sources=(), texts=False)
    assert not panel(settings=settings, facts=unable).shows("no_text_sources")
