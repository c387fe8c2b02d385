"""What the panel shows in a state, and what the fields mean: decided here and nowhere else.

To add an element, put it into its group below. A host draws whatever it finds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.api.validation import title_count, too_long
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.categories import option_labels
from velora_core.app.state import Previous, State, StatusLevel, StreamSettings
from velora_core.auth.client_registration import redirect_uri
from velora_core.features.live_monitor import INTERVALS
from velora_core.messages import message, shorten

from .elements import Action, Element, Kind, Option, Panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velora_core.api.models import Category

__all__ = ["Facts", "build_panel"]

_SCOPES: Final[Mapping[Action, str]] = {
    Action.CONFIGURE: "stream:key",
    Action.USE_MY_KEY: "stream:key",
    Action.REGENERATE: "stream:key",
    Action.UPDATE_NOW: "stream:write",
    Action.LOAD: "stream:read",
}
"""What Velora must have allowed for an action."""

_PORTS: Final = (1024, 65535)


class Facts(NamedTuple):
    """What is neither in the state nor in the fields.

    Attributes:
        profile: id of the profile in use.
        protocols: those that a stream can go out by.
        text_sources: the names of the text sources in the scenes.
        sign_in_address: Velora's page for the sign-in that waits for the user; else empty.
    """

    profile: str = ""
    protocols: tuple[str, ...] = ()
    text_sources: tuple[str, ...] = ()
    sign_in_address: str = ""


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
            _group("account", *_account(account)),
            _group("browser", *_browser(facts), visible=bool(facts.sign_in_address)),
            _group("app", *_app(account, settings), visible=account.can_register),
            _group("token", *_token(account), visible=account.can_paste),
            _group("setup", *_setup(account, settings, facts)),
            _group("info", *_info(state, settings)),
            _group("live", *_live(state, settings, facts)),
            _group("key", *_key(state, facts)),
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
        _button(Action.SIGN_IN, visible=account.can_sign_in),
        _button(Action.SIGN_OUT, visible=out),
        _button(Action.CHECK),
    )


def _browser(facts: Facts) -> tuple[Element, ...]:
    return (_field(Kind.ADDRESS, "sign_in_address", value=facts.sign_in_address),)


def _app(account: Account, settings: StreamSettings) -> tuple[Element, ...]:
    address = redirect_uri(account.preset_port or settings.redirect_port)
    return (
        _field(Kind.ADDRESS, "redirect_address", value=address),
        _field(Kind.SECRET, "client_id")._replace(masked=False),
        _field(Kind.SECRET, "client_secret"),
        _field(
            Kind.NUMBER, "redirect_port", value=settings.redirect_port, limits=_PORTS, redraws=True
        ),
    )


def _token(account: Account) -> tuple[Element, ...]:
    field = _field(Kind.SECRET, "access_token")
    if account.origin is TokenOrigin.ENVIRONMENT:
        field = field._replace(enabled=False, help=message("panel.token_from_environment"))
    return (field,)


def _setup(account: Account, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    protocols = tuple(Option(name.upper(), name) for name in facts.protocols)
    return (
        _field(Kind.CHOICE, "protocol", value=settings.protocol, options=protocols),
        _field(Kind.CHECKBOX, "suit_encoder", value=settings.suit_encoder),
        _button(Action.CONFIGURE, account),
    )


def _info(state: State, settings: StreamSettings) -> tuple[Element, ...]:
    count = title_count(settings.title)
    labels = _category_labels(state.categories)
    category = labels.get(settings.category, settings.category)
    return (
        _field(Kind.TEXT, "title", value=settings.title, redraws=True),
        Element(
            Kind.NOTICE,
            "title_count",
            text=count,
            visible=bool(count),
            tone=StatusLevel.ERROR if too_long(settings.title) else StatusLevel.NORMAL,
        ),
        _field(
            Kind.EDITABLE_CHOICE,
            "category_entry",
            label=message("panel.category"),
            help=message("panel.category_help"),
            value=category,
            options=_category_options(state.categories),
        ),
        _field(Kind.LIST, "tags", value=settings.tags),
        # No help: OBS's icon for it would hide the end of the caption.
        _field(Kind.CHECKBOX, "update_on_start", help="", value=settings.update_on_start),
        _button(Action.UPDATE_NOW, state.account),
        _button(Action.LOAD, state.account),
        _button(Action.REFRESH),
    )


def _live(state: State, settings: StreamSettings, facts: Facts) -> tuple[Element, ...]:
    source = settings.text_source
    sources = (
        Option(message("panel.no_text_source"), ""),
        *(Option(shorten(name), name) for name in facts.text_sources),
    )
    template = settings.texts.get(source, "")
    return (
        Element(Kind.NOTICE, "live_line", text=state.live_summary),
        _field(Kind.NUMBER, "live_interval", value=settings.live_interval, limits=INTERVALS),
        _field(Kind.CHOICE, "text_source", value=source, options=sources, redraws=True),
        _field(Kind.TEXT, "text_template", value=template, visible=bool(source)),
    )


def _key(state: State, facts: Facts) -> tuple[Element, ...]:
    asking, previous = state.asks_about(facts.profile), state.previous.get(facts.profile)
    return (
        Element(
            Kind.NOTICE,
            "key_question",
            text=message("status.key_asked"),
            tone=StatusLevel.WARNING,
            visible=asking,
        ),
        _button(Action.USE_MY_KEY, state.account, visible=asking),
        _button(Action.KEEP_THIS_KEY, visible=asking),
        _button(Action.REGENERATE, state.account, visible=not state.confirming),
        _button(Action.CONFIRM_REGENERATE, visible=state.confirming),
        _button(Action.CANCEL_REGENERATE, visible=state.confirming),
        Element(
            Kind.NOTICE,
            "previous",
            text=_previous_sentence(previous) if previous else "",
            visible=previous is not None,
        ),
        _button(Action.RESTORE, visible=previous is not None)._replace(
            help=message("panel.restore_help", service=previous.service) if previous else ""
        ),
    )


def _kept(settings: StreamSettings) -> tuple[Element, ...]:
    """Return what belongs to the fields and has none of its own."""
    templates = json.dumps(dict(settings.texts)) if settings.texts else ""
    return (
        Element(Kind.KEPT, "category", value=settings.category),
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
def _category_labels(categories: tuple[Category, ...]) -> Mapping[str, str]:
    return option_labels(categories)


@lru_cache(maxsize=1)
def _category_options(categories: tuple[Category, ...]) -> tuple[Option, ...]:
    return tuple(Option(label, label) for label in _category_labels(categories).values())


def _group(key: str, *elements: Element, visible: bool = True) -> Element:
    label = message(f"panel.{key}")
    return Element(Kind.GROUP, f"group_{key}", label=label, visible=visible, elements=elements)


def _field(
    kind: Kind,
    key: str,
    *,
    label: str | None = None,
    help: str | None = None,  # noqa: A002 - as the element has it
    visible: bool = True,
    value: str | int | bool | tuple[str, ...] = "",
    options: tuple[Option, ...] = (),
    limits: tuple[int, int] = (0, 0),
    redraws: bool = False,
) -> Element:
    return Element(
        kind,
        key,
        label=message(f"panel.{key}") if label is None else label,
        help=message(f"panel.{key}_help") if help is None else help,
        visible=visible,
        value=value,
        options=options,
        limits=limits,
        redraws=redraws,
    )


def _button(action: Action, account: Account | None = None, *, visible: bool = True) -> Element:
    """Return the button for an action; with the account, it says why the action can't be done."""
    obstacle = account.obstacle(_SCOPES[action]) if account else None
    name = action.value
    return Element(
        Kind.BUTTON,
        name,
        label=message(f"button.{name}"),
        help=obstacle or ("" if action is Action.RESTORE else message(f"panel.{name}_help")),
        visible=visible,
        enabled=obstacle is None,
        action=action,
    )
