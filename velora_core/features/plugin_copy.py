"""Copying Velora's address and the stream key for what can't be set up from here.

That is a plugin which streams to Velora, or a broadcasting software without an interface for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel
from velora_core.app.worker import Job
from velora_core.errors import AddressNotOffered, ProtocolNotOffered
from velora_core.host.destination import display_address, velora_destination
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.app.clipboard import Copied

__all__ = ["KEY_LASTS", "PluginCopy"]

KEY_LASTS: Final = 30.0
"""Seconds after which the stream key is taken off the clipboard."""
_CLOSING_TIMEOUT: Final = 0.5
"""Seconds that `close` waits for the key to be off the clipboard."""


class PluginCopy(Feature):
    """The buttons *Copy address* and *Copy stream key*."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        """Create it.

        Args:
            runtime: the threads.
            session: the client, and the environment that a clipboard is found by.
        """
        self._runtime = runtime
        self._session = session
        self._copied: Copied | None = None  # the worker's: the key, while it may be there
        self._address: Copied | None = None  # the worker's
        self._copying: Job | None = None
        self._taking_back: Job | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def panel_opened(self) -> None:
        """Ask no longer."""
        self._runtime.change(copying_key=False)

    def copy_address(self, protocol: str) -> Job:
        """Put the address that Velora takes streams at on the clipboard."""
        return self._press("button.copy_address", partial(self._copy_address, protocol))

    def ask(self) -> Job:
        """Take the first of two steps to the stream key: say what it means."""
        self._runtime.change(copying_key=True, confirming=False)
        sentence = message("status.copy_key_sure")
        self._runtime.show(sentence, StatusLevel.WARNING, lasting=False)
        return Job.finished()

    def cancel(self) -> Job:
        """Copy nothing."""
        self._runtime.change(copying_key=False)
        self._runtime.show(message("status.copy_key_not"))
        return Job.finished()

    def copy_key(self) -> Job:
        """Take the second step: put the key on the clipboard. Do nothing without the first one."""
        if not self._runtime.state.copying_key:
            return Job.finished()
        self._runtime.change(copying_key=False)
        self._copying = self._press("button.copy_key", self._copy_key)
        return self._copying

    def _press(self, button: str, work: Callable[[], None]) -> Job:
        return self._runtime.press(message(button), work)

    def close(self) -> None:
        """Take the key off the clipboard; the worker does it before it ends."""
        if self._copying:  # it takes the key back itself then
            self._copying.wait(_CLOSING_TIMEOUT)
        if self._taking_back:
            self._taking_back.wait(_CLOSING_TIMEOUT)

    # -- the worker ------------------------------------------------------------------------

    def _copy(self, text: str, *, seconds: float = 0.0) -> Copied:
        from velora_core.app.clipboard import Clipboard

        return Clipboard(self._session.environment).copy(text, seconds=seconds)

    def _copy_address(self, protocol: str) -> None:
        setup = self._session.get_setup()
        # WHIP's has the stream key in it, and plugins stream by the others.
        try:
            goes = velora_destination(setup, "srt" if protocol == "srt" else "rtmp")
        except ProtocolNotOffered:
            raise AddressNotOffered(protocol=protocol.upper()) from None
        self._take_back()
        self._address = self._copy(goes.url.reveal())
        address = display_address(goes)
        sentence = self._runtime.message("status.address_copied", address=address)
        self._runtime.announce(sentence, topic=self)

    def _copy_key(self) -> None:
        key = self._session.get_setup().stream_key
        self._take_back()
        self._copied = self._copy(key.reveal(), seconds=KEY_LASTS)
        # Also when the software is closed before: at once then.
        self._taking_back = self._runtime.worker.submit(
            self._take_back, delay=KEY_LASTS, interruptible=False, last=True
        )
        if self._runtime.closed:  # it came too late for that
            self._take_back()
        seconds = int(KEY_LASTS)
        sentence = self._runtime.message("status.key_copied", key=key, seconds=seconds)
        self._runtime.announce(sentence, topic=self)

    def _take_back(self) -> None:
        copied, self._copied = self._copied, None
        self._address = None
        if self._taking_back:
            self._taking_back.cancel()
        if copied is not None:
            copied.take_back()
            self._runtime.outdate(self)
