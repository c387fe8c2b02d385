"""Velora for OBS Studio: load this file in OBS under Tools → Scripts.

The door: it finds the rest or says what is missing, lets one copy work at a time, and hands on what
OBS calls. Pythons that are too old for the rest have to be able to read this file.
"""

import os
import sys

import obspython as obs

TYPE_CHECKING = False  # the import of typing costs OBS time
if TYPE_CHECKING:
    from typing import Any

    from velora_hosts.obs_script.hotkeys import Press
    from velora_hosts.obs_script.loading import LoadedScript

    def script_path() -> str: ...  # OBS puts it here: this file's folder, as it is in its list


OLDEST_PYTHON = (3, 10)
DEPENDENCIES = ("requests", "oauthlib", "keyring", "platformdirs", "truststore")
DEPENDENCY_FOLDER = "velora_lib"  # for what OBS's Python doesn't have
PACKAGES = ("velora_core", "velora_hosts")
# The folder beside this file that has the rest; the installer fills in its name. Empty: this one.
PARTS = ""
# All Python scripts of OBS share one interpreter: here each copy of this file finds the others.
_SLOT = "_velora_session"
_CODE = "_velora_code"  # which code the packages had, once a copy that worked is unloaded
_this_module: "Any" = sys.modules[__name__]
_complete = False  # once everything it needs was found
_session: "LoadedScript | None" = None  # while this copy is loaded and the one that works


def _unavailable_reason() -> "str | None":
    """One sentence on why the script can't run here, or None."""
    global _complete
    sentence = None if _complete else _missing_requirement()
    if sentence is not None:
        return sentence
    owner, _complete = getattr(obs, _SLOT, None), True
    if owner is not None and owner is not _session:
        from velora_core.messages import message

        return message("script.second_copy", path=owner.path)
    return None


def _missing_requirement() -> "str | None":
    """One sentence on what the script needs and doesn't find, or None."""
    if sys.version_info < OLDEST_PYTHON:
        return (
            "Velora for OBS needs Python {}.{} or later, and this OBS uses {}.{}: install a newer "
            "one and choose it under Tools → Scripts → Python Settings."
        ).format(*OLDEST_PYTHON, *sys.version_info[:2])
    if _is_another_file():
        return (
            f"OBS was started in {os.getcwd()}, and so has loaded the velora_obs.py there instead "
            "of the one in your list of scripts: start OBS from another folder."
        )
    folder = _find_parts()
    _drop_changed_code()
    missing = [name for name in (*PACKAGES, *DEPENDENCIES) if not _is_there(name, folder)]
    if missing and missing[0] in PACKAGES:
        return (
            f"Velora for OBS is not complete: put the folder {missing[0]} beside velora_obs.py, "
            "then reload this script."
        )
    if missing:
        from velora_core.messages import message

        names = " ".join(DEPENDENCIES)
        return message("script.dependency", name=missing[0], folder=folder, names=names)
    return None


def _drop_changed_code() -> None:
    """Have changed packages imported anew: "Reload" has only this file. See `LoadedCode`."""
    loaded, folder = getattr(obs, _CODE, None), os.path.join(script_path(), PARTS)
    if getattr(obs, _SLOT, None) or (loaded and loaded.is_current(folder)):
        return
    setattr(obs, _CODE, None)
    for name in list(sys.modules):  # a list made in one go: other threads may import something
        if name.split(".")[0] in PACKAGES:
            sys.modules.pop(name, None)


def _is_there(name: str, folder: str) -> bool:
    """Whether Python finds a package. `importlib.util` would be half of what OBS waits for."""
    finders = [finder.find_spec for finder in sys.meta_path if hasattr(finder, "find_spec")]
    near = os.path.join(os.path.dirname(folder) if name in PACKAGES else folder, name)
    return name in sys.modules or os.path.isdir(near) or any(find(name, None) for find in finders)


def _is_another_file() -> bool:
    """OBS imports by name, and its Python looks into the folder that OBS was started in first."""
    try:
        loaded = os.path.dirname(os.path.abspath(__file__))
        return os.path.samefile(loaded, os.getcwd()) and not os.path.samefile(loaded, script_path())
    except OSError:
        return False


def _find_parts() -> str:
    """Have Python find the core and the dependencies; return the folder for the latter."""
    here = script_path()
    if PARTS:  # after an update there may still be the folder of the version before
        old = os.path.join(here, "velora-")
        sys.path[:] = [path for path in sys.path if not str(path).startswith(old)]
        sys.path.insert(0, os.path.join(here, PARTS))
    folder = os.path.join(here, PARTS, DEPENDENCY_FOLDER)
    if os.path.isdir(folder) and folder not in sys.path:
        sys.path.append(folder)  # last: what other scripts rely on goes first
    # Last "": what is where OBS was started must not stand in for a package. Not all are strings.
    sys.path[:] = sorted(sys.path, key=lambda path: path == "")
    return folder


def script_description() -> str:
    if _unavailable_reason() is None:
        from velora_core.messages import message

        return message("script.description")
    return "<b>Velora for OBS</b>"


def script_load(settings: "obs.obs_data_t") -> None:
    global _session
    # OBS imports by file name, and would hand this very module to a copy in another folder.
    sys.modules.pop(__name__, None)
    reason = _unavailable_reason()
    if reason is not None:
        obs.script_log(obs.LOG_WARNING, reason)
        return
    from velora_hosts.obs_script.loading import LoadedScript

    _session = LoadedScript(settings, script_path(), _this_module, getattr(obs, _CODE, None))
    setattr(obs, _SLOT, _session)


def script_unload() -> None:
    global _session
    sys.modules[__name__] = _this_module  # where "Reload" looks for it
    closing = _session
    if closing:
        try:
            closing.close()
        finally:  # or no copy would work until OBS is started anew
            setattr(obs, _CODE, closing.code)
            setattr(obs, _SLOT, None)
            _session = None


def script_update(settings: "obs.obs_data_t") -> None:  # noqa: ARG001
    _hand_on("update")


def script_save(settings: "obs.obs_data_t") -> None:  # noqa: ARG001
    _hand_on("save")


def script_properties() -> "obs.obs_properties_t":
    if _session and not _session.failed:
        return _session.panel()
    sentence = _unavailable_reason() or "Velora for OBS could not start: reload this script."
    props = obs.obs_properties_create()
    status = obs.obs_properties_add_text(props, "status", sentence, obs.OBS_TEXT_INFO)
    obs.obs_property_text_set_info_type(status, obs.OBS_TEXT_INFO_ERROR)
    return props


def _hand_on(method: str, *arguments: object) -> bool:
    session = _session  # the caller may be any thread, and the UI thread end it now
    return bool(session and not session.failed and getattr(session, method)(*arguments))


def on_event(event: int) -> None:
    _hand_on("handle_event", event)


def on_hotkey(name: str) -> "Press":
    return lambda pressed: _hand_on("hotkey_pressed", name, pressed)


def on_output_stop(data: "obs.calldata_t") -> None:
    _hand_on("output_stopped", data)


def on_source_renamed(data: "obs.calldata_t") -> None:
    _hand_on("source_renamed", data)


def on_button(props: "obs.obs_properties_t", prop: "obs.obs_property_t") -> bool:
    return _hand_on("press", props, prop)


def on_modified(props: "obs.obs_properties_t", prop: "obs.obs_property_t", _: object) -> bool:
    return _hand_on("modified", props, prop)  # the settings are empty ones upon "Reload"
