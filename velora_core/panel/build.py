"""What the panel shows in a state, and what the fields mean: decided here and nowhere else.

To add an element, put it into its group below. A host draws whatever it finds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from velora_core.app.account import Account, TokenOrigin
from velora_core.app.categories import CategoryChoices, choices_of
from velora_core.app.state import Previous, State, StatusLevel, StreamSettings
from velora_core.auth.client_registration import redirect_uri
from velora_core.messages import message

from .answers import answered, is_enough
from .controls import button, field, only_if
from .edit import join_tags
from .elements import Action, Element, Kind, Option, Panel, Section
from .facts import Facts
from .ownership import kept_elements, scope_choice
from .page import page_fields, page_rows
from .picture import missing_sources, picture_section
from .presets import presets_section
from .title import title_line

if TYPE_CHECKING:
    from collections.abc import Callable

    _On = Callable[..., bool]

__all__ = ["build_panel", "effective_section"]

_DELETING: Final = (Action.CONFIRM_PRESET_DELETE, Action.CANCEL_PRESET_DELETE)
_PORTS: Final = (1024, 65535)


# OBS shows a help as an icon beside the caption: what is long, or needs the room, has none.


def build_panel(
    state: State, settings: StreamSettings, facts: Facts, *, section: Section | None = None
) -> Panel:
    """Return what is shown now.

    Args:
        state: where things stand.
        settings: what the fields hold.
        facts: the rest.
        section: the one to show, whatever is chosen, for a view with room for all of them: a
            question does not hide the rest there.
    """
    roomy = section is not None
    section = section or effective_section(state, settings)
    deleting = bool(state.deleting) and state.deleting == settings.preset and not roomy
    asks = state.confirming or state.copying_key
    # A question stands alone with its buttons.
    plain = roomy or (not asks and not deleting)

    def on(*sections: Section) -> bool:
        return plain and section in sections

    presets = [
        only_if(
            (on(Section.PRESETS) or (deleting and element.action in _DELETING))
            and (facts.scenes or element.action is not Action.SCENE_TIE),
            element,
        )
        for element in presets_section(state, settings, facts)
    ]
    rows = [element for element in presets if element.kind in (Kind.BUTTON, Kind.NOTICE)]
    fields = [element for element in presets if element not in rows]
    status = _status(state)
    here = section.value if plain else ""  # a question's buttons are at the top
    buttons = answered((*_buttons(state, settings, facts, on), *rows), status, facts, here)
    question = _question(state, facts)
    alone = not (roomy or facts.scrolled) and is_enough(
        (*question, *buttons), f"{facts.answered}_answer"
    )
    return Panel(
        (
            status._replace(visible=not alone),  # a large window would show it twice
            *question,
            *buttons,
            *_notices(state, settings, facts, on),
            Element(
                Kind.GROUP,
                "group_fields",
                label=message(f"section.{section.value}"),
                visible=plain,
                elements=_fields(state, settings, facts, section, on, tuple(fields)),
            ),
            Element(
                Kind.NOTICE,
                "encoder_line",
                text=state.encoder_advice,
                tone=StatusLevel.WARNING,
                visible=on(Section.INFO, Section.SETUP)
                and bool(state.encoder_advice)
                and state.encoder_advice not in state.status
                and not (settings.suit_encoder and facts.fits_encoder),
            ),
            Element(
                Kind.NOTICE,
                "settings_line",
                text=state.settings_line,
                visible=on(Section.INFO, Section.SETUP) and bool(state.settings_line),
            ),
            *kept_elements(settings, state),
        )
    )


def effective_section(state: State, settings: StreamSettings) -> Section:
    """Return the section that is shown: the one that was chosen, or the one that is needed."""
    if settings.section:
        return Section(settings.section)
    origin = state.account.origin
    if origin in (TokenOrigin.NONE, TokenOrigin.READING) or state.token_refused:
        return Section.ACCOUNT
    return Section.INFO


def _status(state: State) -> Element:
    """Return the status; a question that waits for its answer is a part of it."""
    text, tone = state.status, state.tone
    for asked, name in (
        (state.confirming, "status.regenerate_sure"),
        (state.copying_key, "status.copy_key_sure"),
    ):
        if asked and message(name) not in text:
            text = f"{text}\n{message(name)}"
            tone = StatusLevel.WARNING if tone is StatusLevel.NORMAL else tone
    return Element(Kind.NOTICE, "status", text=text, tone=tone)


def _question(state: State, facts: Facts) -> tuple[Element, ...]:
    asking = state.asks_about(facts.profile) and not state.confirming and not state.copying_key
    return (
        Element(
            Kind.NOTICE,
            "key_question",
            text=message("status.key_asked", host=facts.host),
            tone=StatusLevel.WARNING,
            visible=asking,
        ),
        button(Action.USE_MY_KEY, state.account, visible=asking),
        button(Action.KEEP_THIS_KEY, visible=asking),
        button(Action.CONFIRM_REGENERATE, visible=state.confirming),
        button(Action.CANCEL_REGENERATE, visible=state.confirming),
        button(Action.CONFIRM_COPY_KEY, visible=state.copying_key),
        button(Action.CANCEL_COPY_KEY, visible=state.copying_key),
    )


def _buttons(state: State, settings: StreamSettings, facts: Facts, on: _On) -> tuple[Element, ...]:
    """Return them right below the status, so that their answers are where they are pressed."""
    account, previous = state.account, state.previous.get(facts.profile)
    origin = account.origin
    nobody = origin is TokenOrigin.NONE
    no_way_in = nobody or state.token_refused  # until there is one, the rest stands in its way
    out = origin in (TokenOrigin.SIGNED_IN, TokenOrigin.ENTERED)
    waits = bool(facts.sign_in_address) or account.uncertain or origin is TokenOrigin.READING
    empty = not (settings.title or settings.category or settings.tags)
    account_page = on(Section.ACCOUNT)
    starred = settings.category in {category.slug for category in state.known.starred}
    copyable = set(facts.protocols) - {"whip"}  # whose address has the key in it
    copies = bool(copyable) and (settings.by_plugin or not facts.sets) and not nobody
    first = facts.sets and (
        on(Section.SETUP)
        or (account_page and no_way_in and not _offers_app(account, settings))
        or (on(Section.INFO) and not facts.set_up)
    )
    token, environment = _offers_token(account, settings), origin is TokenOrigin.ENVIRONMENT
    return (
        button(
            Action.SIGN_IN,
            visible=account_page
            and (account.can_sign_in or origin is TokenOrigin.ENTERED or (out and no_way_in)),
        ),
        button(Action.CONFIGURE, account, visible=first),
        button(
            Action.USE_RTMP,
            account,
            visible=on(Section.INFO, Section.SETUP) and state.offers_rtmp,
        ),
        *(_told(state, on) if facts.told else ()),
        button(Action.UPDATE_NOW, account, visible=on(Section.INFO)),
        button(Action.FIND_CATEGORY, visible=on(Section.INFO)),
        button(
            Action.STAR_CATEGORY, visible=on(Section.INFO) and bool(settings.category_name)
        )._replace(label=message("button.unstar_category" if starred else "button.star_category")),
        button(
            Action.REFRESH,
            visible=on(Section.INFO, Section.PICTURE) or (account_page and waits),
        ),
        button(
            Action.USE_TOKEN,
            visible=account_page and account.can_paste and not token and not environment,
        ),
        button(Action.SIGN_OUT, visible=account_page and out),
        button(Action.OPEN_CHANNEL, account, visible=account_page and not no_way_in),
        button(Action.OPEN_CHAT, account, visible=account_page and not no_way_in),
        button(Action.CHECK, visible=on(Section.SETUP) or (account_page and not no_way_in)),
        button(
            Action.COPY_ADDRESS,
            account,
            visible=on(Section.SETUP) and copies,
        ),
        button(
            Action.COPY_KEY,
            account,
            visible=on(Section.SETUP) and copies,
        ),
        button(Action.REGENERATE, account, visible=on(Section.SETUP) and not nobody),
        button(Action.RESTORE, visible=on(Section.SETUP) and previous is not None)._replace(
            help=_of_previous("panel.restore_help", previous, facts) if previous else ""
        ),
        button(Action.LOAD, account, visible=on(Section.SETUP) or (on(Section.INFO) and empty)),
        *(only_if(facts.has_page and on(Section.PAGE), row) for row in page_rows(state, settings)),
    )


def _told(state: State, on: _On) -> tuple[Element, ...]:
    """Return the buttons that say whether a stream runs."""
    info = on(Section.INFO)
    return (
        button(Action.GO_LIVE, visible=info and not state.followed),
        button(Action.HAVE_STOPPED, visible=info and state.followed),
    )


def _notices(state: State, settings: StreamSettings, facts: Facts, on: _On) -> tuple[Element, ...]:
    account, previous = state.account, state.previous.get(facts.profile)
    live = state.live is not None or bool(state.last_stream)
    live = live and state.live_summary not in state.status  # said there already
    setup = on(Section.SETUP)
    register = "panel.registered" if account.client_known else "panel.register"
    return (
        Element(
            Kind.NOTICE,
            "previous",
            text=_previous_sentence(previous, facts) if previous else "",
            visible=setup and _is_worth_a_line(previous),
        ),
        Element(
            Kind.NOTICE,
            "live_line",
            text=state.live_summary,
            visible=on(Section.INFO, Section.PICTURE) and live,
        ),
        missing_sources(facts, shown=on(Section.PICTURE)),
        Element(
            Kind.NOTICE,
            "account_line",
            text=account.sentence,
            visible=on(Section.ACCOUNT)
            and (account.origin is not TokenOrigin.NONE or account.hidden),
        ),
        Element(
            Kind.NOTICE,
            "token_line",
            text=message("panel.token_from"),
            rich=True,
            visible=on(Section.ACCOUNT)
            and _offers_token(account, settings)
            and account.origin is not TokenOrigin.ENVIRONMENT,
        ),
        Element(
            Kind.NOTICE,
            "register",
            text=message(register),
            rich=True,
            visible=on(Section.ACCOUNT) and _offers_app(account, settings),
        ),
        # Not among the fields that have a label to the left, beside which they are too wide.
        field(
            Kind.CHECKBOX,
            "update_on_start",
            help="",
            visible=setup,
            value=settings.update_on_start,
        ),
        field(
            Kind.CHECKBOX,
            "suit_encoder",
            visible=setup and facts.fits_encoder,
            value=settings.suit_encoder,
            redraws=True,
        ),
        field(
            Kind.CHECKBOX,
            "by_plugin",
            visible=setup and facts.sets,
            value=settings.by_plugin,
            redraws=True,
        ),
    )


def _offers_token(account: Account, settings: StreamSettings) -> bool:
    """Return whether the field for an access token is shown: it is the way in without an app."""
    if not account.can_paste:
        return False
    chosen = settings.way or ("app" if account.client_known else "token")
    return chosen == "token"


def _offers_app(account: Account, settings: StreamSettings) -> bool:
    """Return whether the fields for an app of one's own are shown."""
    possible = account.origin in (TokenOrigin.NONE, TokenOrigin.ENTERED)
    return possible and not account.client_preset and settings.way == "app"


