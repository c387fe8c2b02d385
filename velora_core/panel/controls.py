"""The panel's fields and buttons, with their captions, their help and what greys a button out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from velora_core.messages import message
from velora_core.messages.program import spoken_for

from .action_scopes import ACTION_SCOPES
from .elements import Action, Element, Kind, Option, Value

if TYPE_CHECKING:
    from velora_core.app.account import Account

__all__ = ["button", "field", "only_if"]


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
    obstacle = account.obstacle(ACTION_SCOPES[action]) if account else None
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
