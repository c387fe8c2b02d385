"""What *Check everything* and ``velora check`` say."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "check.api": "Velora can be reached.",
    "check.sign_in": "You are signed in to Velora as {name}.",
    "check.scopes": "You have all the permissions that are needed.",
    "check.scopes_unknown": "Velora does not say which permissions this access token has.",
    "check.setup": "Your stream key is available ({key}).",
    "check.ingest": "Velora's ingest {server} can be reached.",
    "check.ingest_srt": "Whether {server} can be reached by SRT will show when you stream.",
    "check.ingest_unreachable": (
        "Velora's ingest {server} can't be reached: check your internet connection and firewall."
    ),
    "check.host": "{host} streams to Velora with your channel's key (profile {profile}).",
    "check.host_elsewhere": (
        "{host} is not set up for Velora in the profile {profile} (it streams to {service}): press "
        "Configure Velora."
    ),
    "check.by_plugin": (
        "{host} streams to {service} (profile {profile}); whether your plugin's stream is on "
        "Velora shows here while you are live."
    ),
    "check.host_unknown": (
        "Velora has not confirmed yet that {service}, which {host} streams to, is Velora's."
    ),
    "check.host_key_unknown": (
        "{host} streams to Velora (profile {profile}); Velora has not confirmed that the key is "
        "your channel's."
    ),
    "check.host_foreign_key": (
        "The stream key in {host} is another platform's: press Configure Velora to use yours."
    ),
    "check.encoder": "Your encoder's settings suit Velora ({settings}).",
    "check.encoder_suited": "Your encoder is set to suit Velora while you stream there.",
    "check.encoder_unknown": "{host} does not tell all of your encoder's settings.",
    "check.all_right": "All checks passed. {sentences}",
    "check.not_wrong": "No problem was found. {sentences}",
    "check.unknown": "These could not be checked: {sentences}",
}
