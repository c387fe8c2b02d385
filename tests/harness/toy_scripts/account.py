"""What OBS does for a connected account, which Debian's OBS can't have: at each start it writes the
account's stream key into the service that is in use, before the other scripts hear of the start.

Put it behind the script under test: OBS calls the script that was loaded last first.
"""

from typing import Any

import obspython as obs

settings: Any = None


def on_event(event: int) -> None:
    if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTING:
        write_key()


def write_key() -> None:
    key = obs.obs_data_get_string(settings, "key")
    if key:
        service = obs.obs_frontend_get_streaming_service()
        data = obs.obs_service_get_settings(service)
        obs.obs_data_set_string(data, "key", key)
        obs.obs_service_update(service, data)
        obs.obs_data_release(data)
        print("the account's key was written")


def on_save_service(properties: Any, button: Any) -> bool:
    write_key()
    obs.obs_frontend_save_streaming_service()
    return True


def script_load(given: Any) -> None:
    global settings
    settings = given
    obs.obs_frontend_add_event_callback(on_event)


def script_properties() -> Any:
    properties = obs.obs_properties_create()
    obs.obs_properties_add_text(properties, "key", "Key", obs.OBS_TEXT_DEFAULT)
    obs.obs_properties_add_button(properties, "save", "Write and save", on_save_service)
    return properties
