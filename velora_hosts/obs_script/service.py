"""OBS's streaming service, and the audio encoders that the profile names for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import obspython as obs

from velora_core.host.service import AudioEncoders, Service

__all__ = ["audio_encoders", "change_service", "current_service", "set_service"]

_AUDIO_ENCODERS: Final = (("SimpleOutput", "StreamAudioEncoder"), ("AdvOut", "AudioEncoder"))

_read: tuple[str, Service] | None = None  # as OBS wrote it, and what that means


def current_service() -> Service:
    """Return the service in use.

    It is asked for whenever OBS calls, so what has not changed is not read again.
    """
    global _read
    service = obs.obs_frontend_get_streaming_service()  # borrowed
    data = obs.obs_service_get_settings(service)
    written: str = obs.obs_data_get_json(data)
    obs.obs_data_release(data)
    kind: str = obs.obs_service_get_type(service)
    if _read is None or _read[0] != written or _read[1].kind != kind:
        _read = written, Service(kind, json.loads(written))
    return _read[1]


def set_service(service: Service, audio: AudioEncoders | None) -> None:
    """Put a service, and audio encoders unless None, into use and save both."""
    data = obs.obs_data_create_from_json(json.dumps(dict(service.settings)))
    made = obs.obs_service_create(service.kind, "default_service", data, None)
    obs.obs_frontend_set_streaming_service(made)
    obs.obs_frontend_save_streaming_service()
    obs.obs_service_release(made)
    obs.obs_data_release(data)
    if audio is not None and audio != audio_encoders():
        config = obs.obs_frontend_get_profile_config()
        for (section, name), encoder in zip(_AUDIO_ENCODERS, audio, strict=True):
            if encoder:
                obs.config_set_string(config, section, name, encoder)
        obs.config_save_safe(config, "tmp", None)


def change_service(settings: Mapping[str, str]) -> None:
    """Change these settings of the one in use, and save nothing."""
    data = obs.obs_data_create_from_json(json.dumps(dict(settings)))
    obs.obs_service_update(obs.obs_frontend_get_streaming_service(), data)
    obs.obs_data_release(data)


def audio_encoders() -> AudioEncoders:
    """Return those that the profile names."""
    if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP either
        return AudioEncoders("", "")
    config = obs.obs_frontend_get_profile_config()
    simple, advanced = (obs.config_get_string(config, *where) or "" for where in _AUDIO_ENCODERS)
    return AudioEncoders(simple, advanced)
