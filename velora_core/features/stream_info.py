"""Updates of title, category and tags: when a stream starts, and on demand."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.categories import category_name, similar_categories
from velora_core.app.runtime import ABOUT_START, Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.variables import (
    TITLE_VARIABLES,
    escape_braces,
    fill_in,
    has_variables,
    unknown_variables,
)
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    Cancelled,
    CategoryGone,
    CategoryNotFound,
    CategoryUnchecked,
    CategoryUnknown,
    InvalidInput,
    RateLimited,
    VariableUnknown,
    VeloraError,
)
from velora_core.host.destination import Destination
from velora_core.host.host import LogLevel
from velora_core.messages import listed, message

from .category_search import CategorySearch
from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import Category, StreamInfoUpdate

__all__ = ["RETRY_DELAYS", "StreamInfoUpdater"]

RETRY_DELAYS: Final = (5, 10, 20, 40, 60, 60, 120, 120, 300)
"""Seconds between the tries to set a live stream's info; the last goes on as long as it lives."""

_START_LIMIT: Final = 90.0
"""Seconds after which a start that led nowhere counts as failed: OBS doesn't tell of each."""


class _Stream:
    """One stream, from its start to its end."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.connected = False
        self.over = False


class _PendingUpdate:
    """Stream info on its way; repeated while its stream lives and no newer info exists."""

    def __init__(
        self,
        settings: StreamSettings,
        stream: _Stream | None,
        *,
        by_hand: bool = False,
        destination: Destination | None = None,
        compares: bool = False,
    ) -> None:
        self.settings = settings
        self.stream = stream
        self.by_hand = by_hand  # sent in any case
        self.destination = destination  # else sent only if this is Velora's
        self.compares = compares  # not in a hurry as a start is: what Velora has is left out
        self.variables: Mapping[str, str] = {}  # of the moment when it was wanted
        self.title: str | None = None  # as it is sent, once its variables are filled in
        self.tries = 0
        self.warned = False
        self.settled = False  # Velora has it, or is never going to
        self.failure: VeloraError | None = None  # of the last try, while there is to be another
        self.to_velora = by_hand  # else found out before anything is sent
        self.category: Category | None = None  # that the settings' text means, once that is known
        self.no_category: VeloraError | None = None  # it means none
        self.unchecked: VeloraError | None = None  # why that could not be found out yet

    @property
    def pointless(self) -> bool:
        """It was for a stream that has ended."""
        automatic = not self.by_hand or self.tries > 0
        return automatic and self.stream is not None and self.stream.over


class StreamInfoUpdater(Feature):
    """Follows the stream, and sends its info."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        categories: CategorySearch,
        tags_sent: Callable[[bool], None],
        variables: Callable[[], Mapping[str, str]] = dict,
        sent: Callable[[StreamSettings, StreamInfoUpdate], None] = lambda *_: None,
        unsent: Mapping[str, Any] | None = None,
    ) -> None:
        """Create the stream info updater.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            categories: finds out which one a text means.
            tags_sent: told on the UI thread that Velora has taken tags (True), or that there are
                none (False).
            variables: what a title may name and only the UI thread knows.
            sent: told on the worker, when Velora has taken an update, what it was to have.
            unsent: the `unsent` of the application before this one, at its end.
        """
        self._runtime = runtime
        self._session = session
        self._categories = categories
        self._tags_sent = tags_sent
        self._variables = variables
        self._sent = sent
        self._unsent = unsent  # of a stream that runs, or still connects
        self._stream: _Stream | None = None
        self._latest: _PendingUpdate | None = None
        self._job: Job | None = None
        self._by_plugin = False

    # -- the UI thread ---------------------------------------------------------------------

    def streaming(self) -> bool:
        """Return whether a stream is running or starting."""
        if self._runtime.host.streaming():
            return True
        stream = self._stream
        if stream is None or stream.connected:
            return False
        return time.monotonic() - stream.began < _START_LIMIT

    @property
    def following(self) -> bool:
        """Whether it knows of a stream that runs or starts."""
        return self._stream is not None

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over whether a plugin sends the stream."""
        self._by_plugin = settings.by_plugin

    def stream_starting(self, settings: StreamSettings) -> bool:
        """Send the stream's info now, if the streamer wants that."""
        self.stream_stopped()
        self._runtime.outdate(ABOUT_START)
        self._stream = _Stream()
        wanted = (settings.title, settings.category, settings.tags, settings.clear_tags)
        if settings.update_on_start and any(wanted):
            self._submit(self._automatic(settings), Priority.LIVE)
        return True

    def drop_unsent(self) -> None:
        """Forget what the application before had not sent: its stream is over."""
        self._unsent = None

    def stream_resumed(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Follow the stream, with what the application before had not sent to it."""
        unsent, self._unsent = self._unsent, None
        if unsent:
            self.adopt_pending_update(_settings_of(unsent))
        else:
            self.resume()

    def resume(self) -> None:
        """Follow a stream that runs already: changing the scene collection reloads scripts."""
        self._stream = _Stream()
        self._stream.connected = True

    @property
    def unsent(self) -> Mapping[str, Any] | None:
        """What Velora is to have for the running stream, and doesn't have yet.

        Built-in types only: it may be for another version of this package.
        """
        if self._unsent is not None:  # of a stream that still connects, as far as is known here
            return self._unsent
        push = self._latest
        if push is None or push.settled or push.stream is None or push.stream.over:
            return None
        settings = push.settings
        fields = {
            "title": settings.title if push.title is None else escape_braces(push.title),
            "category": settings.category,
            "tags": list(settings.tags),
        }
        if settings.category_name:
            fields["category_name"] = settings.category_name
        return {**fields, "clear_tags": True} if settings.clear_tags else fields

    def adopt_pending_update(self, pending_update: StreamSettings) -> None:
        """Go on with what the previous application had not sent to the running stream."""
        self.resume()
        push = self._automatic(pending_update)
        push.warned = True
        self._submit(push, Priority.LIVE)

    def stream_started(self, settings: StreamSettings) -> None:
        """Follow the stream as one that nobody has to connect any more."""
        if self._stream is None:  # loaded while it was connecting
            self.stream_resumed(settings)
        if self._stream is not None:
            self._stream.connected = True

    def stream_stopped(self) -> None:
        """Try nothing again: the stream has ended, or its start has failed."""
        self.drop_unsent()
        if self._stream is not None:
            self._stream.over = True
            self._stream = None
        if self._job and self._latest and self._latest.pointless:
            self._job.cancel()
            self._give_up(self._latest)

    def update_now(self, settings: StreamSettings) -> Job:
        """Send the info now; while a stream runs, until it has worked."""
        if self._stream is None and self._runtime.host.streaming():
            self.resume()
        push = _PendingUpdate(settings, self._stream, by_hand=True, compares=True)
        return self._submit(push, Priority.USER)

    @property
    def waits(self) -> bool:
        """Whether what was wanted last has failed, and is tried again later."""
        push = self._latest
        return push is not None and push.failure is not None and not push.pointless

    def send_part(
        self, part: StreamSettings, *, compares: bool = True, patient: bool = False
    ) -> Job:
        """Send these values to the stream that runs, if it goes to Velora.

        What is still on its way is sent as well, where `part` says nothing about it.

        Args:
            part: what is empty stays as it is, but for `StreamSettings.clear_tags`.
            compares: whether Velora is asked first what it has already.
            patient: whether it takes the place of what `waits`, to be sent when that would have
                been.
        """
        if self._stream is None:
            self.resume()
        unsent = self.unsent
        if unsent:
            before = _settings_of(unsent)
            tags_wanted = bool(part.tags) or part.clear_tags
            part = part._replace(
                title=part.title or before.title,
                category=part.category or before.category,
                category_name=part.category_name if part.category else before.category_name,
                tags=part.tags if tags_wanted else before.tags,
                tags_on_velora=(part if tags_wanted else before).tags_on_velora,
            )
        push = self._automatic(part, compares=compares)
        waiting = self._latest
        if not patient or not self.waits or waiting is None or self._job is None:
            return self._submit(push, Priority.USER)
        push.tries, push.failure, push.warned = waiting.tries, waiting.failure, True
        return self._submit(push, Priority.LIVE, delay=self._job.due - time.monotonic())

    def _automatic(self, settings: StreamSettings, *, compares: bool = False) -> _PendingUpdate:
        destination = self._runtime.host.destination()
        if self._by_plugin and not self._session.recognizes(destination):
            destination = None  # it tells nothing of where the plugin's stream goes
        return _PendingUpdate(settings, self._stream, destination=destination, compares=compares)

    def _submit(self, push: _PendingUpdate, priority: Priority, delay: float = 0.0) -> Job:
        """Make this the info that Velora is to have from now on."""
        if has_variables(push.settings.title):
            push.variables = dict(self._variables())
        if self._job:
            self._job.cancel()
        self._latest = push
        work = partial(self._send, push)
        if delay > 0.0:
            self._job = self._runtime.worker.submit(
                work, priority=priority, delay=delay, interruptible=False
            )
        else:
            self._job = self._runtime.press(message("button.update_now"), work, priority=priority)
        return self._job

    def _try_again(self, push: _PendingUpdate, delay: float) -> None:
        if self._latest is not push:
            return
        stream = self._stream
        if stream is not None and not stream.connected and not self.streaming():
            self.stream_stopped()  # the start has led nowhere, and OBS has not said so
        if push.pointless:
            self._give_up(push)
            return
        work = partial(self._send, push)
        self._job = self._runtime.worker.submit(
            work, priority=Priority.LIVE, delay=delay, interruptible=False
        )

    def _give_up(self, push: _PendingUpdate) -> None:
        """Take back the promise of another try when there will be none."""
        failure, push.failure = push.failure, None
        if failure is not None:
            self._runtime.show(
                message("status.update_failed", reason=failure), StatusLevel.WARNING, topic=push
            )

    # -- the worker ------------------------------------------------------------------------

    def _send(self, push: _PendingUpdate) -> None:
        """Try once; schedule a retry where that may help."""
        if self._latest is not push or push.pointless:
            return
        push.tries += 1
        push.failure = None
        if not push.to_velora:
            goes = self._session.targets_velora(push.destination)
            if goes is None:
                self._later(push)
            if not goes:
                push.settled = goes is not None
                return
            push.to_velora = True
        try:
            self._send_now(push)
        except Cancelled:
            raise
        except VeloraError as error:
            self._failed(push, error)

    def _send_now(self, push: _PendingUpdate) -> None:
        """Send what is valid, and show what was sent and what was left out."""
        update, left_out = self._update(push)
        if not update:
            if left_out:
                raise next((one for one in left_out if one.transient), None) or _all_of(left_out)
            self._runtime.show(message("status.update_empty"), StatusLevel.WARNING, topic=push)
            push.settled = True
            return
        given = wanted = update
        if push.compares:
            update = self._session.stream_info.difference(update)
        if update:
            update = given = self._put(push, update, left_out)
            if push.no_category:
                wanted = wanted._replace(category_slug=None)
            name = push.category.name if push.category else ""
            self._sent(push.settings._replace(category_name=name), wanted)
            if update.tags is not None:
                self._runtime.call_on_ui(partial(self._tags_sent, bool(update.tags)))
        name = "status.updated" if update else "status.update_same"
        sentence = message(name, info=self._in_words(given, push.category))
        push.settled = push.unchecked is None
        if not left_out:
            self._runtime.show(sentence, topic=push)
        else:  # the cause first: of a line in OBS's log window only the beginning can be seen
            rest = message(
                "status.rest_updated" if update else "status.rest_same", sentence=sentence
            )
            sentence = f"{_all_of(left_out)} {rest}"
            if push.unchecked is not None:
                sentence += self._look_up_later(push, push.unchecked)
            self._runtime.show(sentence, StatusLevel.WARNING, topic=push)
        if update:
            by_hand = push.compares and push.tries == 1
            loud = left_out and not by_hand
            self._runtime.log(LogLevel.WARNING if loud else LogLevel.INFO, sentence)
        if given.category_slug and push.category:
            self._categories.used(push.category)

    def _look_up_later(self, push: _PendingUpdate, error: VeloraError) -> str:
        """Schedule another try for the category alone; return the sentence about it."""
        if push.stream is None or push.stream.over or self._latest is not push:
            push.settled = True
            return ""
        push.title, push.settings = (
            None,
            push.settings._replace(title="", tags=(), tags_on_velora=False),
        )
        delay = self._later(push, error.pause if isinstance(error, RateLimited) else 0.0)
        return " " + self._runtime.message("status.category_again", seconds=round(delay))

    def _put(
        self, push: _PendingUpdate, update: StreamInfoUpdate, left_out: list[VeloraError]
    ) -> StreamInfoUpdate:
        """Send an update, without the category if Velora has no such; return what was sent."""
        try:
            self._session.stream_info.send(update)
        except CategoryNotFound as error:
            gone = self._runtime.state.gone | {update.category_slug or ""}
            self._runtime.change(gone=gone)
            push.no_category = self._gone(error, push.category)
            left_out.append(push.no_category)
            rest = update._replace(category_slug=None)
            if not rest:
                raise push.no_category from None
            self._session.stream_info.send(rest)
            return rest
        return update

    def _gone(self, error: CategoryNotFound, category: Category | None) -> VeloraError:
        """Return the error for a category that Velora doesn't have, or has no more."""
        self._categories.gone(error.slug)
        if category and category.name != category.slug:
            return CategoryGone(name=category.name)
        others = [one for one in self._categories.known if one.slug != error.slug]
        names = similar_categories(error.slug, others)
        return CategoryUnknown(category=error.slug, suggestions=names) if names else error

    def _later(self, push: _PendingUpdate, least: float = 0.0) -> float:
        """Schedule a retry; return the seconds until then."""
        delay = max(least, float(RETRY_DELAYS[min(push.tries, len(RETRY_DELAYS)) - 1]))
        self._runtime.call_on_ui(partial(self._try_again, push, delay))
        return delay

    def _failed(self, push: _PendingUpdate, error: VeloraError) -> None:
        if push.stream is None or push.stream.over:
            self._runtime.report(error)
            return
        if self._latest is not push:
            return  # newer info is on its way
        if error.transient:
            push.failure = error
            delay = self._later(push, error.pause if isinstance(error, RateLimited) else 0.0)
            sentence = self._runtime.message(
                "status.update_retrying", seconds=round(delay), reason=error
            )
        else:
            push.settled = True
            sentence = message("status.update_failed", reason=error)
        self._runtime.show(sentence, StatusLevel.WARNING, topic=push)
        self._runtime.log(LogLevel.INFO if push.warned else LogLevel.WARNING, sentence)
        push.warned = True

    def _update(self, push: _PendingUpdate) -> tuple[StreamInfoUpdate, list[VeloraError]]:
        """Return what of the settings can be sent, and why the rest can't."""
        from velora_core.api.models import StreamInfoUpdate

        settings, left_out = push.settings, list[VeloraError]()
        push.unchecked = None
        title, wanted = settings.title.strip(), settings.category.strip()
        valid = StreamInfoUpdate()
        if push.no_category:
            left_out.append(push.no_category)
        elif wanted:
            try:
                push.category = push.category or self._categories.resolve(settings)
                valid = valid._replace(category_slug=push.category.slug)
            except InvalidInput as error:
                push.no_category = error
                left_out.append(error)
            except VeloraError as error:
                if not error.transient:
                    raise
                push.unchecked = error
                left_out.append(CategoryUnchecked(category=wanted, reason=error))
        if title:
            try:
                finished = self._finished(push, title)
                valid = valid._replace(title=StreamInfoUpdate.checked(title=finished).title)
            except InvalidInput as error:
                left_out.insert(0, error)
        try:
            tags = StreamInfoUpdate.checked(tags=settings.tags).tags
            if tags or settings.clear_tags:
                valid = valid._replace(tags=tags)
        except InvalidInput as error:
            left_out.append(error)
        return valid, left_out

    def _finished(self, push: _PendingUpdate, title: str) -> str:
        """Return the title with its variables filled in, the same at each try."""
        if not has_variables(title):
            return title
        if push.title is None:
            unknown = unknown_variables(title, TITLE_VARIABLES)
            if unknown:
                raise VariableUnknown(names=unknown, known=TITLE_VARIABLES)
            from velora_core.app.local_time import local_time

            live = self._runtime.state.live
            category = push.category.name if push.category else ""
            if push.unchecked is not None:
                category = push.settings.category.strip()
            if not category and live:
                category = live.category
            values = {**push.variables, **local_time()._asdict(), "category": category}
            push.title = fill_in(title, values)
        return push.title

    def _in_words(self, update: StreamInfoUpdate, category: Category | None) -> str:
        parts = []
        if update.title is not None:
            parts.append(message("change.title", title=update.title))
        if update.category_slug is not None:
            known = self._categories.known
            name = category_name(update.category_slug, (category, *known) if category else known)
            parts.append(message("change.category", category=name))
        if update.tags:
            parts.append(message("change.tags", tags=", ".join(update.tags)))
        elif update.tags is not None:
            parts.append(message("change.no_tags"))
        return listed(parts)


def _settings_of(unsent: Mapping[str, Any]) -> StreamSettings:
    """Return what `StreamInfoUpdater.unsent` has told."""
    return StreamSettings(
        unsent["title"],
        unsent["category"],
        unsent.get("category_name", ""),
        tuple(unsent["tags"]),
        tags_on_velora=unsent.get("clear_tags", False),
    )


def _all_of(errors: list[VeloraError]) -> VeloraError:
    """Return one error that says what all of them say."""
    if len(errors) == 1:
        return errors[0]
    return InvalidInput("error.several", reasons=" ".join(map(str, errors)))
