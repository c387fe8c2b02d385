"""Presets of programs: when a program that has one is captured, its preset is applied.

Nothing is guessed: a preset is for the programs that the streamer has named, and for no others.
"""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job
from velora_core.errors import StorageError
from velora_core.host.host import Capture, CaptureSources, LogLevel
from velora_core.messages import message
from velora_core.messages.phrases import listed

from .feature import Feature
from .filling import Filling
from .scene_presets import ScenePresets

if TYPE_CHECKING:
    from collections.abc import Callable

    from velora_core.storage.presets import Preset

__all__ = ["GamePresets", "is_program", "split_programs"]

_APPLIED: Final = "game preset"
"""In the host's memory: the preset and what it was applied for, so that a reload does not do it
again."""
_GONE_AT: Final = "game gone at"
_MOMENT: Final = 60.0
"""Seconds for which a program may be away: another window or scene for a moment is no end."""
_NONE: Final = ("", "", False)


def is_program(rule: str, capture: Capture) -> bool:
    """Return whether a rule of the streamer's names the captured program.

    Args:
        rule: an executable, with or without ``.exe``, or a window's title; ``*`` is any text.
        capture: the program.
    """
    rule = rule.strip().casefold()
    if not rule:
        return False
    executable = capture.executable.casefold()
    names = (executable, executable.removesuffix(".exe"), capture.title.casefold())
    return any(name and _fits(name, rule.split("*")) for name in names)


def _fits(text: str, parts: list[str]) -> bool:
    """Return whether a text is made of these parts and of any text between each two of them.

    Not by a regular expression: one with many parts could hold OBS's window up for good.
    """
    if len(parts) == 1:
        return text == parts[0]
    first, *between, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in between:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - at >= len(last) and text.endswith(last)


def split_programs(line: str) -> tuple[str, ...]:
    """Return the programs in a line, each once."""
    return tuple(dict.fromkeys(name.strip() for name in re.split("[,;\n]", line) if name.strip()))


def _programs(preset: Preset | None) -> tuple[str, bool]:
    """Return a preset's programs as the field holds them, and whether it switches while live."""
    return (", ".join(preset.programs), preset.while_live) if preset else _NONE[1:]


