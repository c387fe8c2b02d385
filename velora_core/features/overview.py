"""Where things stand, in one sentence: what the panel says when nothing has just happened."""

from __future__ import annotations

from collections.abc import Callable

from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import ABOUT_CHANNEL, ABOUT_SETUP, Runtime
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.host.destination import Destination, display_address
from velora_core.host.host import AccountNotice

from .feature import Feature

__all__ = ["Overview"]


class Overview(Feature):
    """Says what to do next, or where the profile in use streams to."""

    def __init__(
        self, runtime: Runtime, *, account: Callable[[Destination], AccountNotice | None]
    ) -> None:
        """Create the overview.

        Args:
            runtime: the threads, and the state.
            account: what a connected account means for a start to a destination.
        """
        self._runtime = runtime
        self._account = account
        self._by_plugin = False
        self._shown = ""

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over whether a plugin sends the stream."""
        self._by_plugin = settings.by_plugin

    def refresh(self) -> None:
        """Say it anew where it is out of date: OBS doesn't tell when its service changes."""
        last = self._runtime.state.status.rpartition("\n")[2]  # more may stand before it, unseen
        if self._shown and last == self._shown and self._sentence()[0] != self._shown:
            self.show()

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Take back what was said about a channel that was offline, and how to go live."""
        self._channel_changed()
        setup_said = self._runtime.shows(ABOUT_SETUP)
        if setup_said and self._is_set_up(self._runtime.host.destination()):
            self._runtime.outdate(ABOUT_SETUP)
            self.show(instead_of=ABOUT_SETUP)  # the worker may have more to say already

    def stream_stopped(self) -> None:
        """Take back what was said about a live channel."""
        self._channel_changed()

    def _channel_changed(self) -> None:
        if self._runtime.shows_last(ABOUT_CHANNEL):
            self.show(instead_of=ABOUT_CHANNEL)

    def profile_changed(self) -> None:
        """Say it for the profile that is in use now, and no more of the one before."""
        self._runtime.outdate(ABOUT_SETUP)
        self.show()

    def profile_renamed(self) -> None:
        """Say it with the profile's new name, where it is what stands there."""
        self.refresh()

    def show(self, *, instead_of: object = None) -> None:
        """Say it; the next sentence takes its place.

        Args:
            instead_of: a topic; nothing is said unless a sentence about it stands there still.
        """
        if self._runtime.state.account.origin is TokenOrigin.READING:
            return  # then it is shown anyway
        sentence, level = self._sentence()
        self._shown = sentence
        self._runtime.show(
            sentence, level, lasting=False, topic=ABOUT_CHANNEL, instead_of=instead_of
        )

    def _is_set_up(self, destination: Destination | None) -> bool:
        addresses = self._runtime.state.addresses
        return bool(addresses and addresses.own(destination))

    def _sentence(self) -> tuple[str, StatusLevel]:
        state = self._runtime.state
        if state.account.origin is TokenOrigin.NONE:
            if state.account.hidden:
                return str(state.account.missing), StatusLevel.WARNING
            return self._runtime.message("status.welcome"), StatusLevel.NORMAL
        if not self._runtime.host.capabilities().sets:
            return self._runtime.message("status.ready_copy"), StatusLevel.NORMAL
        destination = self._runtime.host.destination()
        if destination is None or not self._is_set_up(destination):
            name = "status.by_plugin" if self._by_plugin else "status.ready"
            return self._runtime.of_profile(name), StatusLevel.NORMAL
        server = display_address(destination)
        sentence = self._runtime.of_profile("status.configured_before", server=server)
        notice = self._account(destination)
        if notice and notice.stops_start:
            return f"{sentence} {notice.sentence}", StatusLevel.WARNING
        return sentence, StatusLevel.NORMAL
