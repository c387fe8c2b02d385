"""What the panel's groups are made of: elements with their captions, help and obstacles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from velora_core.messages import message, spoken_for

from .elements import Action, Element, Kind, Option, Value

if TYPE_CHECKING:
    from velora_core.app.account import Account
    from velora_core.host.host import Capabilities

__all__ = ["Facts", "button", "facts_of", "field", "only_if"]

_SCOPES: Final[Mapping[Action, str]] = {
    Action.CONFIGURE: "stream:key",
    Action.USE_RTMP: "stream:key",
    Action.USE_MY_KEY: "stream:key",
    Action.REGENERATE: "stream:key",
    Action.COPY_ADDRESS: "stream:key",
    Action.COPY_KEY: "stream:key",
    Action.UPDATE_NOW: "stream:write",
    Action.LOAD: "stream:read",
    Action.OPEN_CHANNEL: "user:read",
    Action.OPEN_CHAT: "user:read",
    Action.PUT_BACK: "stream:write",
}
"""What Velora must have allowed for an action."""


class Facts(NamedTuple):
    """What is neither in the state nor in the fields.

    Attributes:
        profile: id of the profile in use.
        in_profile: words that name it, for a sentence that may be read when another one is in use;
            empty where there is only one.
        protocols: those that a stream can go out by.
        text_sources: the names of the text sources in the scenes.
        sign_in_address: Velora's page for the sign-in that waits for the user; else empty.
        variables: what a title may name, but for the category.
        host: what the broadcasting software is called.
        set_up: whether the profile streams to Velora.
        fits_encoder: whether the encoder can be set for one stream.
        keeps_fields: whether the broadcasting software keeps the fields, with its scenes.
        answered: key of the button that the status answers, where that is out of sight.
        answered_in: the section in which that button was pressed.
        scrolled: whether the panel may have been scrolled before that button was pressed: what is
            above it may not become lower then, or the answer would leave the view.
        sets: whether the software can be set up from here.
        told: whether somebody, or Velora, has to tell when it streams.
        texts: whether texts on the picture can be set.
        scenes: whether the software tells which scene viewers see.
        has_page: whether the panel can be had as a page, too.
        tells_captures: whether the broadcasting software tells which programs it captures.
    """

    profile: str = ""
    protocols: tuple[str, ...] = ()
    text_sources: tuple[str, ...] = ()
    sign_in_address: str = ""
    variables: Mapping[str, str] = MappingProxyType({})
    host: str = ""
    set_up: bool = False
    fits_encoder: bool = True
    keeps_fields: bool = False
    answered: str = ""
    answered_in: str = ""
    scrolled: bool = False
    sets: bool = True
    told: bool = False
    texts: bool = True
    scenes: bool = True
    has_page: bool = False
    tells_captures: bool = False
    in_profile: str = ""


def facts_of(able: Capabilities, **rest: Any) -> Facts:
    """Return the facts of a broadcasting software, with the rest of them."""
    return Facts(
        host=able.name,
        protocols=able.protocols,
        fits_encoder=able.fits_encoder,
        sets=able.sets,
        told=not able.tells_started,
        texts=able.texts,
        scenes=able.scenes,
        **rest,
    )


def field(
    kind: Kind,
    key: str,
    *,
    label: str | None = None,
    help: str | None = None,  # noqa: A002 - as the element has it
    visible: bool = True,
    value: Value = "",
    options: tuple[Option, ...] = (),
    limits: tuple[int, int] = (0, 0),
    redraws: bool = False,
    derived: bool = False,
) -> Element:
    """Return a field with its caption and its help."""
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
        derived=derived,
    )


def button(action: Action, account: Account | None = None, *, visible: bool = True) -> Element:
    """Return the button for an action; with the account, it says why the action can't be done."""
    obstacle = account.obstacle(_SCOPES[action]) if account else None
    return _button(action, obstacle, visible, spoken_for())


@lru_cache(maxsize=256)  # most of them are the same at each keystroke
def _button(action: Action, obstacle: str | None, visible: bool, _program: str) -> Element:
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


def only_if(visible: bool, element: Element) -> Element:
    """Return an element that is shown where it was, and only if something more is so."""
    return element if visible or not element.visible else element._replace(visible=False)