class GamePresets(Feature):
    """Applies the preset of the program that was captured last, of those captured now."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        filling: Filling,
        scene_presets: ScenePresets,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
    ) -> None:
        """Create the presets of programs.

        Args:
            runtime: the threads.
            session: what is kept.
            filling: the panel's fields.
            scene_presets: sends presets to the running stream, at most one in its pause.
            settings: what the fields hold.
            edit: changes that.
        """
        self._runtime = runtime
        self._session = session
        self._filling = filling
        self._scene_presets = scene_presets
        self._settings = settings
        self._edit = edit
        self._memory = runtime.host.memory()
        host = runtime.host
        self._sources = host if isinstance(host, CaptureSources) else None
        self._captured: dict[tuple[str, str], Capture] = {}  # the one captured last comes last
        self._watches = False
        self._shown = _NONE  # the preset whose programs the fields were given, and these
        self.game = ""

    # -- the UI thread ---------------------------------------------------------------------

    @property
    def possible(self) -> bool:
        """Whether the software tells what it captures."""
        return self._sources is not None

    def check_captures(self) -> bool:
        """Take up what is captured now, and apply the preset that is for it.

        Returns:
            Whether `game` is another one now.
        """
        self._follow()
        before = self.game
        self._look(live=self._filling.live)
        return self.game != before

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Have the stream start with the preset of what is captured."""
        self._look(live=False)
        return True

    def opened(self) -> None:
        """Show the programs of the preset that is chosen: now the presets are known."""
        self._follow()

    def panel_opened(self) -> None:
        """Show them as another OBS may have changed them."""
        self._follow()

    def settings_changed(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Show the programs of the preset that was chosen just now."""
        self._follow()

    def save(self, preset: str) -> Job:
        """Have a preset be for the programs in the field."""
        settings = self._settings()
        work = partial(self._save, preset, settings.programs, while_live=settings.programs_live)
        return self._runtime.press(message("button.programs_save"), work)

    def close(self) -> None:
        """Leave the sources alone."""
        self._leave()

    def _find(self, preset: str) -> Preset | None:
        return next((saved for saved in self._runtime.state.presets if saved.id == preset), None)

    def _follow(self) -> None:
        """Show the programs of the chosen preset, unless somebody has typed others since."""
        settings = self._settings()
        chosen = self._find(settings.preset)
        now = (chosen.id, *_programs(chosen)) if chosen else _NONE
        before, self._shown = self._shown, now
        in_fields = settings.programs, settings.programs_live
        if before[0] != now[0] or (before != now and in_fields == before[1:]):
            self._show(chosen)

    def _show(self, preset: Preset | None) -> None:
        programs, live = _programs(preset)
        self._edit(self._settings()._replace(programs=programs, programs_live=live))

    def _saved(self, preset: Preset, *, entered: tuple[str, bool]) -> None:
        settings = self._settings()
        now = settings.programs, settings.programs_live
        if settings.preset == preset.id and now == entered:  # nobody has typed since
            self._show(preset)
        self.check_captures()

    def _leave(self) -> None:
        if self._sources and self._watches:
            self._watches = False
            self._sources.leave_captures()

    def _look(self, *, live: bool) -> None:
        if self._sources is None or self._runtime.closed:
            return
        presets = [preset for preset in self._runtime.state.presets if preset.programs]
        if not presets:
            self._leave()
            self._captured.clear()
            self.game = ""
            return
        self._watches = True
        now = {(found.source, found.executable): found for found in self._sources.captures()}
        for gone in self._captured.keys() - now.keys():
            del self._captured[gone]
        self._captured.update(now)  # those that were there keep their place
        found = self._match(presets)
        self.game = (found[0].content.category_name or found[0].name) if found else ""
        if found is None:
            self._memory.setdefault(_GONE_AT, time.monotonic())
            return  # what was applied stays
        self._found(*found, live=live)

    def _match(self, presets: list[Preset]) -> tuple[Preset, str] | None:
        """Return the preset of what was captured last, and the rule that says so."""
        for capture in reversed(self._captured.values()):
            for preset in presets:
                for rule in preset.programs:
                    if is_program(rule, capture):
                        return preset, rule
        return None

    def _found(self, preset: Preset, rule: str, *, live: bool) -> None:
        away = time.monotonic() - self._memory.get(_GONE_AT, float("inf"))
        if self._memory.get(_APPLIED) == [preset.id, rule] and away < _MOMENT:
            self._memory.pop(_GONE_AT, None)
            return
        if live and not preset.while_live:
            return  # it is applied once the stream is over, if it is captured then
        self._memory[_APPLIED] = [preset.id, rule]
        self._memory.pop(_GONE_AT, None)
        self._filling.fill(preset.content)
        self._runtime.worker.submit(
            partial(self._note_applied, preset.id), interruptible=False, interrupts=False
        )
        if live:
            self._scene_presets.want(
                preset, message("log.game_preset", name=preset.name, program=rule)
            )
        else:
            self._runtime.change(preset=preset.id)
            sentence = message("status.game_preset", name=preset.name, program=rule)
            self._runtime.show(sentence)
            self._runtime.log(LogLevel.INFO, sentence)

    # -- the worker ------------------------------------------------------------------------

    def _note_applied(self, preset: str) -> None:
        try:
            self._session.storage.history.note_preset(preset)
        except StorageError as error:  # it is only what {preset} stands for after the next start
            self._runtime.log(LogLevel.INFO, str(error))

    def _save(self, preset: str, entered: str, *, while_live: bool) -> None:
        store, programs = self._session.storage.presets, split_programs(entered)
        saved = store.use_for(preset, programs, while_live=while_live)
        self._runtime.change(presets=store.read())
        name = "status.programs_saved" if programs else "status.programs_none"
        self._runtime.announce(message(name, name=saved.name, programs=listed(programs)))
        self._runtime.call_on_ui(partial(self._saved, saved, entered=(entered, while_live)))
