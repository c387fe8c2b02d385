"""The preset library: named sets of title, category and tags that fill the fields.

They are the user's, whichever OBS and scene collection is open. Each use looks first whether
another OBS has changed them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from velora_core.app.runtime import UI, WORKER, Runtime, Steps
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import InvalidInput, PresetGone, StorageError, VeloraError
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature
from .filling import Filling

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.api.models import Category
    from velora_core.storage.preset_content import PresetContent
    from velora_core.storage.presets import Preset

__all__ = ["PresetLibrary"]


class PresetLibrary(Feature):
    """The buttons for presets."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        filling: Filling,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
        category: Callable[[StreamSettings], Category],
    ) -> None:
        """Create the library.

        Args:
            runtime: the threads.
            session: what is kept.
            filling: the panel's fields.
            settings: what they hold; asked on the UI thread.
            edit: changes that.
            category: which one settings mean; asked on the worker.
        """
        self._runtime = runtime
        self._session = session
        self._filling = filling
        self._settings = settings
        self._edit = edit
        self._category = category

    # -- the UI thread ---------------------------------------------------------------------

    def panel_opening(self) -> None:
        """Take over what another OBS has changed."""
        self._runtime.change(managing=False, deleting="")
        reading = self._runtime.worker.submit(self.reload, priority=Priority.BACKGROUND)
        self._session.wait_for_files(reading)

    def apply(self, preset: str) -> Job:
        """Fill the fields with a preset; while a stream runs, send it as well.

        Args:
            preset: its id.
        """
        self._filling.by_hand()
        return self._runtime.start(message("button.preset_apply"), self._apply(preset))

    def _apply(self, preset: str) -> Steps:
        yield WORKER
        self.reload()
        self._note_applied(preset)
        yield UI
        found = self._find(preset)
        self._filling.fill(found.content)
        self._runtime.announce(message("status.preset_applied", name=found.name))
        job = self._filling.send_if_live(found.content)
        if job is not None:
            yield job

    def save(self, name: str) -> Job:
        """Save what the fields hold as a new preset."""
        work = partial(self._save, self._settings(), name)
        return self._runtime.press(message("button.preset_save"), work)

    def overwrite(self, preset: str) -> Job:
        """Replace what a preset sets by what the fields hold."""
        work = partial(self._overwrite, self._settings(), preset)
        return self._runtime.press(message("button.preset_overwrite"), work)

    def rename(self, preset: str, name: str) -> Job:
        """Give a preset another name."""
        work = partial(self._rename, preset, name)
        return self._runtime.press(message("button.preset_rename"), work)

    def manage(self, shown: bool) -> Job:
        """Show all that can be done with presets, or only what is needed each day.

        Takes over what another OBS has changed: OBS draws a panel that is opened again as it was.
        """
        self._runtime.change(managing=shown, deleting="")
        return self._runtime.worker.submit(self.reload, priority=Priority.USER)

    def ask_delete(self, preset: str) -> Job:
        """Take the first of two steps to delete a preset; an empty id takes it back."""
        self._runtime.change(deleting=preset)
        return Job.finished()

    def delete(self, preset: str) -> Job:
        """Take the second step: delete it. Do nothing without the first one."""
        if self._runtime.state.deleting != preset:
            return Job.finished()
        self._runtime.change(deleting="")
        work = partial(self._delete, preset)
        return self._runtime.press(message("button.preset_delete"), work)

    def move(self, preset: str, by: int) -> Job:
        """Move a preset up (-1) or down (1) in the list."""
        work = partial(self._move, preset, by)
        button = "button.preset_up" if by < 0 else "button.preset_down"
        return self._runtime.press(message(button), work)

    def export_to(self, path: str) -> Job:
        """Write all presets into a file."""
        work = partial(self._export, path)
        return self._runtime.press(message("button.preset_export"), work)

    def import_from(self, path: str) -> Job:
        """Take over the presets of a file, all or none."""
        work = partial(self._import, path)
        return self._runtime.press(message("button.preset_import"), work)

    def _choose(self, preset: str, before: StreamSettings) -> None:
        """Have it chosen, unless another one is by now, and no name typed but a newer one."""
        now = self._settings()
        if now.preset == before.preset:
            now = now._replace(preset=preset)
        if now.preset_name == before.preset_name:
            now = now._replace(preset_name="")
        self._edit(now)

    def _forget(self, preset: str) -> None:
        """Have none chosen, unless another one is by now."""
        if self._settings().preset == preset:
            self._edit(self._settings()._replace(preset="", preset_name=""))

    def _find(self, preset: str) -> Preset:
        for saved in self._runtime.state.presets:
            if saved.id == preset:
                return saved
        raise PresetGone

    # -- the worker ------------------------------------------------------------------------

    def load(self) -> None:
        """Read the presets for the first time."""
        self.reload()

    def reload(self) -> None:
        """Take over what another OBS has changed; what can't be read now stays as it was."""
        store = self._session.storage.presets
        if not store.changed():
            return
        try:
            self._show()
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))
            return
        if store.damaged:
            sentence = message("status.presets_damaged", file=store.path)
            self._runtime.show(sentence, StatusLevel.WARNING)
            self._runtime.log(LogLevel.INFO, sentence)

    def _show(self) -> None:
        self._runtime.change(presets=self._session.storage.presets.read())
        self._runtime.call_on_ui(lambda: None)  # where hotkeys are brought up to date with them

    def _note_applied(self, preset: str) -> None:
        self._find(preset)
        self._runtime.change(preset=preset)
        try:
            self._session.storage.history.note_preset(preset)
        except StorageError as error:  # it is only what {preset} stands for after the next start
            self._runtime.log(LogLevel.INFO, str(error))

    def _content(self, settings: StreamSettings) -> PresetContent:
        """Return what the fields hold as a preset keeps it; raise what makes it useless."""
        from velora_core.api.models import normalize_tags
        from velora_core.storage.preset_content import PresetContent

        title, category = settings.title.strip(), settings.category.strip()
        tags = normalize_tags(settings.tags)
        slug, name = None, ""
        if category:
            try:
                slug, name, _ = self._category(settings)
            except VeloraError as error:
                if not error.transient:
                    raise
                slug, name = category, ""  # it is looked up when it is sent
        content = PresetContent(
            title or None, slug, name, tags if tags or settings.clear_tags else None
        )
        if not content:
            raise InvalidInput("error.preset_empty")
        return content

    def _save(self, settings: StreamSettings, name: str) -> None:
        preset = self._session.storage.presets.add(name, self._content(settings))
        self._done("status.preset_saved", preset)
        self._note_applied(preset.id)
        self._runtime.call_on_ui(partial(self._choose, preset.id, settings))

    def _overwrite(self, settings: StreamSettings, preset: str) -> None:
        content = self._content(settings)
        self._done(
            "status.preset_overwritten", self._session.storage.presets.overwrite(preset, content)
        )
        self._note_applied(preset)

    def _rename(self, preset: str, name: str) -> None:
        self._done("status.preset_renamed", self._session.storage.presets.rename(preset, name))

    def _delete(self, preset: str) -> None:
        self._done("status.preset_deleted", self._session.storage.presets.delete(preset))
        self._runtime.call_on_ui(partial(self._forget, preset))

    def _move(self, preset: str, by: int) -> None:
        self._done("status.preset_moved", self._session.storage.presets.move(preset, by))

    def _done(self, sentence: str, preset: Preset) -> None:
        self._show()
        self._runtime.announce(message(sentence, name=preset.name))

    def _export(self, path: str) -> None:
        from pathlib import Path

        count = self._session.storage.presets.export_to(_given(path))
        name = "status.preset_exported_one" if count == 1 else "status.presets_exported"
        self._runtime.announce(message(name, count=count, file=Path(path).name))

    def _import(self, path: str) -> None:
        done = self._session.storage.presets.import_from(_given(path))
        self._show()
        self._runtime.announce(message("status.presets_imported", **done._asdict()))


def _given(path: str) -> Path:
    """Return the path of a file that was chosen; raise when none was."""
    from pathlib import Path

    if not path.strip():
        raise InvalidInput("error.no_file")
    return Path(path)
