"""OBS's streaming service, and the audio encoders that the profile names for it."""

from __future__ import annotations

import json

import obspython as obs

from velora_core.host.destination import Destination
from velora_core.host.host import Snapshot
from velora_hosts.obs.audio import PROFILE_KEYS, AudioEncoders
from velora_hosts.obs.service import (
    Service,
    changed_service,
    destination_of,
    service_for,
    setup_of,
    snapshot_of,
)

__all__ = [
    "audio_encoders",
    "change_destination",
    "current_destination",
    "current_service",
    "restore",
    "set_destination",
    "snapshot",
]

_read: tuple[str, Service, Destination] | None = None  # as OBS wrote it, and what that means


def current_service() -> Service:
    """Return the service in use."""
    return _current()[1]


def current_destination() -> Destination:
    """Return where it has the stream go."""
    return _current()[2]


def _current() -> tuple[str, Service, Destination]:
    """Return what OBS has now.

    It is asked for whenever OBS calls, so what has not changed is not read again.
    """
    global _read
    service = obs.obs_frontend_get_streaming_service()  # borrowed
    data = obs.obs_service_get_settings(service)
    written: str = obs.obs_data_get_json(data)
    obs.obs_data_release(data)
    kind: str = obs.obs_service_get_type(service)
    if _read is None or _read[0] != written or _read[1].kind != kind:
        read = Service(kind, json.loads(written))
        _read = written, read, destination_of(read)
    return _read


def set_destination(
    destination: Destination, audio: tuple[str, ...] | None, *, keep_options: bool
) -> None:
    """Put Velora's destination, and audio encoders unless None, into use and save both."""
    present = current_service() if keep_options else None
    _set(service_for(destination, present), AudioEncoders(*audio) if audio else None)


def change_destination(destination: Destination, *, save: bool) -> None:
    """Change address and key of the service in use, and nothing else of it."""
    changed = changed_service(current_service(), destination)
    if save:
        _set(changed, None)
        return
    data = obs.obs_data_create_from_json(json.dumps(dict(changed.settings)))
    obs.obs_service_update(obs.obs_frontend_get_streaming_service(), data)
    obs.obs_data_release(data)


def snapshot() -> Snapshot:
    """Return the service in use with its audio encoders."""
    return snapshot_of(current_service(), audio_encoders())


def restore(before: Snapshot) -> None:
    """Put a service with its audio encoders into use again and save both."""
    _set(*setup_of(before))


def _set(service: Service, audio: AudioEncoders | None) -> None:
    data = obs.obs_data_create_from_json(json.dumps(dict(service.settings)))
    made = obs.obs_service_create(service.kind, "default_service", data, None)
    obs.obs_frontend_set_streaming_service(made)
    obs.obs_frontend_save_streaming_service()
    obs.obs_service_release(made)
    obs.obs_data_release(data)
    if audio is not None and audio != audio_encoders():
        config = obs.obs_frontend_get_profile_config()
        for (section, name), encoder in zip(PROFILE_KEYS, audio, strict=True):
            if encoder:
                obs.config_set_string(config, section, name, encoder)
        obs.config_save_safe(config, "tmp", None)


def audio_encoders() -> AudioEncoders:
    """Return those that the profile names."""
    if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP either
        return AudioEncoders("", "")
    config = obs.obs_frontend_get_profile_config()
    simple, advanced = (obs.config_get_string(config, *where) or "" for where in PROFILE_KEYS)
    return AudioEncoders(simple, advanced)
