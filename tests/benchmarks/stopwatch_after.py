"""Run by `stopwatch_run.py`, among the names of a script that is measured.

Notes how long OBS waits for each function it calls, and does what the benchmark writes into the
file ``command`` beside the script: on OBS's UI thread, where a user's clicks arrive as well, but
without the load of clicking by the accessibility interface. The notes are written when the script
is unloaded. What it takes itself until the script is loaded doesn't count.
"""

# What Python has imported when it started, and nothing else: what the script needs of the rest
# would cost it nothing any more.
import os as _os
import time as _time

import obspython as _obs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable as _Callable
    from typing import Any as _Any

_script = globals()  # of the measured script, and what stands around it
_own_began = _script["_own_began"]

_events = {
    value: name.removeprefix("OBS_FRONTEND_EVENT_")
    for name, value in vars(_obs).items()
    if name.startswith("OBS_FRONTEND_EVENT_")
}
# Name of the function, seconds, time.monotonic() when it was called, seconds of the processor.
_notes: list[tuple[str, float, float, float]] = []
_import_began = getattr(_obs, "_benchmark_import_began", None)
_loaded: dict[str, float] = {}
_panel: "_Any" = None
_settings: "_Any" = None


def _measured(name: str, function: "_Callable[..., _Any]") -> "_Callable[..., _Any]":
    def call(*arguments: "_Any") -> "_Any":
        made = _is_made()
        called = _time.monotonic()
        began, computed = _time.perf_counter(), _time.thread_time()
        try:
            return function(*arguments)
        finally:
            ended, computed_by_then = _time.perf_counter(), _time.thread_time()
            shown = name
            if name == "on_event":
                shown += " " + _events.get(arguments[0], "?")
            elif name == "on_button":
                shown = "on_" + _obs.obs_property_name(arguments[1])
            _notes.append((shown, ended - began, called, computed_by_then - computed))
            if name == "script_load":
                _note_load("first_line", _script["_began"], ended, computed_by_then)
                if _import_began is not None:
                    _note_load("import", _import_began, ended, computed_by_then)
            elif not made:  # what is left of loading, in later calls
                for since in _loaded:
                    processor = since.startswith("processor")
                    _loaded[since] += computed_by_then - computed if processor else ended - began
            if not made and _is_made():
                _note_worker()

    return call


def _note_load(
    since: str, began: tuple[float, float], ended: float, computed_by_then: float
) -> None:
    _loaded["from_" + since] = ended - began[0] - _own[0]
    _loaded["processor_from_" + since] = computed_by_then - began[1] - _own[1]


def _is_made() -> bool:
    """Return whether the script is there as a whole; an older one is so as soon as it is loaded."""
    session = _script.get("_session")
    return session is not None and bool(getattr(session, "is_made", True))


def _note_worker() -> None:
    import threading as _threading

    path = _os.path.join(_os.path.dirname(_os.path.abspath(__file__)), "worker")
    for thread in _threading.enumerate():
        if thread.name == "velora-worker" and thread.is_alive():
            with open(path, "w", encoding="utf-8") as file:
                file.write(str(thread.native_id))


def _do_command() -> None:
    global _panel
    folder = _os.path.dirname(_os.path.abspath(__file__))
    path = _os.path.join(folder, "command")
    try:
        with open(path, encoding="utf-8") as file:
            import json as _json

            command = _json.load(file)
        _os.remove(path)
    except FileNotFoundError:
        return
    if command == "open panel":
        if _panel is not None:
            _obs.obs_properties_destroy(_panel)
        _panel = _script["script_properties"]()
    elif command == "type":  # OBS calls this at every keystroke
        _script["script_update"](_settings)
    elif command == "another update":
        _obs.obs_data_set_string(_settings, "title", f"Title {_time.monotonic()}")
        _script["script_update"](_settings)
        _press_button("update_now")
    else:
        _press_button(command.removeprefix("on_"))
    with open(_os.path.join(folder, "done"), "w", encoding="utf-8"):
        pass


def _press_button(button: str) -> None:
    own = _script.get("on_" + button)  # an older script has a function for each button
    if own:
        own(_panel, None)
    else:
        _script["on_button"](_panel, _obs.obs_properties_get(_panel, button))


def _with_commands(save: "_Callable[[_Any], None]") -> "_Callable[[_Any], None]":
    def script_save(settings: "_Any") -> None:
        global _settings
        save(settings)
        _settings = settings
        _do_command()

    return script_save


def _with_report(unload: "_Callable[[], None]") -> "_Callable[[], None]":
    def script_unload() -> None:
        unload()
        if _panel is not None:
            _obs.obs_properties_destroy(_panel)
        import json as _json

        folder = _os.path.dirname(_os.path.abspath(__file__))
        with open(_os.path.join(folder, "notes.json"), "w", encoding="utf-8") as file:
            _json.dump({"calls": _notes, "load": _loaded}, file)

    return script_unload


for _name, _function in list(_script.items()):
    if _name.startswith(("script_", "on_")) and getattr(_function, "__module__", "") == __name__:
        _script[_name] = _measured(_name, _function)
_script["script_save"] = _with_commands(_script["script_save"])
_script["script_unload"] = _with_report(_script["script_unload"])
_own = (_time.perf_counter() - _own_began[0], _time.thread_time() - _own_began[1])
