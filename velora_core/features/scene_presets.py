"""Presets of scenes: when a scene that has one goes on air, its preset is sent to the stream."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import StorageError
from velora_core.host.host import HostScene, LogLevel
from velora_core.messages import message

from .feature import Feature
from .filling import Filling
from .preset_library import PresetLibrary

if TYPE_CHECKING:
    from velora_core.storage.presets import Preset

__all__ = ["ScenePresets"]

PAUSE: Final = 30.0
"""Seconds between two presets that scenes have sent: people switch back and forth."""
_SENT_AT: Final = "scene preset sent at"


class ScenePresets(Feature):
    """Sends the preset of the scene on air: of several in the pause the last one.

    One that waits gives way to what is sent by hand meanwhile.
    """

    def __init__(
        self, runtime: Runtime, session: Session, filling: Filling, library: PresetLibrary
    ) -> None:
        """Create the presets of scenes.

        Args:
            runtime: the threads.
            session: knows what Velora's limits leave.
            filling: sends to the running stream.
            library: knows what another OBS has changed.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._filling = filling
        self._library = library
        self._memory = runtime.host.memory()
        self._wanted: tuple[Preset, str, float] | None = None
        """Waits for the pause to end: what is said then, and when it was wanted."""
        self._job: Job | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def scene_changed(self) -> None:
        """Want the scene's preset, if it has one and a stream runs."""
        if not any(preset.scenes for preset in self._runtime.state.presets):
            return
        if not self._filling.software_live:
            return
        preset = self._preset_of(self._host.scene())
        if preset is None:
            return  # nothing changes, and what is still to be sent is sent
        self.want(preset, message("log.scene_preset", name=preset.name))

    def want(self, preset: Preset, sentence: str) -> None:
        """Send a preset to the running stream once the pause is over, unless another is wanted.

        Args:
            preset: what to send.
            sentence: for the log, when it is sent.
        """
        self._wanted = preset, sentence, time.monotonic()
        if self._job is None or self._job.done:
            pause = self._memory.get(_SENT_AT, float("-inf")) + PAUSE - time.monotonic()
            self._ask(max(0.0, pause))

    def scene_renamed(self, before: str, after: str) -> None:
        """Follow the scene, if it is one that a preset has: the worker looks, which knows best."""
        self._runtime.worker.submit(
            partial(self._rename, before, after),
            interruptible=False,
            interrupts=False,
            last=True,
        )

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Begin anew."""
        self.stream_stopped()
        return True

    def stream_stopped(self) -> None:
        """Send nothing any more."""
        self._wanted = None
        if self._job:
            self._job.cancel()
        self._memory.pop(_SENT_AT, None)

    def tie(self, preset: str) -> Job:
        """Have the scene on air mean a preset."""
        work = partial(self._tie, preset, self._host.scene())
        return self._runtime.press(message("button.scene_tie"), work)

    def untie(self, preset: str) -> Job:
        """Have no scene mean a preset."""
        return self._runtime.press(message("button.scene_untie"), partial(self._untie, preset))

    def _preset_of(self, scene: HostScene) -> Preset | None:
        for preset in self._runtime.state.presets:
            if any(tied.is_same(scene) for tied in preset.scenes):
                return preset
        return None

    def _ask(self, delay: float) -> None:
        self._job = self._runtime.worker.submit(
            self._look_at_limits, priority=Priority.USER, delay=delay
        )

    def _send(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or not self._filling.live:
            return
        before, sentence, at = wanted
        if at < self._filling.asked_at:
            return  # what somebody asked for since is the last one wanted
        presets = self._runtime.state.presets
        preset = next((saved for saved in presets if saved.id == before.id), None)
        if preset is None:
            return  # another OBS has deleted it
        self._memory[_SENT_AT] = time.monotonic()
        self._runtime.change(preset=preset.id)
        self._runtime.log(LogLevel.INFO, sentence)
        self._filling.send_if_live(preset.content, by_itself=True)

    # -- the worker ------------------------------------------------------------------------

    def _look_at_limits(self) -> None:
        delay = self._session.rate_limit_delay()
        if delay and not self._filling.waits:  # the last one wanted is sent when it is over
            self._runtime.call_on_ui(partial(self._ask, delay))
        else:
            self._library.reload()  # so that it is sent as it is now
            self._runtime.call_on_ui(self._send)

    def _tie(self, preset: str, scene: HostScene) -> None:
        tied = self._session.storage.presets.tie(preset, scene)
        self._show()
        self._runtime.announce(message("status.scene_tied", name=tied.name, scene=scene.name))

    def _untie(self, preset: str) -> None:
        name = self._session.storage.presets.untie(preset).name
        self._show()
        self._runtime.announce(message("status.scene_untied", name=name))

    def _rename(self, before: str, after: str) -> None:
        try:
            if self._session.storage.presets.scene_renamed(before, after):
                self._show()
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))

    def _show(self) -> None:
        self._runtime.change(presets=self._session.storage.presets.read())
