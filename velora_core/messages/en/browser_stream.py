"""What is said of a stream that a page sends by itself, by name.

Beside the page's own words for it, which lie in `web`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "browser.already": (
        "A stream from a browser is already running: end it in its own tab. If that tab is "
        "closed, wait a few seconds, then start again."
    ),
    "browser.host_streams": (
        "{host} is streaming: stop that stream first, then start the one from this browser."
    ),
    "browser.velora_slow": "Velora has not said where to stream to yet: start again in a moment.",
    "browser.not_begun": "The stream was not started. {reason}",
    "browser.refused": (
        "Velora refused the stream: it does not accept your stream key. Make a new one in the "
        "panel, under Stream setup, then start again."
    ),
    "browser.taken": (
        "Velora already has a stream of your channel: end that one where it was started, then "
        "start this one again."
    ),
    "browser.unfit": (
        "Velora can't use what this browser sends: update the browser or use another one, then "
        "start again."
    ),
    "browser.not_now": "Velora takes no stream at the moment: start again in a minute.",
    "browser.strange": (
        "Velora gave an answer that can't be used, so nothing was sent: start again, or stream "
        "with other software."
    ),
    "browser.unreachable": (
        "Velora's ingest at {server} can't be reached: check your connection and your firewall, "
        "then start again."
    ),
    "browser.too_often": "That was too often in a short time: wait ten seconds, then start again.",
    "browser.gone": "This stream has ended: start it again.",
    "browser.other_channel": (
        "You are signed in to another channel now: start again if you want to stream there."
    ),
    "browser.page_only": "Only the page in a browser can stream.",
}
