"""The English sentences, by name: area, dot, subject. Each file has whole areas.

A file is read when its first sentence is asked for. What the panel says is read beforehand, by
`velora_core.application`. Here is what the script says in OBS before anything else is loaded: the
UI thread reads this file.
"""

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: "Final[dict[str, str]]" = {
    "script.dependency": (
        "Velora for OBS needs the Python package “{name}”, which this OBS's Python does not have: "
        'run python3 -m pip install --target "{folder}" {names}, then reload this script.'
    ),
    "script.description": (
        '<b>Velora for OBS</b> · <a href="https://velora.tv" style="color: #8ab4ff">Help</a>'
    ),
    "hotkey.update_now": "Velora: update title, category and tags",
    "hotkey.put_back": "Velora: put back the previous title, category and tags",
    "hotkey.preset": "Velora: apply the preset “{name}”",
    "script.captures_untold": (
        "OBS can't tell when another program is captured ({error}), so Velora looks when the scene "
        "changes and when a stream starts."
    ),
    "script.profile_unplaced": (
        "OBS does not say in which folder its profile is, so profiles of the same name in another "
        "OBS of yours count as the same one."
    ),
    "script.second_copy": (
        "Velora for OBS is already loaded from {path}. Remove this second entry: "
        "select it and press the minus below the list."
    ),
}
