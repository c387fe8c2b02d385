"""What all software has in common whose address and stream key a person has to enter.

It says in its `Capabilities` what it can't do, and does nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from velora_core.errors import NotSettable
from velora_core.host.destination import Destination
from velora_core.host.encoder import Encoder
from velora_core.host.host import (
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    Snapshot,
)
from velora_core.host.output import OutputSample

from .outside_host import OutsideHost

__all__ = ["NOTHING", "CopyHost"]

NOTHING: Final = Capabilities(
    name="",
    stream_settings="",
    protocols=(),
    reads=False,
    sets=False,
    tells_starting=False,
    tells_started=False,
    tells_stopped=False,
    tells_refusal=False,
    texts=False,
    sets_audio=False,
    applies_audio=False,
    sets_at_start=False,
    fits_encoder=False,
    docks=False,
    profiles=False,
    scenes=False,
)
"""What software is able to do that nobody reaches; a host names it, and adds what it can do."""


class CopyHost(OutsideHost):
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
        super().__init__(wake=wake, log=log)
        self._able = able
        self._profile = HostProfile(profile, able.name)
        self._streams = False

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

    def snapshot(self) -> Snapshot:
        self._refuse()

    def restore(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        self._refuse()

    def read_snapshot(self, data: object) -> Snapshot | None:  # noqa: ARG002
        return None

    def connected_account(self) -> str | None:
        return None

    def encoder(self) -> Encoder | None:
        return None

    def sample(self) -> OutputSample | None:
        return None

    # -- what it may tell ------------------------------------------------------------------

    def profile(self) -> HostProfile:
        return self._profile

    def still_streams(self) -> bool:
        return self.streaming()

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

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        return {}

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        pass
