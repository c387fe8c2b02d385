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
    "web.updated": (
        "{host} has another version of Velora. This page loads it as soon as what you have typed "
        "has arrived, and shows nothing new until then."
    ),
    "web.retry": "Try again",
    "web.pages": "Broadcasting software",
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
    # -- streaming from the page -----------------------------------------------------------
    "web.stream": "Stream from this browser",
    "web.stream_preview": "Preview of your picture",
    "web.stream_picture": "Picture",
    "web.stream_microphone": "Microphone",
    "web.stream_usual": "Default",
    "web.stream_camera": "Camera {number}",
    "web.stream_microphone_number": "Microphone {number}",
    "web.stream_screen": "A screen or window",
    "web.stream_silent": "No microphone",
    "web.stream_show": "Show the preview",
    "web.stream_hide": "Turn camera and microphone off",
    "web.stream_start": "Start streaming",
    "web.stream_stop": "Stop streaming",
    "web.stream_mute": "Mute the microphone",
    "web.stream_time": "Time",
    "web.stream_info": "What viewers read",
    "web.stream_panel": "Change it in the panel (new tab)",
    "web.stream_starting": "Starting… Title, category and tags go to Velora first.",
    "web.stream_live": "You are streaming to Velora. Keep this tab open.",
    "web.stream_again": (
        "The connection to Velora was lost, and your browser is reconnecting. {reason}"
    ),
    "web.stream_ended": "The stream has ended.",
    "web.stream_over": "The stream was ended: start it again.",
    "web.stream_closed": "{host} was closed, and the stream with it: open it, then start again.",
    "web.stream_lost": (
        "The connection to Velora was lost, and your browser could not reconnect: check your "
        "network, then start again. {reason}"
    ),
    "web.stream_blocked": (
        "Velora answered, but your picture does not reach it: your network or a firewall blocks "
        "UDP. Try another network, or stream by RTMP with other software."
    ),
    "web.stream_unfit": (
        "This browser and Velora do not understand each other: update the browser or use another "
        "one, then start again."
    ),
    "web.stream_denied": (
        "This page may not use your camera or microphone: allow both beside the page's address, "
        "then try again. In a dock that is not possible: open the page in your browser."
    ),
    "web.stream_no_device": (
        "There is no such camera or microphone: connect one or choose another one, then try again."
    ),
    "web.stream_device_busy": (
        "Another program is using the camera or the microphone: close that program, then try again."
    ),
    "web.stream_no_screen": "No screen or window was chosen: try again and choose one.",
    "web.stream_no_media": (
        "This window can't use a camera or a screen: open the page in your browser instead."
    ),
    "web.stream_picture_gone": (
        "The picture has stopped: choose the camera or the screen again, or another one."
    ),
    "web.stream_sound_gone": "The sound has stopped: choose the microphone again, or another one.",
}
