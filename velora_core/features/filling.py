"""Filling the fields with values that were chosen, and sending these to a running stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from velora_core.app.runtime import Runtime
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job

from .stream_info import StreamInfoUpdater

if TYPE_CHECKING:
    from velora_core.storage.preset_content import PresetContent

__all__ = ["Filling", "as_settings"]


def as_settings(content: PresetContent) -> StreamSettings:
    """Return fields that hold a content, and nothing else."""
    return StreamSettings(
        title=content.title or "",
        category=content.category or "",
        category_name=content.category_name,
        tags=content.tags or (),
        # Emptied tags are meant for Velora; others are not there yet.
        tags_on_velora=content.tags == (),
    )


class Filling:
    """What a preset, a recent title and *Put back* have in common. The UI thread's alone."""

    def __init__(
        self,
        runtime: Runtime,
        updater: StreamInfoUpdater,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
    ) -> None:
        """Create the filling.

        Args:
            runtime: the threads.
            updater: sends to the running stream.
            settings: what the panel's fields hold.
            edit: changes that.
        """
        self._runtime = runtime
        self._updater = updater
        self._settings = settings
        self._edit = edit

    def fill(self, content: PresetContent) -> None:
        """Put what the content has into the fields; the others stay as they are."""
        now, new = self._settings(), as_settings(content)
        filled = now._replace(title=now.title if content.title is None else new.title)
        if content.category is not None:
            filled = filled._replace(category=new.category, category_name=new.category_name)
        if content.tags is not None:
            filled = filled._replace(tags=content.tags, tags_on_velora=new.tags_on_velora)
        self._edit(filled)

    @property
    def live(self) -> bool:
        """Whether a stream runs or starts, wherever it goes; a page's own, too."""
        return self._updater.has_stream

    @property
    def software_live(self) -> bool:
        """Whether it is the software that streams: then its scenes are what viewers see."""
        return self._updater.streaming()

    @property
    def waits(self) -> bool:
        """Whether what was to be sent last has failed, and is tried again later."""
        return self._updater.waits

    def by_hand(self) -> None:
        """Note that somebody wants to fill the fields and send that."""
        self._updater.by_hand()

    @property
    def asked_at(self) -> float:
        """When something was last to be sent by hand, as `time.monotonic` counts."""
        return self._updater.asked_at

    def send_if_live(self, content: PresetContent, *, by_itself: bool = False) -> Job | None:
        """Send the content to the stream that runs or starts; None without one.

        Args:
            content: only what it has is sent.
            by_itself: nobody pressed anything: Velora is not asked first what it has already, and
                what waits to be tried again is replaced at its own time.
        """
        if not self.live:
            return None
        part = as_settings(content)
        return self._updater.send_part(part, compares=not by_itself, patient=by_itself)
