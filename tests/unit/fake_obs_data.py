"""The fake obspython's data objects and hotkeys, and what `ctypes` finds beside it."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

from tests.unit.fake_obs_objects import Data, Frontend

__all__ = ["FakeObsData"]


class _Function:
    """A C function, as `ctypes` shows it."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.restype = self.argtypes = None
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


class Library:
    """OBS's own functions, which `obspython` doesn't have."""

    def __init__(self, obs: FakeObsData) -> None:
        self._memory: dict[int, Any] = {}
        self._obs = obs
        self.obs_frontend_get_current_profile_path = _Function(self._path)
        self.bfree = _Function(self._free)

    def _path(self) -> int | None:
        folder = self._obs.frontend.profile_folder
        if folder is None:
            return None
        memory = ctypes.create_string_buffer(folder.encode())
        self._memory[ctypes.addressof(memory)] = memory
        self._obs.references += 1
        return ctypes.addressof(memory)

    def _free(self, address: int) -> None:
        del self._memory[address]
        self._obs.references -= 1


class FakeObsData(ModuleType):
    """The module's part for data; `frontend` is the OBS behind it."""

    def __init__(self) -> None:
        super().__init__("obspython")
        self.frontend = Frontend()
        self.references = 0
        self.library = Library(self)
        self.version = 30

    # obs_data

    def obs_data_get_string(self, data: Data, name: str) -> str:
        return str(data.get(name, ""))

    def obs_data_get_bool(self, data: Data, name: str) -> bool:
        return bool(data.get(name, False))

    def obs_data_set_bool(self, data: Data, name: str, value: bool) -> None:
        data.values[name] = value

    def obs_data_get_int(self, data: Data, name: str) -> int:
        return int(data.get(name, 0))

    def obs_data_set_string(self, data: Data, name: str, value: str) -> None:
        data.values[name] = value

    def obs_data_set_default_string(self, data: Data, name: str, value: str) -> None:
        data.defaults[name] = value

    obs_data_set_int = obs_data_set_string

    obs_data_set_default_bool = obs_data_set_default_int = obs_data_set_default_string

    def obs_data_has_user_value(self, data: Data, name: str) -> bool:
        return name in data.values

    def obs_data_has_default_value(self, data: Data, name: str) -> bool:
        return name in data.defaults

    def obs_data_unset_user_value(self, data: Data, name: str) -> None:
        data.values.pop(name, None)

    def obs_data_erase(self, data: Data, name: str) -> None:
        data.values.pop(name, None)

    def obs_data_get_json(self, data: Data) -> str:
        return json.dumps(data.values)

    def obs_data_create_from_json(self, text: str) -> Data:
        self.references += 1
        return Data(json.loads(text))

    def obs_data_release(self, data: Data) -> None:
        assert data is not None
        self.references -= 1

    def obs_data_get_array(self, data: Data, name: str) -> list[Data] | None:
        if name not in data.values:
            return None
        self.references += 1
        return [Data(value) for value in data.values[name]]

    def obs_data_array_count(self, array: list[Data] | None) -> int:
        return len(array or [])

    def obs_data_array_item(self, array: list[Data], position: int) -> Data:
        self.references += 1
        return array[position]

    def obs_data_array_release(self, array: list[Data] | None) -> None:
        self.references -= array is not None

    def obs_data_set_array(self, data: Data, name: str, array: list[Data] | None) -> None:
        data.values[name] = [entry.values for entry in array or []]

    def obs_data_array_create(self) -> list[Data]:
        self.references += 1
        return []

    def obs_data_create(self) -> Data:
        self.references += 1
        return Data()

    def obs_data_array_push_back(self, array: list[Data], item: Data) -> None:
        array.append(item)

    # hotkeys

    def obs_hotkey_register_frontend(self, name: str, text: str, callback: Any) -> int:
        self.frontend.hotkeys.append((name, text, callback))
        return len(self.frontend.hotkeys)

    def obs_hotkey_unregister(self, callback: Any) -> None:
        hotkeys = self.frontend.hotkeys
        place = next(at for at, item in enumerate(hotkeys) if item and item[2] is callback)
        hotkeys[place] = None

    def obs_hotkey_set_description(self, number: int, text: str) -> None:
        name, _, callback = self._hotkey(number)
        self.frontend.hotkeys[number - 1] = (name, text, callback)

    def obs_hotkey_load(self, number: int, keys: list[Data] | None) -> None:
        self.frontend.keys[self._hotkey(number)[0]] = [dict(key.values) for key in keys or []]

    def obs_hotkey_save(self, number: int) -> list[Data]:
        self.references += 1
        return [Data(key) for key in self.frontend.keys[self._hotkey(number)[0]]]

    def _hotkey(self, number: int) -> tuple[str, str, Any]:
        found = self.frontend.hotkeys[number - 1]
        assert found
        return found
