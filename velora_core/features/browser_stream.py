"""A stream that a page sends by itself: what the application does for it.

The broadcasting software has no part in it. Title, category and tags are on Velora before it
begins, and it is followed like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job
from velora_core.errors import VeloraError
from velora_core.host.destination import Destination, velora_destination
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.secret import Secret

    from .live_monitor import LiveMonitor
    from .stream_info import StreamInfoUpdater
    from .told_live import ToldLive

__all__ = ["BrowserStream", "Preparation"]


class Preparation:
    """What has to be there before the page may connect.

    Attributes:
        job: when it is done, there is an address or a failure.
        address: Velora's WHIP address.
        failure: why there is none.
        elsewhere: it would be another channel's than the stream's.
    """

    def __init__(self) -> None:
        self.job = Job.finished()
        self.address: Secret | None = None
        self.failure = message("error.cancelled")
        self.elsewhere = False


class BrowserStream(Feature):
    """Follows the one stream that pages may send; on the UI thread."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        info: StreamInfoUpdater,
        monitor: LiveMonitor,
        *,
        settings: Callable[[], StreamSettings],
        told: tuple[Feature, ...],
        told_live: ToldLive,
        counted: Callable[[], None] = lambda: None,
    ) -> None:
        """Create the feature.

        Args:
            runtime: the threads.
            session: the client.
            info: sends title, category and tags.
            monitor: asks how the stream stands.
            settings: what the panel's fields hold.
            told: other features that this is a stream for.
            told_live: looks for streams of the software, which this is none of.
            counted: told that the stream which is followed again was counted before.
        """
        self._runtime = runtime
        self._session = session
        self._info = info
        self._monitor = monitor
        self._settings = settings
        self._told = told
        self._told_live = told_live
        self._counted = counted
        self._prepared = self._followed = False
        self._accepted = False  # by Velora: it runs until it has ended
        self._was_shown = False  # live by Velora, when the software's stream began
        self._displaced = False  # by a stream of the software's, which is followed instead
        self._destination: Destination | None = None
        self._whose: tuple[object, str] | None = None  # the stream is; the worker's

    def prepare(self) -> Preparation | None:
        """Have title, category and tags sent, and find out the address.

        Returns None while the software itself streams: Velora has one stream for each channel.
        """
        if self._info.streaming():
            return None
        settings = self._settings()
        self._prepared = True
        self._told_live.aside(on=True)
        self._info.from_page = True
        self._info.drop_handed_over()  # of a page's stream that ended with the application before
        self._info.resume()  # what fails is tried again for as long as the stream lives
        for feature in self._told:
            feature.stream_starting(settings)
        if settings.update_on_start and any(
            (settings.title, settings.category, settings.tags, settings.clear_tags)
        ):
            self._info.update_now(settings)
        return self._prepare(again=False)

    def again(self) -> Preparation:
        """Find out the address anew: the key may be another one by now, but not the channel."""
        return self._prepare(again=True)

    def _prepare(self, *, again: bool) -> Preparation:
        preparation = Preparation()
        preparation.job = self._runtime.worker.submit(
            partial(self._find, preparation, again=again), interruptible=False
        )
        return preparation

    def begun(self) -> None:
        """Follow the stream: Velora has accepted it."""
        self._accepted = self._prepared
        if not self._prepared or self._followed:
            return
        if self._info.streaming():  # the software has begun one meanwhile: that is followed
            self._displaced = True
            return
        settings = self._settings()
        if not self._info.following:  # the software's came and went meanwhile
            self._info.resume()
        self._monitor.begin(self._destination, settings.live_interval, of_page=True)
        for feature in self._told:
            feature.stream_started(settings)
        self._note_followed()

    def _note_followed(self) -> None:
        self._followed = True
        self._runtime.announce(message("live.from_browser"))

    def ended(self) -> None:
        """Follow it no longer: it is over, or none came of it."""
        followed, self._followed = self._followed, False
        prepared, self._prepared = self._prepared, False
        displaced, self._displaced, self._accepted = self._displaced, False, False
        if prepared:
            self._info.from_page = False
            self._told_live.aside(on=False, shown=followed)
        if not prepared:
            return
        another = displaced or self._info.streaming()  # which may only be starting
        if not another:
            self._info.stream_stopped()
        if not another or self._monitor.of_page:
            for feature in self._told:
                feature.stream_stopped()
        if self._monitor.of_page:
            self._monitor.end()

    # -- the software's own streams, which others are told of before ------------------------

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Leave it to the others to follow the software's stream."""
        if not self._displaced:
            self._displaced, self._was_shown = self._prepared, self._is_shown
        return True

    def stream_started(self, settings: StreamSettings) -> None:
        """Do so where its start was not seen."""
        self.stream_starting(settings)

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Do so where it had been running before."""
        self.stream_starting(settings)

    def stream_stopped(self) -> None:
        """Follow the page's stream again, if that still runs.

        All others have let go of it, even where the software's start was held back and only its
        end was told.
        """
        was_shown = self._was_shown if self._displaced else self._is_shown
        self._displaced = False
        if not self._accepted:
            return
        settings = self._settings()
        self._info.resume()
        if not self._monitor.of_page:
            self._monitor.begin(
                self._destination, settings.live_interval, resumed=True, of_page=True
            )
        for feature in self._told:
            feature.stream_resumed(settings)
        if was_shown:
            self._counted()
        self._note_followed()

    @property
    def _is_shown(self) -> bool:
        live = self._runtime.state.live
        return self._monitor.of_page and live is not None and bool(live.is_live)

    # -- the worker ------------------------------------------------------------------------

    def _find(self, preparation: Preparation, *, again: bool) -> None:
        identity = self._session.credentials.identity
        channel = self._session.channel_owner().before
        # Whoever has signed in anew may have done so to the same channel.
        if again and self._whose and self._whose[0] != identity and self._whose[1] != channel:
            preparation.elsewhere = True
            return
        self._whose = identity, channel
        try:
            destination = velora_destination(self._session.get_setup(), "whip")
        except VeloraError as error:
            preparation.failure = str(error)
            self._runtime.report(error)
            return
        self._destination = destination
        preparation.address = destination.url
