"""A script with one of each widget, for the harness's own tests."""

import threading
from typing import Any

import obspython as obs

presses = 0


def pressed(properties: Any, button: Any) -> bool:
    global presses
    presses += 1
    status = obs.obs_properties_get(properties, "status")
    obs.obs_property_set_description(status, f"Pressed {presses} times")
    print(f"pressed {presses}")
    return True


def warn(properties: Any, button: Any) -> bool:
    obs.script_log(obs.LOG_WARNING, "a warning")
    return False


def fail(properties: Any, button: Any) -> bool:
    raise ValueError("meant to fail")


def on_event(event: int) -> None:
    names = {
        obs.OBS_FRONTEND_EVENT_STREAMING_STARTING: "starting",
        obs.OBS_FRONTEND_EVENT_STREAMING_STARTED: "started",
        obs.OBS_FRONTEND_EVENT_STREAMING_STOPPING: "stopping",
        obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED: "stopped",
    }
    if event in names:
        print(f"stream {names[event]}")


def script_description() -> str:
    return "A toy."


def script_load(settings: Any) -> None:
    obs.obs_frontend_add_event_callback(on_event)
    thread = threading.Thread(target=lambda: print("from a thread"), name="toy")
    thread.start()
    thread.join()


def script_unload() -> None:
    print("unloaded")


def script_properties() -> Any:
    properties = obs.obs_properties_create()
    obs.obs_properties_add_text(properties, "status", "Not pressed", obs.OBS_TEXT_INFO)
    obs.obs_properties_add_text(properties, "title", "Title", obs.OBS_TEXT_DEFAULT)
    obs.obs_properties_add_text(properties, "secret", "Secret", obs.OBS_TEXT_PASSWORD)
    obs.obs_properties_add_button(properties, "press", "Press me", pressed)
    obs.obs_properties_add_button(properties, "warn", "Warn me", warn)
    obs.obs_properties_add_button(properties, "fail", "Fail", fail)
    category = obs.obs_properties_add_list(
        properties,
        "category",
        "Category",
        obs.OBS_COMBO_TYPE_EDITABLE,
        obs.OBS_COMBO_FORMAT_STRING,
    )
    obs.obs_property_list_add_string(category, "Just Chatting", "just-chatting")
    obs.obs_property_list_add_string(category, "Music", "music")
    protocol = obs.obs_properties_add_list(
        properties, "protocol", "Protocol", obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING
    )
    for name in ("RTMP", "SRT", "WHIP"):
        obs.obs_property_list_add_string(protocol, name, name.lower())
    obs.obs_properties_add_editable_list(
        properties, "tags", "Tags", obs.OBS_EDITABLE_LIST_TYPE_STRINGS, "", ""
    )
    obs.obs_properties_add_bool(properties, "on_start", "Update on start")
    return properties


def script_defaults(settings: Any) -> None:
    obs.obs_data_set_default_string(settings, "protocol", "rtmp")
    obs.obs_data_set_default_bool(settings, "on_start", True)