def _fields(
    state: State,
    settings: StreamSettings,
    facts: Facts,
    section: Section,
    on: _On,
    presets: tuple[Element, ...],
) -> tuple[Element, ...]:
    elements = {
        Section.INFO: _info(state, settings, facts),
        Section.ACCOUNT: _account(state, settings, facts),
        Section.SETUP: _setup(state, settings, facts),
        Section.PICTURE: picture_section(settings, facts),
        Section.PAGE: page_fields(state, settings),
    }
    shown = [only_if(on(room), element) for room, found in elements.items() for element in found]
    options = tuple(
        Option(message(f"section.{section.value}"), section.value)
        for section in Section
        if section is not Section.PAGE or facts.has_page
    )
    choice = field(
        Kind.CHOICE, "section", value=section.value, options=options, redraws=True, derived=True
    )
    return (*shown, *presets, choice)


def _info(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    line = title_line(settings, facts)
    choices = choices_of(state.known, state.categories)
    return (
        field(Kind.TEXT, "title", value=settings.title, redraws=True),
        Element(
            Kind.NOTICE, "title_count", text=line.text, visible=bool(line.text), tone=line.tone
        ),
        field(
            Kind.EDITABLE_CHOICE,
            "category_entry",
            label=message("panel.category"),
            help="",
            value=choices.shown(settings.category, settings.category_name),
            options=_category_options(choices),
            derived=True,
        ),
        field(
            Kind.TEXT,
            "tags_entry",
            label=message("panel.tags"),
            help=message("panel.tags_help"),
            value=join_tags(settings.tags),
            derived=True,
        ),
    )


def _account(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    account = state.account
    offered = _offers_token(account, settings)
    token = field(Kind.SECRET, "access_token", visible=offered, redraws=True)
    if account.origin is TokenOrigin.ENVIRONMENT:
        token = token._replace(enabled=False, help=message("panel.token_from_environment"))
    address = redirect_uri(account.preset_port or settings.redirect_port)
    app = _offers_app(account, settings)
    return (
        field(
            Kind.ADDRESS,
            "sign_in_address",
            value=facts.sign_in_address,
            visible=bool(facts.sign_in_address),
        ),
        token,
        field(
            Kind.ADDRESS,
            "chat_address",
            value=state.chat_address,
            visible=bool(state.chat_address),
        ),
        field(Kind.ADDRESS, "redirect_address", help="", value=address, visible=app),
        field(Kind.SECRET, "client_id", visible=app)._replace(masked=False),
        field(Kind.SECRET, "client_secret", visible=app),
        field(
            Kind.NUMBER,
            "redirect_port",
            value=settings.redirect_port,
            limits=_PORTS,
            redraws=True,
            visible=app,
        ),
    )


def _setup(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    protocols = tuple(Option(name.upper(), name) for name in facts.protocols)
    form, srt = settings.srt_form, settings.protocol == "srt"
    return (
        field(
            Kind.CHOICE,
            "protocol",
            help=None if facts.sets else message("panel.protocol_copy_help"),
            visible=len(protocols) > 1,
            value=settings.protocol,
            options=protocols,
            redraws=True,
        ),
        field(Kind.TEXT, "srt_form", value=form, visible=srt and facts.sets and len(protocols) > 1),
        scope_choice(state, settings, facts),
    )


def _is_worth_a_line(previous: Previous | None) -> bool:
    """Return whether there is more to say of it than that OBS was never set up."""
    unnamed = message("service.unnamed")
    return previous is not None and (previous.service != unnamed or bool(previous.more))


def _of_previous(name: str, previous: Previous, facts: Facts) -> str:
    return message(name, in_profile=facts.in_profile, service=previous.service, day=previous.day)


def _previous_sentence(previous: Previous, facts: Facts) -> str:
    name = "panel.previous_since" if previous.day else "panel.previous"
    sentence = _of_previous(name, previous, facts)
    if previous.more:
        sentence += " " + message("panel.previous_more", count=previous.more)
    return sentence


@lru_cache(maxsize=4)  # they are the same at each keystroke
def _category_options(choices: CategoryChoices) -> tuple[Option, ...]:
    return tuple(Option(label, label) for label in choices.entries)
