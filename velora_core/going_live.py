"""Title, category and tags on their way to Velora: when a stream starts, and when asked for."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from .categories import category_name, resolve_category, similar_categories
from .connection import Connection
from .errors import Cancelled, CategoryNotFound, CategoryUnknown, RateLimited, VeloraError
from .host import Severity
from .runtime import Runtime
from .service import Service
from .state import StreamSettings, Tone
from .texts import say
from .worker import Job, Priority

if TYPE_CHECKING:
    from .models import StreamInfoUpdate

__all__ = ["RETRY_DELAYS", "GoingLive"]

RETRY_DELAYS: Final = (5, 10, 20, 40, 60, 60, 120, 120, 300, 300)
"""Seconds between the tries to set a live stream's info."""

_START_LIMIT: Final = 90.0
"""Seconds after which a start that led nowhere counts as failed: OBS doesn't tell of each."""


class _Stream:
    """One stream, from its start to its end."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.connected = False
        self.over = False


class _Push:
    """Stream info on its way; repeated while its stream lives and no newer info exists."""

    def __init__(
        self, settings: StreamSettings, stream: _Stream | None, service: Service | None
    ) -> None:
        self.settings = settings
        self.stream = stream
        self.service = service  # sent only if this is Velora's; None: sent in any case
        self.tries = 0
        self.warned = False
        self.settled = False  # Velora has it, or is never going to
        self.failure: VeloraError | None = None  # of the last try, while there is to be another

    @property
    def pointless(self) -> bool:
        """It was for a stream that has ended."""
        automatic = self.service is not None or self.tries > 0
        return automatic and self.stream is not None and self.stream.over


class GoingLive:
    """Follows the stream, and sends its info."""

    def __init__(self, runtime: Runtime, connection: Connection) -> None:
        """
        Args:
            runtime: the threads.
            connection: the client and what is kept.
        """
        self._runtime = runtime
        self._connection = connection
        self._stream: _Stream | None = None
        self._latest: _Push | None = None
        self._job: Job | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def streaming(self) -> bool:
        """Whether a stream runs or starts."""
        if self._runtime.host.streaming():
            return True
        stream = self._stream
        if stream is None or stream.connected:
            return False
        return time.monotonic() - stream.began < _START_LIMIT

    def starting(self, settings: StreamSettings) -> None:
        """A stream is about to connect: its info goes out now, if the streamer wants that."""
        self.stopped()
        self._stream = _Stream()
        if settings.update_on_start and (settings.title or settings.category or settings.tags):
            service = self._runtime.host.service()
            self._submit(_Push(settings, self._stream, service), Priority.LIVE)

    def resume(self) -> None:
        """A stream runs already: a change of the scene collection loads scripts anew."""
        self._stream = _Stream()
        self._stream.connected = True

    @property
    def unsent(self) -> StreamSettings | None:
        """What Velora is to have for the running stream, and doesn't have yet."""
        push = self._latest
        if push is None or push.settled or push.stream is None or push.stream.over:
            return None
        return push.settings

    def take_over(self, unsent: StreamSettings) -> None:
        """Goes on with what the application before this one had not sent to the running stream."""
        self.resume()
        push = _Push(unsent, self._stream, self._runtime.host.service())
        push.warned = True
        self._submit(push, Priority.LIVE)

    def started(self) -> None:
        """The stream is connected."""
        if self._stream is not None:
            self._stream.connected = True

    def stopped(self) -> None:
        """The stream has ended, or its start has failed: nothing is tried again for it."""
        if self._stream is not None:
            self._stream.over = True
            self._stream = None
        if self._job and self._latest and self._latest.pointless:
            self._job.cancel()
            self._give_up(self._latest)

    def update_now(self, settings: StreamSettings) -> Job:
        """Sends the info now; while a stream runs, until it worked."""
        if self._stream is None and self._runtime.host.streaming():
            self.resume()
        return self._submit(_Push(settings, self._stream, service=None), Priority.USER)

    def _submit(self, push: _Push, priority: Priority) -> Job:
        """From now on this is the info that Velora is to have."""
        if self._job:
            self._job.cancel()
        self._latest = push
        work = partial(self._send, push)
        self._job = self._runtime.press(say("button.update_now"), work, priority=priority)
        return self._job

    def _try_again(self, push: _Push, delay: float) -> None:
        if self._latest is not push:
            return
        stream = self._stream
        if stream is not None and not stream.connected and not self.streaming():
            self.stopped()  # the start has led nowhere, and OBS has not said so
        if push.pointless:
            self._give_up(push)
            return
        work = partial(self._send, push)
        self._job = self._runtime.worker.submit(
            work, priority=Priority.LIVE, delay=delay, interruptible=False
        )

    def _give_up(self, push: _Push) -> None:
        """No sentence may promise another try when there will be none."""
        failure, push.failure = push.failure, None
        if failure is not None:
            self._runtime.show(say("status.update_failed", reason=failure), Tone.WARNING)

    # -- the worker ------------------------------------------------------------------------

    def _send(self, push: _Push) -> None:
        """Tries once; has itself called again where that may help."""
        if self._latest is not push or push.pointless:
            return
        push.tries += 1
        push.failure = None
        try:
            update = self._send_now(push)
        except Cancelled:
            raise
        except VeloraError as error:
            self._failed(push, error)
            return
        push.settled = True
        if update is None:
            return
        live = push.stream is not None and not push.stream.over
        name = "status.updated_live" if live else "status.updated"
        self._runtime.announce(say(name, changes=self._in_words(update)))

    def _send_now(self, push: _Push) -> StreamInfoUpdate | None:
        """Returns what was sent; None when there was nothing to send."""
        if push.service and not self._connection.goes_to_velora(push.service):
            return None
        update = self._update(push.settings)
        if not update:
            self._runtime.show(say("status.update_empty"), Tone.WARNING)
            return None
        if push.service is None:  # asked for by hand, and not in a hurry as a start is
            given, update = update, self._connection.difference(update)
            if not update:
                self._runtime.show(say("status.update_same", info=self._in_words(given)))
                return None
        self._put(update)
        return update

    def _put(self, update: StreamInfoUpdate) -> None:
        try:
            self._connection.update_stream_info(update)
        except CategoryNotFound:
            slug = update.category_slug or ""
            others = [one for one in self._runtime.state.categories if one.slug != slug]
            names = similar_categories(slug, others)
            if not names:
                raise
            raise CategoryUnknown(category=slug, suggestions=names) from None

    def _failed(self, push: _Push, error: VeloraError) -> None:
        if push.stream is None or push.stream.over:
            self._runtime.report(error)
            return
        if self._latest is not push:
            return  # newer info is on its way
        if error.transient and push.tries <= len(RETRY_DELAYS):
            delay = float(RETRY_DELAYS[push.tries - 1])
            if isinstance(error, RateLimited):
                delay = max(delay, error.pause)
            push.failure = error
            sentence = say("status.update_retrying", seconds=round(delay), reason=error)
            self._runtime.show(sentence, Tone.WARNING)
            self._runtime.hand_back(partial(self._try_again, push, delay))
        else:
            push.settled = True
            sentence = say("status.update_failed", reason=error)
            self._runtime.show(sentence, Tone.WARNING)
        self._runtime.log(Severity.INFO if push.warned else Severity.WARNING, sentence)
        push.warned = True

    def _update(self, settings: StreamSettings) -> StreamInfoUpdate:
        """What the settings ask for; raises what is wrong with them."""
        from .models import StreamInfoUpdate

        wanted = settings.category.strip()
        categories = self._runtime.state.categories
        return StreamInfoUpdate.checked(
            title=settings.title.strip() or None,
            category_slug=resolve_category(wanted, categories) if wanted else None,
            tags=settings.tags or None,
        )

    def _in_words(self, update: StreamInfoUpdate) -> str:
        parts = []
        if update.title is not None:
            parts.append(say("change.title", title=update.title))
        if update.category_slug is not None:
            name = category_name(update.category_slug, self._runtime.state.categories)
            parts.append(say("change.category", category=name))
        if update.tags:
            parts.append(say("change.tags", tags=", ".join(update.tags)))
        if len(parts) == 1:
            return parts[0]
        return say("change.and", first=", ".join(parts[:-1]), last=parts[-1])
