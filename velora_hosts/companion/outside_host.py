"""What every host answers alike that looks at its software from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from velora_core.host.destination import Destination
from velora_core.host.encoder import EncoderFit
from velora_core.host.host import AccountNotice, LogLevel, SavedSetup

__all__ = ["OutsideHost"]


class OutsideHost:
    """The part of `velora_core.host.host.Host` that needs nothing of the software."""

    def __init__(self, *, wake: Callable[[], None], log: Callable[[LogLevel, str], None]) -> None:
        """Create it.

        Args:
            wake: see `Host.wake`.
            log: see `Host.log`.
        """
        self._memory: dict[str, Any] = {}
        self.wake = wake
        self.log = log

    def memory(self) -> dict[str, Any]:
        return self._memory

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002
        return audio

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        return None  # its files may be on another computer, or be read while it is closed only

    def account_notice(
        self,
        platform: str,  # noqa: ARG002
        destination: Destination,  # noqa: ARG002
    ) -> AccountNotice | None:
        return None

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:  # noqa: ARG002
        return EncoderFit.UNKNOWN

    def give_back_encoder(self) -> None:
        pass

    def end_start(self) -> bool:
        return False

    def start_error(self) -> str:
        return ""

    def begin_sampling(self) -> None:
        pass

    def end_sampling(self) -> None:
        pass
