"""The web page's own words, by name; all else on it is said by the panel's elements.

Its scripts ask for them by these names, and fill in what stands in braces.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # -- the connection --------------------------------------------------------------------
    "web.gone": (
        "{host} does not answer. Once it does, this page comes back by itself and sends what you "
        "have typed in the meantime."
    ),
    "web.refused": (
        "This page may no longer be used: open it from the panel again. What you have typed is "
        "still here."
    ),
    "web.retry": "Try again",
    "web.back": "Connected again.",
    "web.the_program": "The program",
    # -- live ------------------------------------------------------------------------------
    "web.live": "Live",
    "web.live_now": "Live on Velora",
    "web.offline": "Offline",
    "web.viewers": "Viewers",
    "web.bitrate": "Bitrate",
    "web.lost": "Lost frames",
    "web.unknown": "unknown",
    "web.kilobits": "kbit/s",
    "web.megabits": "Mbit/s",
    "web.curve": "Viewers in this stream: {now} now, at least {least}, at most {most}.",
    "web.page_title_live": "● {time} Velora",
    # -- fields ----------------------------------------------------------------------------
    "web.not_sent": "not sent yet",
    "web.help": "Help: {label}",
    "web.count": "{length}/{limit}",
    "web.number": "Enter a number from {min} to {max}.",
    "web.save": "Save",
    "web.save_named": "Save: {label}",
    "web.copy": "Copy",
    "web.copy_named": "Copy: {label}",
    "web.copied": "Copied.",
    "web.add_tag": "Add a tag",
    "web.remove_tag": "Remove the tag {tag}",
    "web.tag_removed": "{tag} removed.",
    "web.search_category": "Type to search",
    "web.categories": "Categories",
    "web.categories_found": "Categories found: {count}.",
    "web.no_category_found": "Velora has no category with these letters in its name.",
    "web.clear_category": "Clear the category",
    "web.starred": "starred",
    # -- presets, sentences ----------------------------------------------------------------
    "web.apply_preset": "Apply the preset {name}",
    "web.sentences": "What happened",
    "web.no_sentences": "Nothing has happened yet.",
    "web.peak": "peak {most}, average {average}",
    "web.hardly": "under 0.1%",
    "web.share": "{share}%",
    "web.question": "Your answer is needed",
    "web.not_done": "This was not done: {host} does not answer. Try again once it is open.",
    "web.warning": "Warning:",
    "web.error": "Problem:",
}
