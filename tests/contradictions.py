"""What a panel must never show, wherever it is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from velora_core.messages import message

__all__ = ["QUESTIONS", "Shown", "contradictions"]

QUESTIONS: Final = {
    "status.regenerate_sure": {"regenerate_yes", "regenerate_no"},
    "status.copy_key_sure": {"copy_key_yes", "copy_key_no"},
}
"""By the question, the buttons that stand with it and with nothing else."""
_TIMED: Final = (
    "You are live on Velora",
    "You are offline",
    "Velora does not show your stream yet",
)
_NEVER_IN_THE_STATUS: Final = ("You have been live",)


class Shown(NamedTuple):
    """A panel as somebody sees it, and how things are.

    Attributes:
        status: its lines.
        live_line: the line on the stream; empty where it isn't shown.
        buttons: the keys of those that are shown.
        nobody: whether nobody is signed in.
        set_up: by the profile's name, whether it streams to Velora, where that can be said.
        previous: the line on the service that can be restored; empty where it isn't shown.
        host: what the broadcasting software is called.
    """

    status: str
    live_line: str
    buttons: frozenset[str]
    nobody: bool
    set_up: Mapping[str, bool]
    previous: str = ""
    host: str = "OBS"


def contradictions(shown: Shown) -> list[str]:
    """Return what is not as it is shown, or not shown as it is."""
    status, found = shown.status, []
    last = status.splitlines()[-1] if status else ""
    if not status:
        found.append("the status says nothing")
    if "(as of" not in status:
        found += [f"{said!r} is said without a time" for said in _TIMED if said in status]
    found += [f"the status says {said!r}" for said in _NEVER_IN_THE_STATUS if said in status]
    if "You have been live" in shown.live_line and "(as of" not in shown.live_line:
        found.append("the live line is said without a time")
    if last.startswith("Signed in as") and shown.nobody:
        found.append("nobody is signed in")
    if last == message("status.welcome", next=message("next.configure")) and not shown.nobody:
        found.append("somebody is signed in")
    if last.startswith("You are not signed in") and not shown.nobody:
        found.append("somebody is signed in, and it says nobody is")
    named = re.search("in the profile “(.*?)”", last)
    set_up = shown.set_up.get(named[1]) if named else None
    if last.startswith("Press Configure Velora to set") and set_up is not False:
        found.append("it is set up already")
    if last.startswith(f"{shown.host} streams to Velora") and set_up is not True:
        found.append("it streams somewhere else")
    if shown.previous and not any(f"“{profile}”" in shown.previous for profile in shown.set_up):
        found.append("the previous service is that of no profile")
    for name, buttons in QUESTIONS.items():
        asked = buttons & shown.buttons
        if asked and (shown.buttons != buttons or message(name) not in status):
            found.append(f"the question does not stand with its buttons: {shown.buttons}")
    return found
