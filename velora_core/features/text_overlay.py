"""Text overlay: viewers, title, category and uptime in text sources while live.

What the sources held before is kept with the scenes, so that it comes back even after a crash.
Everything here happens on the UI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar

from velora_core.app import variables
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job, Priority, Worker
from velora_core.host.host import ReplacedText, TextSources

from .feature import Feature

__all__ = ["ReplacedText", "TextOverlay", "TextSources", "render_template"]

_UNKNOWN: Final = "–"
_MINUTE: Final = 60.0
_CLOCK: Final = frozenset({"date", "time", "weekday"})
_NO_OTHERS: Final[Mapping[str, str]] = MappingProxyType({})

_Kept = TypeVar("_Kept")
Wake = Callable[[Callable[[], None]], None]


def render_template(
    template: str, status: LiveStatus, uptime: float, others: Mapping[str, str] = _NO_OTHERS
) -> str:
    """Return the template with its variables filled in; unknown ones leave nothing.

    Args:
        template: for example ``{viewers} watching``.
        status: how the stream stands.
        uptime: seconds since it began.
        others: values of variables that have nothing to do with the stream.
    """
    minutes = int(max(0.0, uptime)) // 60
    viewers = status.viewers
    values = {
        **others,
        "viewers": _UNKNOWN if viewers.now is None else str(viewers.now),
        "peak": str(viewers.peak),
        "title": status.title,
        "category": status.category,
        "uptime": f"{minutes // 60}:{minutes % 60:02}",
    }
    return variables.render_template(template, values)


def _moved(found: Mapping[str, _Kept], before: str, after: str) -> dict[str, _Kept]:
    """Return the table with an entry moved to another name."""
    return {
        after if name == before else name: template
        for name, template in found.items()
        if name != after
    }


class TextOverlay(Feature):
    """Which sources show what, and what they showed before."""

    def __init__(
        self,
        sources: TextSources,
        worker: Worker,
        wake: Wake,
        *,
        variables: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """Create the text overlay.

        Args:
            sources: the broadcasting software's.
            worker: counts the minutes of the uptime.
            wake: has something done on the UI thread.
            variables: what a text may name beside how the stream stands and what time it is.
        """
        self._sources = sources
        self._worker = worker
        self._wake = wake
        self._variables = variables
        self._templates: Mapping[str, str] = {}
        self._read: dict[str, ReplacedText] | None = None  # once the UI thread has asked for it
        self._status: LiveStatus | None = None
        self._status_at = 0.0
        self._minute: Job | None = None
        self._left = False

    @property
    def _covered(self) -> dict[str, ReplacedText]:
        """What is kept of each source with the scenes."""
        if self._read is None:
            self._read = dict(self._sources.replaced_texts())
        return self._read

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over the templates."""
        self.use(settings.texts)

    def scenes_loaded(self, *, streaming: bool) -> None:
        """Put right what a crash has left in a source."""
        if self._left:  # the sources of before have gone, and what was kept of them
            self._read = None
        self.come_back()
        if not streaming:
            self.give_back(forget_missing=True)

    def scenes_unloading(self) -> None:
        """Have the scenes saved as they were before the stream."""
        self.leave()

    def source_renamed(self, before: str, after: str) -> None:
        """Follow the source."""
        self.renamed(before, after)

    def scene_changed(self) -> None:
        """Show the scene's name where a text has it."""
        if any("scene" in variables.names(template) for template in self._templates.values()):
            self._refresh()

    def stream_stopped(self) -> None:
        """Have all sources show again what they held before."""
        self.give_back()

    def close(self) -> None:
        """Have all sources show again what they held before."""
        self.give_back()

    def use(self, templates: Mapping[str, str]) -> None:
        """Set which sources are written to; the others get their own text back.

        Args:
            templates: by the source's name; an empty one means that the source is left alone.
        """
        chosen = {name: text for name, text in templates.items() if text.strip()}
        if chosen == self._templates:
            return
        self._templates = chosen
        self._give_back([name for name in self._covered if name not in chosen])
        self._refresh()

    def renamed(self, before: str, after: str) -> None:
        """Follow a source that was renamed, with its own text and its template."""
        if before in self._covered:
            self._keep(_moved(self._covered, before, after))
        if before in self._templates:
            self._templates = _moved(self._templates, before, after)

    def show(self, status: LiveStatus) -> None:
        """Update the sources for a new status; leave those alone that are right already."""
        self._status, self._status_at = status, time.monotonic()
        self._refresh()

    def give_back(self, *, forget_missing: bool = False) -> None:
        """Restore the text that each source held before the stream.

        Args:
            forget_missing: sources that don't exist are gone for good, and not only not loaded.
        """
        self._status = None
        if self._minute:
            self._minute.cancel()
        self._give_back(list(self._covered), forget_missing=forget_missing)

    def leave(self) -> None:
        """Suspend before the sources are saved and closed: restore their own texts."""
        self.give_back()
        self._left = True

    def come_back(self) -> None:
        """Resume after the scenes were loaded."""
        self._left = False

    def _refresh(self) -> None:
        if self._minute:
            self._minute.cancel()
        status = self._status
        if status is None or not status.is_live or self._left:
            return
        uptime = status.duration + time.monotonic() - self._status_at
        covered = dict(self._covered)
        texts = {}
        named = set().union(*map(variables.names, self._templates.values()))
        others = dict(self._variables()) if named else {}
        if named & _CLOCK:
            from velora_core.app.local_time import local_time

            others.update(local_time()._asdict())
        for name, template in self._templates.items():
            now = self._sources.text(name)
            if now is None:
                continue
            text = render_template(template, status, uptime, others)
            known = covered.get(name)
            # What somebody has typed there meanwhile is what is to come back.
            before = known.before if known and known.given == now else now
            covered[name] = ReplacedText(before, text)
            if text != now:
                texts[name] = text
        self._keep(covered)  # first, so that a crash in between loses nothing
        for name, text in texts.items():
            self._sources.set_text(name, text)
        clocks = [uptime] if "uptime" in named else []
        if named & _CLOCK:
            clocks.append(time.time())
        if clocks:
            self._minute = self._worker.submit(
                partial(self._wake, self._refresh),
                priority=Priority.BACKGROUND,
                delay=min(_MINUTE - clock % _MINUTE for clock in clocks),
            )

    def _give_back(self, names: list[str], *, forget_missing: bool = False) -> None:
        left = dict(self._covered)
        for name in names:
            now = self._sources.text(name)
            if now is None and not forget_missing:
                continue
            known = left.pop(name)
            if now == known.given and now != known.before:
                self._sources.set_text(name, known.before)
        self._keep(left)

    def _keep(self, covered: dict[str, ReplacedText]) -> None:
        if covered != self._covered:
            self._read = covered
            self._sources.save_replaced_texts(covered)
