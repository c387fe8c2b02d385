"""What the panel shows in a state, and what the fields mean: decided here and nowhere else.

To add an element, put it into its group below. A host draws whatever it finds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from velora_core.app.account import Account, TokenOrigin
from velora_core.app.categories import CategoryChoices, choices_of
from velora_core.app.state import Previous, State, StatusLevel, StreamSettings
from velora_core.auth.client_registration import redirect_uri
from velora_core.features.live_monitor import INTERVALS
from velora_core.messages import message, shorten

from .elements import Action, Element, Kind, Option, Panel
from .parts import Facts, button, field, group
from .presets import presets_section
from .title import template_warning, title_line

if TYPE_CHECKING:
    pass

__all__ = ["Facts", "build_panel"]

_PORTS: Final = (1024, 65535)


def build_panel(state: State, settings: StreamSettings, facts: Facts) -> Panel:
    """Return what is shown now.

    Args:
        state: where things stand.
        settings: what the fields hold.
        facts: the rest.
    """
    account = state.account
    return Panel(
        (
            Element(Kind.NOTICE, "status", text=state.status, tone=state.tone),
            group("account", *_account(account)),
            group("browser", *_browser(facts), visible=bool(facts.sign_in_address)),
            group("app", *_app(account, settings), visible=account.can_register),
            group("token", *_token(account), visible=account.can_paste),
            group("setup", *_setup(state, settings, facts)),
            group("info", *_info(state, settings, facts)),
            group("presets", *presets_section(state, settings)),
            group("live", *_live(state, settings, facts)),
            group("key", *_key(state, facts)),
            *_kept(settings),
        )
    )


def _account(account: Account) -> tuple[Element, ...]:
    out = account.origin in (TokenOrigin.SIGNED_IN, TokenOrigin.ENTERED)
    return (
        Element(Kind.NOTICE, "account_line", text=account.sentence),
        Element(
            Kind.NOTICE,
            "register",
            text=message("panel.registered" if account.client_known else "panel.register"),
            rich=True,
            visible=account.can_register,
        ),
        button(Action.SIGN_IN, visible=account.can_sign_in),
        button(Action.SIGN_OUT, visible=out),
        button(Action.CHECK),
    )


def _browser(facts: Facts) -> tuple[Element, ...]:
    return (field(Kind.ADDRESS, "sign_in_address", value=facts.sign_in_address),)


def _app(account: Account, settings: StreamSettings) -> tuple[Element, ...]:
    address = redirect_uri(account.preset_port or settings.redirect_port)
    return (
        field(Kind.ADDRESS, "redirect_address", value=address),
        field(Kind.SECRET, "client_id")._replace(masked=False),
        field(Kind.SECRET, "client_secret"),
        field(
            Kind.NUMBER, "redirect_port", value=settings.redirect_port, limits=_PORTS, redraws=True
        ),
    )


def _token(account: Account) -> tuple[Element, ...]:
    token = field(Kind.SECRET, "access_token")
    if account.origin is TokenOrigin.ENVIRONMENT:
        token = token._replace(enabled=False, help=message("panel.token_from_environment"))
    return (token,)


def _setup(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    account, srt = state.account, settings.protocol == "srt"
    protocols = tuple(Option(name.upper(), name) for name in facts.protocols)
    return (
        field(Kind.CHOICE, "protocol", value=settings.protocol, options=protocols, redraws=True),
        field(Kind.TEXT, "srt_form", value=settings.srt_form, visible=srt),
        field(Kind.CHECKBOX, "suit_encoder", value=settings.suit_encoder),
        button(Action.CONFIGURE, account),
        button(Action.USE_RTMP, account, visible=state.offers_rtmp),
        field(Kind.CHECKBOX, "by_plugin", value=settings.by_plugin),
    )


def _info(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    line = title_line(settings, facts)
    choices = choices_of(state.known, state.categories)
    starred = settings.category in {one.slug for one in state.known.starred}
    return (
        field(Kind.TEXT, "title", value=settings.title, redraws=True),
        Element(
            Kind.NOTICE, "title_count", text=line.text, visible=bool(line.text), tone=line.tone
        ),
        field(
            Kind.EDITABLE_CHOICE,
            "category_entry",
            label=message("panel.category"),
            help=message("panel.category_help"),
            value=choices.shown(settings.category, settings.category_name),
            options=_category_options(choices),
        ),
        button(Action.FIND_CATEGORY),
        button(Action.STAR_CATEGORY, visible=bool(settings.category_name))._replace(
            label=message("button.unstar_category" if starred else "button.star_category")
        ),
        field(Kind.LIST, "tags", value=settings.tags),
        # No help: OBS's icon for it would hide the end of the caption.
        field(Kind.CHECKBOX, "update_on_start", help="", value=settings.update_on_start),
        button(Action.UPDATE_NOW, state.account),
        button(Action.LOAD, state.account),
        button(Action.REFRESH),
    )


def _live(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    source = settings.text_source
    sources = (
        Option(message("panel.no_text_source"), ""),
        *(Option(shorten(name), name) for name in facts.text_sources),
    )
    template = settings.texts.get(source, "")
    warning = template_warning(template)
    return (
        Element(Kind.NOTICE, "live_line", text=state.live_summary),
        button(Action.OPEN_CHANNEL, state.account),
        button(Action.OPEN_CHAT, state.account),
        field(
            Kind.ADDRESS,
            "chat_address",
            value=state.chat_address,
            visible=bool(state.chat_address),
        ),
        field(Kind.NUMBER, "live_interval", value=settings.live_interval, limits=INTERVALS),
        field(Kind.CHOICE, "text_source", value=source, options=sources, redraws=True),
        field(Kind.TEXT, "text_template", value=template, visible=bool(source)),
        Element(Kind.NOTICE, "template_warning", text=warning, tone=StatusLevel.WARNING)._replace(
            visible=bool(source and warning)
        ),
    )


def _key(state: State, facts: Facts) -> tuple[Element, ...]:
    asking, previous = state.asks_about(facts.profile), state.previous.get(facts.profile)
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
        button(Action.REGENERATE, state.account, visible=not state.confirming),
        button(Action.CONFIRM_REGENERATE, visible=state.confirming),
        button(Action.CANCEL_REGENERATE, visible=state.confirming),
        Element(
            Kind.NOTICE,
            "previous",
            text=_previous_sentence(previous) if previous else "",
            visible=previous is not None,
        ),
        button(Action.RESTORE, visible=previous is not None)._replace(
            help=message("panel.restore_help", service=previous.service) if previous else ""
        ),
    )


def _kept(settings: StreamSettings) -> tuple[Element, ...]:
    """Return what belongs to the fields and has none of its own."""
    templates = json.dumps(dict(settings.texts)) if settings.texts else ""
    return (
        Element(Kind.KEPT, "category", value=settings.category),
        Element(Kind.KEPT, "category_name", value=settings.category_name),
        Element(Kind.KEPT, "tags_on_velora", value=settings.tags_on_velora),
        Element(Kind.KEPT, "text_templates", value=templates),
    )


def _previous_sentence(previous: Previous) -> str:
    name = "panel.previous_since" if previous.day else "panel.previous"
    sentence = message(name, service=previous.service, day=previous.day)
    if previous.more:
        sentence += " " + message("panel.previous_more", count=previous.more)
    return sentence


@lru_cache(maxsize=1)  # they are the same at each keystroke
def _category_options(choices: CategoryChoices) -> tuple[Option, ...]:
    return tuple(Option(label, label) for label in choices.entries)
