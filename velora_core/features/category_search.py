"""The search for categories: *Find category*, and the category that a typed text means."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.categories import (
    choices_of,
    exact_categories,
    is_slug,
    names_apart,
    partial_categories,
    unknown_category,
)
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    ApiError,
    Cancelled,
    CategoryAmbiguous,
    CategoryQueryInvalid,
    Unauthorized,
    VeloraError,
)
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import Category

__all__ = ["CategorySearch"]

HITS: Final = 25
"""How many are asked for: as many as a list can show to somebody who has to choose."""

_IN_PASSING: Final = 4.0
"""Seconds for a search that an update of title and tags waits for."""
_MAX_OFFERED: Final = 30
"""Searches whose hits are remembered."""


class CategorySearch(Feature):
    """Finds categories, out of all that Velora has."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
    ) -> None:
        """Create the search for categories.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            settings: what the panel's fields hold; asked on the UI thread.
            edit: changes that; on the UI thread.
        """
        self._runtime = runtime
        self._session = session
        self._settings = settings
        self._edit = edit
        self._offered: dict[str, tuple[Category, ...]] = {}  # by what was searched for

    # -- any thread but the UI's -----------------------------------------------------------

    def offer(self, text: str) -> tuple[Category, ...]:
        """Return the categories that a text which is being typed may mean, the likeliest first.

        Waits a moment for Velora's answer where few are known.

        Args:
            text: a part of a name; all that are known for an empty one.
        """
        words = " ".join(text.split()).casefold()
        if not words:
            return self.known[:HITS]
        found = {category.slug: category for category in partial_categories(words, self.known)}
        if len(found) < HITS and words not in self._offered:
            job = self._runtime.worker.submit(
                partial(self._ask, words), priority=Priority.BACKGROUND
            )
            if not job.wait(_IN_PASSING):
                job.cancel()
        for known_category in self._offered.get(words, ()):
            found.setdefault(known_category.slug, known_category)
        return tuple(found.values())[:HITS]

    def find_offered(self, slug: str) -> Category | None:
        """Return the category of that slug if it was offered, or is known; from any thread."""
        for offered in tuple(self._offered.values()):
            for known_category in offered:
                if known_category.slug == slug:
                    return known_category
        return next((category for category in self.known if category.slug == slug), None)

    # -- both threads ----------------------------------------------------------------------

    @property
    def known(self) -> tuple[Category, ...]:
        """All categories that are known without asking Velora, in the order of a choice."""
        return choices_of(self._runtime.state.known, self._runtime.state.categories).all

    # -- the UI thread ---------------------------------------------------------------------

    def find(self) -> Job:
        """Offer the categories whose name has the text that is in the field."""
        settings = self._settings()
        text = settings.category_name or settings.category
        return self._runtime.press(message("button.find_category"), partial(self._find, text))

    def star(self) -> Job:
        """Mark the category in the field, or take its mark away."""
        work = partial(self._star, self._settings())
        return self._runtime.press(message("button.star_category"), work)

    def _choose(self, text: str, category: Category) -> None:
        """Have the field hold the category that its text means, unless it holds another by now."""
        settings = self._settings()
        if settings.category.strip() == text.strip() and not settings.category_name:
            slug, name = category.slug, category.name
            self._edit(settings._replace(category=slug, category_name=name))

    # -- the worker ------------------------------------------------------------------------

    def _ask(self, words: str) -> None:
        """Have Velora's hits offered; without an answer there are none."""
        try:
            hits = self._session.client().search_categories(words, HITS, seconds=_IN_PASSING)
        except VeloraError:
            return
        offered = {**self._offered, words: hits}
        self._offered = dict(list(offered.items())[-_MAX_OFFERED:])

    def _find(self, text: str) -> None:
        try:
            hits = self._session.client().search_categories(text, HITS)
        except Cancelled:
            raise
        except ApiError as error:
            if not _search_gone(error):
                raise
            self._find_in_list(text)
            return
        self._session.show_found(hits)
        if not hits:
            raise unknown_category(text, (), self.known)
        exact = exact_categories(text, hits)
        if len(exact) == 1:
            self._runtime.call_on_ui(partial(self._choose, text, exact[0]))
            sentence = message("status.category_found", name=exact[0].name)
        elif len(hits) < HITS:
            sentence = message("status.categories_found", count=len(hits), text=text.strip())
        else:
            sentence = message("status.categories_many", count=len(hits), text=text.strip())
        self._runtime.show(sentence)

    def _find_in_list(self, text: str) -> None:
        """Do without the search: offer what of the list has the text in its name."""
        listed = self._runtime.state.categories
        hits = partial_categories(text, listed)
        self._session.show_found(hits)
        sentence = message("status.search_gone", count=len(listed), found=len(hits))
        self._runtime.show(sentence, StatusLevel.WARNING)

    def _star(self, settings: StreamSettings) -> None:
        category = self.resolve(settings)
        starred = category.slug not in {
            category.slug for category in self._runtime.state.known.starred
        }
        self._session.star_category(category, starred=starred)
        name = "status.category_starred" if starred else "status.category_unstarred"
        self._runtime.show(message(name, name=category.name))

    def resolve(self, settings: StreamSettings) -> Category:
        """Return the category that is meant; ask Velora where that isn't known.

        Raises:
            CategoryUnknown, CategoryAmbiguous: the streamer has to say which one.
            VeloraError: Velora had to be asked, and can be asked again later.
        """
        from velora_core.api.models import Category

        text = settings.category.strip()
        if settings.category_name:  # chosen: it holds offline, and whatever the search says
            return Category(text, settings.category_name)
        category = _only(text, exact_categories(text, self.known)) or self._look_up(text)
        if category.name != category.slug:  # else only the slug is known
            self._runtime.call_on_ui(partial(self._choose, text, category))
        return category

    def _look_up(self, text: str) -> Category:
        from velora_core.api.models import Category

        believed = Category(text, text) if is_slug(text) else None
        try:
            hits = self._search(text)
            if not hits and believed:  # Velora may know it by its name only
                hits = self._search(" ".join(text.replace("-", " ").replace("_", " ").split()))
        except CategoryQueryInvalid:
            hits = ()
        except ApiError as error:
            if not _search_gone(error):
                raise
            hits = partial_categories(text, self.known)  # there is no search: the list is all
        found = _only(text, exact_categories(text, hits))
        if found:
            return found
        if hits:
            self._session.show_found(hits)
            raise unknown_category(text, hits, self.known)
        if believed:  # Velora says so when it is wrong
            return believed
        raise unknown_category(text, partial_categories(text, self.known), self.known)

    def _search(self, text: str) -> tuple[Category, ...]:
        return self._session.client().search_categories(text, HITS, seconds=_IN_PASSING)

    def used(self, category: Category) -> None:
        """Take note that Velora has taken a category: it is offered first from now on."""
        if category.name != category.slug:  # else only the slug is known
            self._session.remember_category(category)
        self._session.show_found(())

    def gone(self, slug: str) -> None:
        """Take note that Velora doesn't have a category any more."""
        self._session.forget_category(slug)


def _search_gone(error: ApiError) -> bool:
    """Return whether there is no search to ask, now and in a moment."""
    return not error.transient and not isinstance(error, Unauthorized)


def _only(text: str, found: tuple[Category, ...]) -> Category | None:
    """Return the one that was found, None if there is none; raises `CategoryAmbiguous`."""
    if len(found) > 1:
        raise CategoryAmbiguous(category=text, names=names_apart(found))
    return found[0] if found else None
