"""How the channel stands: its categories, and what Velora has as title, category and tags."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import ABOUT_CHANNEL, ABOUT_INFO, Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import Cancelled, VeloraError
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.messages.phrases import listed, tags_in_words

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfo

__all__ = ["Channel"]

_CATEGORIES_MAX_AGE: Final = 600.0  # seconds for which the list isn't fetched again by itself


class Channel(Feature):
    """The buttons *Refresh* and *Load from Velora*, and the list of categories."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
        signing_in: Callable[[], bool],
    ) -> None:
        """Create the channel.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            settings: what the panel's fields hold; asked on the UI thread.
            edit: changes that; on the UI thread.
            signing_in: whether a sign-in waits for the user, which has been said then; asked on the
                worker.
        """
        self._runtime = runtime
        self._session = session
        self._settings = settings
        self._edit = edit
        self._signing_in = signing_in
        self._categories_at = float("-inf")
        self._owner = ""  # of the latest channel that is known
        session.on_account(self._account_changed)

    # -- the UI thread ---------------------------------------------------------------------

    def panel_opened(self) -> None:
        """Fetch the categories in the background, unless just done."""
        self._runtime.worker.submit(self._update_categories, priority=Priority.BACKGROUND)

    def refresh(self) -> Job:
        """Ask Velora for the categories and for how the channel stands."""
        return self._runtime.press(message("button.refresh"), self._refresh)

    def load(self) -> Job:
        """Fill the fields for title, category and tags with what the channel has."""
        return self._runtime.press(message("button.load"), partial(self._load, self._settings()))

    def note_tags(self, on_velora: bool) -> None:
        """Take note that Velora has the tags that the fields had (True), or none (False)."""
        self._edit(self._settings()._replace(tags_on_velora=on_velora))

    def _fill_in(self, info: StreamInfo, before: StreamSettings) -> None:
        now = self._settings()
        if (now.title, now.category, now.tags) != (before.title, before.category, before.tags):
            self._runtime.show(message("status.not_loaded"), StatusLevel.WARNING)
            return
        category = info.category_slug or ""
        loaded = now._replace(
            title=info.title or "",
            category=category,
            category_name=(info.category_name or "") if category else "",
        )
        if info.tags is not None:
            loaded = loaded._replace(tags=info.tags, tags_on_velora=bool(info.tags))
        self._edit(loaded)
        self._runtime.show(message("status.loaded", info=_describe(info)))

    # -- the worker ------------------------------------------------------------------------

    def _account_changed(self) -> None:
        """Forget whose tags the fields had, once it is another channel: those are left alone."""
        before, owner = self._owner, self._session.channel_owner().before
        if owner and owner != before:
            self._owner = owner
            if before:
                self._runtime.call_on_ui(partial(self.note_tags, False))

    def _refresh(self) -> None:
        if self._signing_in():
            return
        account = self._runtime.state.account
        if account.hidden:  # somebody may have mended it
            self._session.reload_secrets()
        self._fetch_categories()
        info = self._session.stream_info.get()
        name = "status.refreshed_live" if info.is_live else "status.refreshed_offline"
        sentence = message(name, info=_describe(info, tags=info.tags or ()), at=_clock())
        self._runtime.outdate(ABOUT_INFO)  # it says all that Velora has, and newer
        self._runtime.show(sentence, topic=ABOUT_CHANNEL)

    def _load(self, before: StreamSettings) -> None:
        info = self._session.stream_info.get()
        self._runtime.call_on_ui(partial(self._fill_in, info, before))

    def _update_categories(self) -> None:
        fresh = time.monotonic() - self._categories_at < _CATEGORIES_MAX_AGE
        if fresh or self._runtime.state.account.origin is TokenOrigin.NONE:
            return
        try:
            self._fetch_categories()
        except Cancelled:
            return
        except VeloraError as error:  # nobody asked for it; Refresh says what is wrong
            self._runtime.log(LogLevel.INFO, str(error))

    def _fetch_categories(self) -> None:
        self._session.cache_categories(self._session.client().get_categories())
        self._categories_at = time.monotonic()


def _clock() -> str:
    return time.strftime("%H:%M")


def _on_one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _describe(info: StreamInfo, tags: tuple[str, ...] = ()) -> str:
    """Return a channel's title and category in words, and these tags, on one line."""
    title, category = map(_on_one_line, (info.title, info.category_name))
    parts = [
        message(f"status.channel_{'title' if title else 'no_title'}", title=title),
        message(f"status.channel_{'category' if category else 'no_category'}", category=category),
    ]
    if tags:
        parts.append(tags_in_words(tuple(map(_on_one_line, tags))))
    return listed(parts)
