"""Stream info on its way to Velora: what was wanted, and what of it can be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from velora_core.app.categories import category_name
from velora_core.app.state import StreamSettings
from velora_core.app.variables import (
    TITLE_VARIABLES,
    escape_braces,
    has_variables,
    render_template,
    unknown_variables,
)
from velora_core.errors import CategoryUnchecked, InvalidInput, VariableUnknown, VeloraError
from velora_core.host.destination import Destination
from velora_core.messages import message
from velora_core.messages.phrases import listed, tags_in_words

if TYPE_CHECKING:
    from velora_core.api.models import Category, StreamInfoUpdate
    from velora_core.app.live_status import LiveStatus

    from .category_search import CategorySearch

__all__ = [
    "FollowedStream",
    "PendingUpdate",
    "combined",
    "describe_update",
    "merged",
    "settings_from_plain",
]


class FollowedStream:
    """One stream, from its start to its end."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.connected = False
        self.over = False


class PendingUpdate:
    """Stream info on its way; repeated while its stream lives and no newer info exists."""

    def __init__(
        self,
        settings: StreamSettings,
        stream: FollowedStream | None,
        *,
        by_hand: bool = False,
        destination: Destination | None = None,
        compares: bool = False,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.stream = stream
        self.by_hand = by_hand  # sent in any case
        self.destination = destination  # else sent only if this is Velora's
        self.compares = compares  # not in a hurry as a start is: what Velora has is left out
        self.check = check  # raises what keeps it from being sent, at each try; on the worker
        self.variables: Mapping[str, str] = {}  # of the moment when it was wanted
        self.title: str | None = None  # as it is sent, once its variables are filled in
        self.owner = ""  # of the channel that it is for, once it has been tried
        self.own_part: StreamSettings | None = None  # without what was left of an earlier one
        self.tries = 0
        self.warned = False
        self.done = False  # Velora has it, or is never going to
        self.failure: VeloraError | None = None  # of the last try, while there is to be another
        self.to_velora = by_hand  # else found out before anything is sent
        self.category: Category | None = None  # that the settings' text means, once that is known
        self.no_category: VeloraError | None = None  # it means none
        self.unchecked: VeloraError | None = None  # why that could not be found out yet

    @property
    def obsolete(self) -> bool:
        """It was for a stream that has ended."""
        automatic = not self.by_hand or self.tries > 0
        return automatic and self.stream is not None and self.stream.over

    def to_plain(self) -> Mapping[str, Any]:
        """Return what Velora is to have, in built-in types only.

        It may be for another version of this package.
        """
        fields = _plain(self.settings)
        if self.title is not None:
            fields["title"] = escape_braces(self.title)
        if self.owner:
            fields["owner"] = self.owner
        if self.own_part is not None:
            fields["own_part"] = _plain(self.own_part)
        return fields

    def take_over(self, plain: Mapping[str, Any]) -> None:
        """Take note of whose channel it is for, and which part of it is for any."""
        self.owner = plain.get("owner", "")
        own_part = plain.get("own_part")
        self.own_part = settings_from_plain(own_part) if own_part else None

    def belong_to(self, owner: str) -> None:
        """Take note of whose channel it is about to be sent to; on the worker.

        Raises:
            InvalidInput: it was tried for another one.
        """
        if self.owner not in ("", owner):
            if self.own_part is None:
                raise InvalidInput("error.other_channel_pending")
            self.settings = self.own_part
        self.owner, self.own_part = owner, None

    def compose(
        self, categories: CategorySearch, live: Callable[[], LiveStatus | None]
    ) -> tuple[StreamInfoUpdate, list[VeloraError]]:
        """Return what of the settings can be sent, and why the rest can't; on the worker.

        Args:
            categories: finds out which one a text means.
            live: how the running stream stands, whose category a title may name.
        """
        from velora_core.api.models import StreamInfoUpdate

        settings, left_out = self.settings, list[VeloraError]()
        self.unchecked = None
        title, wanted = settings.title.strip(), settings.category.strip()
        valid = StreamInfoUpdate()
        if self.no_category:
            left_out.append(self.no_category)
        elif wanted:
            try:
                self.category = self.category or categories.resolve(settings)
                valid = valid._replace(category_slug=self.category.slug)
            except InvalidInput as error:
                self.no_category = error
                left_out.append(error)
            except VeloraError as error:
                if not error.transient:
                    raise
                self.unchecked = error
                left_out.append(CategoryUnchecked(category=wanted, reason=error))
        if title:
            try:
                finished = self._finished_title(title, live)
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

    def _finished_title(self, title: str, live: Callable[[], LiveStatus | None]) -> str:
        """Return the title with its variables filled in, the same at each try."""
        if not has_variables(title):
            return title
        if self.title is None:
            unknown = unknown_variables(title, TITLE_VARIABLES)
            if unknown:
                raise VariableUnknown(names=unknown, known=TITLE_VARIABLES)
            from velora_core.app.local_time import local_time

            category = self.category.name if self.category else ""
            if self.unchecked is not None:
                category = self.settings.category.strip()
            status = live()
            if not category and status:
                category = status.category
            values = {**self.variables, **local_time()._asdict(), "category": category}
            self.title = render_template(title, values)
        return self.title


def describe_update(
    update: StreamInfoUpdate, category: Category | None, known: tuple[Category, ...]
) -> str:
    """Return in words what an update has.

    Args:
        update: what Velora was given.
        category: the one that was meant, if that was found out.
        known: those that are known without asking Velora.
    """
    parts = []
    if update.title is not None:
        parts.append(message("change.title", title=update.title))
    if update.category_slug is not None:
        name = category_name(update.category_slug, (category, *known) if category else known)
        parts.append(message("change.category", category=name))
    if update.tags is not None:
        parts.append(tags_in_words(update.tags))
    return listed(parts)


def merged(part: StreamSettings, before: StreamSettings) -> StreamSettings:
    """Return `part` with what was wanted before, where it says nothing itself."""
    tags_wanted = bool(part.tags) or part.clear_tags
    return part._replace(
        title=part.title or before.title,
        category=part.category or before.category,
        category_name=part.category_name if part.category else before.category_name,
        tags=part.tags if tags_wanted else before.tags,
        tags_on_velora=(part if tags_wanted else before).tags_on_velora,
    )


def _plain(settings: StreamSettings) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": settings.title,
        "category": settings.category,
        "tags": list(settings.tags),
    }
    if settings.category_name:
        fields["category_name"] = settings.category_name
    return {**fields, "clear_tags": True} if settings.clear_tags else fields


def settings_from_plain(plain: Mapping[str, Any]) -> StreamSettings:
    """Return the settings that `PendingUpdate.to_plain` has told of."""
    return StreamSettings(
        plain["title"],
        plain["category"],
        plain.get("category_name", ""),
        tuple(plain["tags"]),
        tags_on_velora=plain.get("clear_tags", False),
    )


def combined(errors: list[VeloraError]) -> VeloraError:
    """Return one error that says what all of them say."""
    if len(errors) == 1:
        return errors[0]
    return InvalidInput("error.several", reasons=" ".join(map(str, errors)))
