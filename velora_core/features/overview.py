"""Where things stand, in one sentence: what the panel says when nothing has just happened."""

from __future__ import annotations

from collections.abc import Callable

from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import Runtime
from velora_core.app.state import StatusLevel
from velora_core.host.service import display_address
from velora_core.messages import message

from .connected_account import account_sentence, asks_before_start
from .feature import Feature

__all__ = ["Overview"]


class Overview(Feature):
    """Says what to do next, or where the profile in use streams to."""

    def __init__(self, runtime: Runtime, *, connected_account: Callable[[], str]) -> None:
        """Create the overview.

        Args:
            runtime: the threads, and the state.
            connected_account: the platform whose account is connected in OBS; empty without one.
        """
        self._runtime = runtime
        self._connected_account = connected_account

    def profile_changed(self) -> None:
        """Say it for the profile that is in use now."""
        self.show()

    def show(self) -> None:
        """Say it; the next sentence takes its place."""
        if self._runtime.state.account.origin is TokenOrigin.READING:
            return  # then it is shown anyway
        sentence, level = self._sentence()
        self._runtime.show(sentence, level, lasting=False)

    def _sentence(self) -> tuple[str, StatusLevel]:
        state = self._runtime.state
        if state.account.origin is TokenOrigin.NONE:
            if state.account.uncertain:
                return str(state.account.missing), StatusLevel.WARNING
            return message("status.welcome"), StatusLevel.NORMAL
        service = self._runtime.host.service()
        if state.addresses is None or not state.addresses.own(service):
            return message("status.ready"), StatusLevel.NORMAL
        sentence = message("status.configured_before", server=display_address(service))
        account = self._connected_account()
        if asks_before_start(account):
            return f"{sentence} {account_sentence(account, service)}", StatusLevel.WARNING
        return sentence, StatusLevel.NORMAL
