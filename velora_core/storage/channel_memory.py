"""What this computer remembers of a channel: categories that were used or starred, and its title.

Velora can't say it again, and it is no secret: it has a file of its own, which all programs of one
user share. What one Velora gave is for that one only, as in `storage`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from velora_core.api.endpoints import DEFAULT_ORIGIN
from velora_core.api.models import Category

from .shared_file import SharedFile

__all__ = ["ChannelMemory", "TitleRecord"]

FILE_NAME: Final = "channel.json"
_MAX_RECENT: Final = 20
_MAX_STARRED: Final = 100


class TitleRecord(NamedTuple):
    """What is known of a channel's title on Velora.

    Attributes:
        title: the one that Velora was last known to have.
        since: Unix time at which it was first known to have it.
        sent: the one that was last sent from this computer; None when none was.
        channel: whose it is; another channel's says nothing.
    """

    title: str
    since: float
    sent: str | None
    channel: str


class ChannelMemory:
    """Used by one thread at a time.

    Each change is made in memory first, so that it holds for this session even when it can't be
    stored, which raises `StorageError`.
    """

    def __init__(
        self, folder: Path, *, origin: str = DEFAULT_ORIGIN, read_only: bool = False
    ) -> None:
        """Create the memory; nothing is read yet.

        Args:
            folder: for the file.
            origin: of the API that it is for; see `Endpoints.origin`.
            read_only: what is stored stays as it is.
        """
        self._suffix = "" if origin == DEFAULT_ORIGIN else f"@{origin}"
        self._read_only = read_only
        self._file = SharedFile(folder / FILE_NAME)
        self.recent: tuple[Category, ...] = ()
        self.starred: tuple[Category, ...] = ()
        self.title: TitleRecord | None = None

    def read(self) -> None:
        """Take over what is stored now; raises `StorageUnreadable`."""
        if self._file.changed():
            self._take(self._file.read())

    def _take(self, data: dict[str, Any]) -> None:
        self.recent = _categories(data.get(self._name("recent_categories")))
        self.starred = _categories(data.get(self._name("starred_categories")))
        self.title = _title(data.get(self._name("title")))

    def _name(self, field: str) -> str:
        return field + self._suffix

    def use(self, category: Category) -> None:
        """Note that a category was sent to Velora; raises `StorageError`."""
        if self.recent[:1] == (category,):
            return
        self._change_list("recent", lambda now: _first(category, now)[:_MAX_RECENT])

    def forget(self, slug: str) -> None:
        """Take a category out of those that were used: Velora doesn't have it any more."""
        if any(category.slug == slug for category in self.recent):
            self._change_list("recent", lambda now: _without(slug, now))

    def star(self, category: Category, *, starred: bool) -> None:
        """Mark a category, or take its mark away; raises `StorageError`."""
        if starred:
            self._change_list("starred", lambda now: _first(category, now)[:_MAX_STARRED])
        else:
            self._change_list("starred", lambda now: _without(category.slug, now))

    def _change_list(
        self, which: str, change: Callable[[tuple[Category, ...]], tuple[Category, ...]]
    ) -> None:
        setattr(self, which, change(getattr(self, which)))
        field = self._name(f"{which}_categories")

        def edit(data: dict[str, Any]) -> None:
            data[field] = [
                [category.slug, category.name] for category in change(_categories(data.get(field)))
            ]
            self._take(data)

        self._store(edit)

    def note_title(
        self, title: str, *, at: float, channel: str, sent: bool, store: bool = True
    ) -> None:
        """Note which title Velora has.

        Args:
            title: the whole of it; empty without one.
            at: when it was known, in Unix time.
            channel: whose it is.
            sent: it was sent from this computer.
            store: whether it is stored now; else the next that is noted stores what it knows.
        """
        before = self.title if self.title and self.title.channel == channel else None
        own = title if sent else before and before.sent
        since = before.since if before and before.title == title else at
        now = TitleRecord(title, since, own, channel)
        if now == self.title:
            return
        self.title = now

        def edit(data: dict[str, Any]) -> None:
            data[self._name("title")] = list(now)

        if store:
            self._store(edit)

    def _store(self, edit: Callable[[dict[str, Any]], None]) -> None:
        if not self._read_only:
            self._file.change(edit)

    def remove(self) -> None:
        """Delete the file; raises `StorageError`."""
        self._file.remove()


def _first(category: Category, others: tuple[Category, ...]) -> tuple[Category, ...]:
    return (category, *_without(category.slug, others))


def _without(slug: str, categories: tuple[Category, ...]) -> tuple[Category, ...]:
    return tuple(category for category in categories if category.slug != slug)


def _categories(data: object) -> tuple[Category, ...]:
    """Read stored categories, of which nothing is taken for granted."""
    found: dict[str, Category] = {}
    for entry in data if isinstance(data, list) else []:
        whole = isinstance(entry, list) and len(entry) >= 2
        if whole and all(isinstance(text, str) and text for text in entry[:2]):
            found.setdefault(entry[0], Category(entry[0], entry[1]))
    return tuple(found.values())


def _title(data: object) -> TitleRecord | None:
    if not isinstance(data, list) or len(data) != 4:
        return None
    title, since, sent, channel = data
    if not isinstance(title, str) or not isinstance(channel, str):
        return None
    if isinstance(since, bool) or not isinstance(since, (int, float)) or not abs(since) < 1e11:
        return None
    return TitleRecord(title, float(since), sent if isinstance(sent, str) else None, channel)
