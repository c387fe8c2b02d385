"""What all software has in common whose address and stream key a person has to enter.

It says in its `Capabilities` what it can't do, and does nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from velora_core.errors import NotSettable
from velora_core.host.destination import Destination
from velora_core.host.encoder import Encoder, EncoderFit
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
from velora_core.host.output import OutputSample

__all__ = ["CopyHost"]


class CopyHost:
    """Implements `velora_core.host.host.Host`; a host overrides what its software tells."""

    def __init__(
        self,
        able: Capabilities,
        profile: str,
        *,
        wake: Callable[[], None],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """Create the host of a software that doesn't stream, as far as is known.

        Args:
            able: what it can do.
            profile: id of the only profile that it has.
            wake: see `Host.wake`.
            log: see `Host.log`.
        """
        self._able = able
        self._profile = HostProfile(profile, able.name)
        self._memory: dict[str, Any] = {}
        self._streams = False
        self.wake = wake
        self.log = log

    def stream_is(self, *, running: bool) -> None:
        """Note whether a stream runs."""
        self._streams = running

    def capabilities(self) -> Capabilities:
        return self._able

    # -- what it can't do ------------------------------------------------------------------

    def _refuse(self) -> NoReturn:
        able = self.capabilities()
        raise NotSettable(host=able.name, stream_settings=able.stream_settings)

    def destination(self) -> Destination | None:
        return None

    def set_destination(
        self,
        destination: Destination,  # noqa: ARG002
        audio: tuple[str, ...] | None,  # noqa: ARG002
        *,
        keep_options: bool,  # noqa: ARG002
    ) -> None:
        self._refuse()

    def change_destination(self, destination: Destination, *, save: bool) -> None:  # noqa: ARG002
        self._refuse()

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002
        return audio

    def snapshot(self) -> Snapshot:
        self._refuse()

    def restore(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        self._refuse()

    def read_snapshot(self, data: object) -> Snapshot | None:  # noqa: ARG002
        return None

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        return None

    def connected_account(self) -> str | None:
        return None

    def account_notice(
        self,
        platform: str,  # noqa: ARG002
        destination: Destination,  # noqa: ARG002
    ) -> AccountNotice | None:
        return None

    def encoder(self) -> Encoder | None:
        return None

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:  # noqa: ARG002
        return EncoderFit.UNKNOWN

    def give_back_encoder(self) -> None:
        pass

    def begin_sampling(self) -> None:
        pass

    def end_sampling(self) -> None:
        pass

    def sample(self) -> OutputSample | None:
        return None

    # -- what it may tell ------------------------------------------------------------------

    def profile(self) -> HostProfile:
        return self._profile

    def memory(self) -> dict[str, Any]:
        return self._memory

    def streaming(self) -> bool:
        return self._streams

    def scene(self) -> HostScene:
        return HostScene()

    def text_sources(self) -> tuple[str, ...]:
        return ()

    def text(self, source: str) -> str | None:  # noqa: ARG002
        return None

    def set_text(self, source: str, text: str) -> None:
        pass

    def covered(self) -> Mapping[str, ReplacedText]:
        return {}

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        pass
