"""OBS as `velora_core.host.host.Host` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core.host.host import HostProfile, LogLevel, ReplacedText

from .encoder import fit_encoder, give_back_encoder, read_encoder
from .health import OutputSampler
from .profile import current_profile, profile_folder
from .scenes import current_scene
from .service import audio_encoders, change_service, current_service, set_service
from .text_sources import get_text, set_text, text_source_names

if TYPE_CHECKING:
    from velora_core.host.encoder import Encoder, EncoderFit
    from velora_core.host.service import AudioEncoders, Service

    from .fields import Fields

__all__ = ["ObsHost"]

_MEMORY: Final = "_velora_memory"
"""What the application wants to know again after a reload."""


class ObsHost:
    """Calls what has a file of its own; what is kept with the scenes is in the script's fields."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        sampler = OutputSampler()
        self.begin_sampling, self.end_sampling = sampler.begin, sampler.end
        self.sample = sampler.sample

    def service(self) -> Service:
        return current_service()

    def set_service(self, service: Service, audio: AudioEncoders | None) -> None:
        set_service(service, audio)

    def audio_encoders(self) -> AudioEncoders:
        return audio_encoders()

    def change_service(self, settings: Mapping[str, str]) -> None:
        change_service(settings)

    def profile(self) -> HostProfile:
        return current_profile()

    def profile_folder(self) -> str:
        return profile_folder()

    def connected_account(self) -> str | None:
        if not hasattr(obs, "config_get_string"):  # OBS 29
            return None
        return obs.config_get_string(obs.obs_frontend_get_profile_config(), "Auth", "Type") or ""

    def memory(self) -> dict[str, Any]:
        if getattr(obs, _MEMORY, None) is None:
            setattr(obs, _MEMORY, {})
        memory: dict[str, Any] = getattr(obs, _MEMORY)
        return memory

    def streaming(self) -> bool:
        return bool(obs.obs_frontend_streaming_active())

    def scene(self) -> str:
        return current_scene()

    def has_whip(self) -> bool:
        kinds = (
            obs.obs_service_get_display_name("whip_custom"),
            obs.obs_output_get_display_name("whip_output"),
        )
        return None not in kinds

    def encoder(self) -> Encoder | None:
        return read_encoder()

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:
        return fit_encoder(keyframe_interval)

    def give_back_encoder(self) -> None:
        give_back_encoder()

    def text_sources(self) -> tuple[str, ...]:
        return text_source_names()

    def text(self, source: str) -> str | None:
        return get_text(source)

    def set_text(self, source: str, text: str) -> None:
        set_text(source, text)

    def covered(self) -> Mapping[str, ReplacedText]:
        return self._fields.replaced_texts()

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        self._fields.save_replaced_texts(covered)

    def log(self, severity: LogLevel, sentence: str) -> None:
        loud = severity is LogLevel.WARNING
        obs.script_log(obs.LOG_WARNING if loud else obs.LOG_INFO, sentence)

    def wake(self) -> None:
        # Returns at once on any thread; OBS then calls script_save on its UI thread.
        obs.obs_frontend_save()
