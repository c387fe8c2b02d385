"""OBS as `velora_core.host.host.Host` describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core.host.destination import PROTOCOLS, Destination
from velora_core.host.host import (
    AccountNotice,
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    SavedSetup,
    Snapshot,
)
from velora_hosts.obs.account import account_notice, platform_of, read_saved_setup
from velora_hosts.obs.audio import suited_audio
from velora_hosts.obs.service import read_snapshot

from .captures import CaptureWatch
from .encoder import fit_encoder, give_back_encoder, read_encoder
from .output_sampler import OutputSampler
from .profile import current_profile, profile_folder
from .scenes import current_scene
from .service import change_destination, current_destination, restore, set_destination, snapshot
from .text_sources import get_text, set_text, text_source_names

if TYPE_CHECKING:
    from velora_core.host.encoder import Encoder, EncoderFit

    from .fields import Fields

__all__ = ["ObsHost"]

_MEMORY: Final = "_velora_memory"
"""What the application wants to know again after a reload."""


class ObsHost:
    """Calls what has a file of its own; what is kept with the scenes is in the script's fields."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._sampler = sampler = OutputSampler()
        self.begin_sampling, self.end_sampling = sampler.begin, sampler.end
        self.sample = sampler.sample
        watch = CaptureWatch()
        self.captures, self.leave_captures = watch.captures, watch.leave
        self._capabilities: Capabilities | None = None  # OBS has loaded its modules by now
        self._steady = False
        self._destination: Destination | None = None  # while it is steady, once asked for
        self._profile: HostProfile | None = None

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Surround one call of OBS's, in which nothing changes but by this host: ask OBS once."""
        self._steady, self._destination, self._profile = True, None, None
        try:
            yield
        finally:  # also of the block around, if OBS has called within another call
            self._steady, self._destination, self._profile = False, None, None

    def capabilities(self) -> Capabilities:
        if self._capabilities is None:
            protocols = tuple(name for name in PROTOCOLS if name != "whip" or _has_whip())
            self._capabilities = Capabilities("OBS", "Settings → Stream", protocols)
        return self._capabilities

    def destination(self) -> Destination:
        if self._destination is not None:
            return self._destination
        destination = current_destination()
        if self._steady:
            self._destination = destination
        return destination

    def set_destination(
        self, destination: Destination, audio: tuple[str, ...] | None, *, keep_options: bool
    ) -> None:
        self._destination = None
        set_destination(destination, audio, keep_options=keep_options)

    def change_destination(self, destination: Destination, *, save: bool) -> None:
        self._destination = None
        change_destination(destination, save=save)

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
        return suited_audio(protocol, audio)

    def snapshot(self) -> Snapshot:
        return snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        self._destination = None
        restore(snapshot)

    def read_snapshot(self, data: object) -> Snapshot | None:
        return read_snapshot(data)

    def profile(self) -> HostProfile:
        if self._profile is not None:
            return self._profile
        profile = current_profile()
        if self._steady:
            self._profile = profile
        return profile

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        folder = profile_folder()
        if not folder:
            return None
        return partial(read_saved_setup, folder)

    def connected_account(self) -> str | None:
        if not hasattr(obs, "config_get_string"):  # OBS 29
            return None
        config = obs.obs_frontend_get_profile_config()
        return platform_of(obs.config_get_string(config, "Auth", "Type") or "")

    def account_notice(self, platform: str, destination: Destination) -> AccountNotice | None:
        return account_notice(platform, destination)

    def memory(self) -> dict[str, Any]:
        if getattr(obs, _MEMORY, None) is None:
            setattr(obs, _MEMORY, {})
        memory: dict[str, Any] = getattr(obs, _MEMORY)
        return memory

    def still_streams(self) -> bool:
        return self.streaming()

    def streaming(self) -> bool:
        return bool(obs.obs_frontend_streaming_active())

    def end_start(self) -> bool:
        from .hanging_start import end_hanging_start

        # On the UI thread OBS would stop within this call, and wait for a thread of the output
        # that may wait for Python. From another one it is only asked to.
        obs.obs_frontend_streaming_stop()
        end_hanging_start(self._sampler)
        return True

    def start_error(self) -> str:
        from .hanging_start import start_error

        return start_error(self._sampler)

    def scene(self) -> HostScene:
        return current_scene()

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

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        return self._fields.replaced_texts()

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        self._fields.save_replaced_texts(covered)

    def log(self, severity: LogLevel, sentence: str) -> None:
        loud = severity is LogLevel.WARNING
        obs.script_log(obs.LOG_WARNING if loud else obs.LOG_INFO, sentence)

    def wake(self) -> None:
        # Returns at once on any thread; OBS then calls script_save on its UI thread.
        obs.obs_frontend_save()


def _has_whip() -> bool:
    kinds = (
        obs.obs_service_get_display_name("whip_custom"),
        obs.obs_output_get_display_name("whip_output"),
    )
    return None not in kinds
