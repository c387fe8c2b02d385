"""A script beside ours that counts what Python holds, whenever OBS saves."""

import collections
import gc
import json
import os
import sys
import threading

_PACKAGES = ("velora_core", "velora_hosts")
_FOLDER = os.path.dirname(os.path.abspath(__file__))


def script_description() -> str:
    return "Counts."


def _is_callback(found: object) -> bool:
    return type(found).__name__ == "function" and found.__module__ == "velora_obs"


def script_save(settings: object) -> None:
    if not os.path.exists(os.path.join(_FOLDER, "count")):
        return
    gc.collect()
    objects = gc.get_objects()
    ours = collections.Counter(
        type(thing).__name__
        for thing in objects
        if type(thing).__module__.split(".")[0] in _PACKAGES
    )
    # OBS keeps every function that a script has given it, of whatever script, also after "Reload".
    callbacks = sum(_is_callback(thing) for thing in objects)
    found = {
        "objects": len(objects) - callbacks,
        "callbacks": callbacks,
        "ours": ours,
        "threads": threading.active_count(),
        "modules": len(sys.modules),
    }
    new = os.path.join(_FOLDER, "counted.new")
    with open(new, "w", encoding="utf-8") as file:
        json.dump(found, file)
    os.replace(new, os.path.join(_FOLDER, "counted"))
    os.remove(os.path.join(_FOLDER, "count"))
