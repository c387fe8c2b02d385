"""The script's hotkeys in OBS, and the keys that the streamer has given them."""

import obspython as obs

from velora_core.messages import message

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Final, TypeAlias

    Press: TypeAlias = Callable[[bool], object]

__all__ = ["PRESET", "PUT_BACK", "UPDATE_NOW", "Hotkeys"]

UPDATE_NOW: "Final" = "velora_update_now"
PUT_BACK: "Final" = "velora_put_back"
PRESET: "Final" = "velora_preset_"
"""What the name of a preset's hotkey begins with; its id follows, which nothing changes."""


class _Hotkey:
    """One that OBS has."""

    def __init__(self, number: int, text: str, callback: "Press") -> None:
        self.number = number
        self.text = text
        self.callback = callback


class Hotkeys:
    """Registers them with OBS. Their keys are kept with the scenes, by the hotkey's name.

    The UI thread's alone, and only while OBS calls the script: it asks itself then whose they are.
    """

    def __init__(self, settings: "Any", make: "Callable[[str], Press]") -> None:
        """Register those that are always there.

        Args:
            settings: OBS's own of this script.
            make: gives the function that OBS is to call, by the hotkey's name.
        """
        self._settings = settings
        self._make = make
        self._there: dict[str, _Hotkey] = {}
        self._add(UPDATE_NOW, message("hotkey.update_now"))
        self._add(PUT_BACK, message("hotkey.put_back"))

    def show_presets(self, presets: "Mapping[str, str]") -> None:
        """Have one for each of these presets, and for no other.

        Args:
            presets: their names, by id.
        """
        wanted = {
            PRESET + preset: message("hotkey.preset", name=presets[preset]) for preset in presets
        }
        for name in [preset for preset in self._there if preset.startswith(PRESET)]:
            if name not in wanted:
                self._save(name)  # for when it is among them again
                obs.obs_hotkey_unregister(self._there.pop(name).callback)
        for name, text in wanted.items():
            there = self._there.get(name)
            if there is None:
                self._add(name, text)
            elif there.text != text:
                obs.obs_hotkey_set_description(there.number, text)
                there.text = text

    def save(self) -> None:
        """Keep the keys that they have now."""
        for name in self._there:
            self._save(name)

    def _add(self, name: str, text: str) -> None:
        callback = self._make(name)
        number = obs.obs_hotkey_register_frontend(name, text, callback)
        self._there[name] = _Hotkey(number, text, callback)
        keys = obs.obs_data_get_array(self._settings, name)
        obs.obs_hotkey_load(number, keys)
        obs.obs_data_array_release(keys)

    def _save(self, name: str) -> None:
        keys = obs.obs_hotkey_save(self._there[name].number)
        if keys is not None:  # OBS takes hotkeys away before it unloads a script
            obs.obs_data_set_array(self._settings, name, keys)
            obs.obs_data_array_release(keys)
