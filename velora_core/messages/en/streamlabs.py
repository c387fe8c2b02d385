"""Sentences of what reaches Streamlabs Desktop."""

from __future__ import annotations

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "streamlabs.connected": "Velora is connected to Streamlabs Desktop.",
    "streamlabs.unreachable": (
        "Streamlabs Desktop does not answer on this computer: start it. Velora connects by itself."
    ),
    "streamlabs.denied": (
        "Streamlabs Desktop does not let this program in: if it runs as administrator, start it "
        "again without that."
    ),
    "streamlabs.not_streamlabs": (
        "What answers in place of Streamlabs Desktop is another program, or a version that Velora "
        "does not understand: close it, or update Streamlabs Desktop."
    ),
    "streamlabs.other_version": (
        "This version of Streamlabs Desktop does not let Velora read or set its stream settings: "
        "update Velora. Until then, enter server and stream key in Settings → Stream; velora setup "
        "--show-key shows them."
    ),
    "streamlabs.connection_ended": (
        "Velora lost the connection to Streamlabs Desktop and reconnects by itself."
    ),
    "streamlabs.silent": (
        "Streamlabs Desktop has not answered in time; Velora reconnects by itself."
    ),
    "streamlabs.busy": ("Streamlabs Desktop is starting or loading scenes: try again in a moment."),
    "streamlabs.refused": (
        "Streamlabs Desktop did not do what Velora asked for ({request}, {code}): check its stream "
        "settings, then try again."
    ),
    "streamlabs.streaming": (
        "A stream runs or is starting in Streamlabs Desktop, so its stream settings stay as they "
        "are: stop the stream, then try again."
    ),
    "streamlabs.changed_meanwhile": (
        "Somebody else has just changed the stream settings in Streamlabs Desktop: look at them, "
        "then try again."
    ),
    "streamlabs.incomplete": (
        "Streamlabs Desktop did not take all of its stream settings ({names}): compare them in "
        "Settings → Stream before you stream."
    ),
    "streamlabs.studio_mode": (
        "While studio mode is on, Streamlabs Desktop doesn't tell which scene viewers see: "
        "presets that scenes send wait until it is off."
    ),
    "streamlabs.taken_away": (
        "Streamlabs Desktop is no longer set up for Velora: its stream settings were changed, or "
        "you have logged out there, which resets them. Enter configure to set it up again."
    ),
}
