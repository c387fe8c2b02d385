"""The loaded script: what OBS's hooks and events mean.

All but the callbacks that say so are called on OBS's UI thread.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core import __version__
from velora_core.app.local_time import local_time
from velora_core.app.state import State, StreamSettings
from velora_core.application import Application
from velora_core.panel.build import build_panel
from velora_core.panel.facts import Facts
from velora_core.web import start_page

from .audio_encoder import match_audio_encoder, release_encoder
from .fields import Fields
from .host import ObsHost
from .hotkeys import PRESET, PUT_BACK, UPDATE_NOW
from .output import StreamOutput, frames_sent
from .panel import PanelView
from .profile import find_obs_functions

if TYPE_CHECKING:
    from velora_core.panel.elements import Panel
    from velora_core.storage.presets import Preset

    from .callbacks import Callbacks
    from .hotkeys import Hotkeys

__all__ = ["Session", "prepare"]

_PENDING_UPDATE: Final = "_velora_unsent"
"""What the running stream was to be called, when Velora hadn't taken it before this was unloaded: a
switch of the scene collection loads scripts anew, and may load another copy. Its name stays: that
copy may be of another version."""
_MAX_HOTKEYS: Final = 10  # of presets, the first in their order
_PENDING_LIFE: Final = 600.0  # seconds


def prepare() -> None:
    """Do once what takes longest the first time, so that OBS's UI thread finds it done.

    Calls nothing of OBS. From any thread, before there is a session.
    """
    find_obs_functions()
    local_time()
    _first_panel()


@lru_cache(maxsize=1)
def _first_panel() -> Panel:
    """Return the panel before anything is known: its fields hold the defaults."""
    return build_panel(State(status=""), StreamSettings(), Facts())


class Session:
    """From the script's loading to its unloading.

    Made on the thread that imports, where there is time for that: OBS's UI thread waits only for
    `begin`.
    """

    def __init__(self, settings: Any, path: str, callbacks: Callbacks) -> None:
        """Make the application with the fields and the panel, which read nothing yet.

        From any thread: nothing of OBS is called that another thread might be changing.

        Args:
            settings: OBS's own; they live as long as the script is loaded.
            path: the script's folder.
            callbacks: what OBS is to call.
        """
        self.callbacks = callbacks
        self.fields = Fields(settings)
        self.host = ObsHost(self.fields)
        self.app = self.fields.app = Application(
            self.host,
            preset_folder=path,
            application=f"velora-obs/{__version__}",
            page=start_page,
            opens=False,
        )
        self._presets: tuple[Preset, ...] = ()  # that OBS has hotkeys for
        self._starting = False  # from the event until OBS saves, while the title is to be sent
        self._output = StreamOutput(self.app)
        self._view = PanelView(self.app, self.fields, callbacks)

    def begin(self, hotkeys: Hotkeys) -> None:
        """Take up what OBS has; on its UI thread, once.

        Args:
            hotkeys: those that OBS has of this script.
        """
        self._hotkeys = hotkeys
        try:
            with self.app.undisturbed(), self.host.steady():  # the worker begins with imports
                self._profile = self._profile_before = self.host.profile()
                self.app.open(_take_pending_update())
                self.fields.open(_first_panel())
                self.app.keep_fields(lambda: str(obs.obs_frontend_get_current_scene_collection()))
        except BaseException:
            self.app.close()  # nobody else can
            raise

    def close(self) -> None:
        """Serve OBS's hook `script_unload`."""
        pending_update = self.app.pending_update
        if pending_update:
            setattr(obs, _PENDING_UPDATE, (pending_update, time.monotonic(), frames_sent()))
        self.app.close()
        self._write()  # there is no address for a sign-in any more
        release_encoder()

    def update(self) -> None:
        """Serve OBS's hook `script_update`, which is called at every keystroke."""
        self._view.updating()
        self.fields.read()

    def save(self) -> None:
        """Serve OBS's hook `script_save`, by which the UI thread comes after `ObsHost.wake`."""
        starting, self._starting = self._starting, False
        with self.host.steady():
            self._output.look()
            self.app.process_ui_queue()
            if not (starting and self.fields.hold_settings):  # else all but what shows the state
                self._write()
            self._show_hotkeys()

    def _write(self) -> None:
        """Put into OBS's settings what the application has changed in the fields."""
        self.fields.write(self.app.panel())

    def panel(self) -> Any:
        """Serve OBS's hook `script_properties`."""
        return self._view.build()

    # -- callbacks -------------------------------------------------------------------------

    def hotkey_pressed(self, name: str) -> None:
        """Serve a hotkey, on any thread."""
        self.app.call_on_ui(lambda: self._act(name))

    def _act(self, hotkey: str) -> None:
        if hotkey == UPDATE_NOW:
            self.app.actions.update_now()
        elif hotkey == PUT_BACK:
            self.app.features.title_history.put_back()
        else:
            self.app.features.preset_library.apply(hotkey.removeprefix(PRESET))

    def _show_hotkeys(self) -> None:
        """Have OBS show a hotkey for each of the first presets."""
        presets = self.app.state.presets
        if presets is not self._presets:
            self._presets = presets
            self._hotkeys.show_presets(
                {preset.id: preset.name for preset in presets[:_MAX_HOTKEYS]}
            )

    def press(self, props: Any, prop: Any) -> bool:
        """Serve one of the panel's buttons."""
        return self._view.press(props, prop)

    def modified(self, props: Any, prop: Any) -> bool:
        """Take up a change of one of the fields; say whether OBS is to build the view anew."""
        return self._view.modified(props, prop)

    def handle_event(self, event: int) -> None:
        """Serve one of OBS's frontend events."""
        if event == obs.OBS_FRONTEND_EVENT_EXIT:
            self.app.close()  # waits for jobs
        with self.app.undisturbed(), self.host.steady():
            self._handle(event)

    def _handle(self, event: int) -> None:
        app, before = self.app, self.app.settings
        if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTING:
            match_audio_encoder()
            self._output.watch(self.callbacks.on_output_stop)
            app.stream_starting()
            self._starting = True
        elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTED:
            if self._output.was_mistaken():  # only the info is still to be sent
                app.features.stream_info.start_goes_on(app.settings)
            app.stream_started()
        elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED:
            app.stream_stopped(None)
            self._output.stream_stopped()
        elif event in (
            obs.OBS_FRONTEND_EVENT_RECORDING_STARTING,
            obs.OBS_FRONTEND_EVENT_REPLAY_BUFFER_STARTING,
        ):
            app.features.encoder_check.recording_starting()
        elif event == obs.OBS_FRONTEND_EVENT_SCENE_CHANGED:
            app.scene_changed()
        elif event == obs.OBS_FRONTEND_EVENT_PROFILE_CHANGED:
            self._profile_before, self._profile = self._profile, self.host.profile()
            app.profile_changed()
        elif event == obs.OBS_FRONTEND_EVENT_PROFILE_RENAMED:
            self._profile_renamed()
        elif event in (
            obs.OBS_FRONTEND_EVENT_FINISHED_LOADING,
            obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED,
        ):
            app.scenes_loaded()
        elif event == obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGING:
            app.scenes_unloading()
        if event not in (
            obs.OBS_FRONTEND_EVENT_STREAMING_STARTING,
            obs.OBS_FRONTEND_EVENT_STREAMING_STARTED,
            obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED,
        ):  # then what is queued waits until OBS has gone on: it comes by for that
            app.process_ui_queue()
        if app.features.page.on or app.settings is not before:
            self._write()  # or OBS would tell of the next letter with what the fields held before

    def output_stopped(self, data: Any) -> None:
        """Note that the output begins, or how it ended: on any thread, at any time."""
        self._output.output_told(data)

    def _profile_renamed(self) -> None:
        """Take what was kept for the profile over to its new folder.

        OBS copies the profile into that folder and deletes the old one. From 31 on it says before
        that the profile has changed; 29 and 30 don't (measured).
        """
        before, now = self._profile, self.host.profile()
        if before.id == now.id:
            before = self._profile_before
        self._profile = self._profile_before = now
        if before.id != now.id and before.name not in obs.obs_frontend_get_profiles():
            self.app.profile_renamed(before)

    def source_renamed(self, before: str, after: str, *, scene: bool) -> None:
        """Have what names a text source, or a scene, follow its new name; on any thread."""
        self.app.call_on_ui(lambda: self._follow_source(before, after, scene=scene))

    def _follow_source(self, before: str, after: str, *, scene: bool) -> None:
        if not before or not after or before == after:
            return
        self.app.source_renamed(before, after, scene=scene)
        self._write()


def _take_pending_update() -> Mapping[str, Any] | None:
    """Return what a copy that is gone has not sent to the stream that still runs, or None."""
    left = getattr(obs, _PENDING_UPDATE, None)
    setattr(obs, _PENDING_UPDATE, None)
    if left is None:
        return None
    pending_update: Mapping[str, Any]
    pending_update, at, frames = left
    # The count begins anew with each stream.
    same = time.monotonic() - at < _PENDING_LIFE and frames_sent() >= frames
    return pending_update if same else None
