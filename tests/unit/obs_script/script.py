"""One copy of velora_obs.py, loaded and reloaded the way OBS does it."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path
from typing import Any

from tests.unit.fake_obspython import Data, FakeObs, Properties, Source
from tests.unit.fakes import wait_for

ROOT = Path(__file__).parents[3]


PACKAGES = ("velora_core", "velora_hosts", "velora_obs")


class Script:
    """One copy of the script, as OBS holds it."""

    def __init__(self, obs: FakeObs, settings: dict[str, Any], path: str = f"{ROOT}/") -> None:
        self.obs = obs
        self.settings = Data(settings)
        self.path = path
        self.module: Any = None

    def load(self, *, ready: bool = True) -> Script:
        """With `ready` it comes back when OBS has been called for the turn that it was asked for,
        else while the script's modules are still being imported."""
        if self.module is None:
            self.module = importlib.import_module("velora_obs")
        else:
            self.module = importlib.reload(self.module)
        self.module.script_path = lambda: self.path
        self.description = self.call("script_description")
        saves = self.obs.frontend.saves
        self.call("script_load", self.settings)
        self.call("script_update", self.settings)
        if ready and self.module._session:
            wait_for(lambda: self.obs.frontend.saves > saves)  # all of it is imported
            self.call("script_save", self.settings)
        return self

    def unload(self) -> None:
        self.call("script_unload")
        self.obs.frontend.callbacks.clear()

    def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self.module, name)(*arguments)

    def panel(self) -> Properties:
        properties: Properties = self.call("script_properties")
        return properties

    def press(self, props: Properties, button: str) -> str:
        found = props.find(button)
        assert found
        assert found.callback(props, found) is True
        status = props.find("status")
        assert status
        return status.text

    def type(self, **fields: Any) -> None:
        self.settings.values.update(fields)
        self.call("script_update", self.settings)

    def choose(self, props: Properties, key: str, value: str) -> None:
        """Choose an entry of a list, as OBS tells of it."""
        combo = props.find(key)
        assert combo
        self.settings.values[key] = value
        assert combo.modified(props, combo, Data()) is True
        self.type()

    def event(self, number: int) -> None:
        frontend = self.obs.frontend
        for callback in frontend.callbacks:
            callback(number)
        if number == self.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING and not frontend.refuses_start:
            for told in list(frontend.on_starting):
                told({})


def rename(script: Script, sources: dict[str, Source], before: str, after: str) -> None:
    """As obs-websocket does it: on a thread of its own."""
    sources[after] = sources.pop(before)
    sources[after].name = after
    data = {"prev_name": before, "new_name": after, "source": sources[after]}
    for callback in script.obs.frontend.on_rename:
        thread = threading.Thread(target=callback, args=(data,))
        thread.start()
        thread.join()
