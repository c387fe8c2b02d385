"""The loaded script: what OBS's hooks and events mean. All but the callbacks that say so are called
on OBS's UI thread, where loading counts as well: what is not needed then is imported late."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import obspython as obs

from velora_core import __version__
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.messages import message

from .fields import Fields
from .host import ObsHost

if TYPE_CHECKING:
    from .output import StreamOutput
    from .panel import PanelView

__all__ = ["Callbacks", "Session", "set_defaults"]

_HOTKEY: Final = "velora_update_now"

_PENDING_UPDATE: Final = "_velora_unsent"
"""What the running stream was to be called, when Velora hadn't taken it before this was unloaded: a
switch of the scene collection loads scripts anew, and may load another copy."""
_PENDING_LIFE: Final = 600.0  # seconds


class Callbacks(NamedTuple):
    """The functions that OBS is given.

    They are those of `velora_obs.py`: OBS wants plain functions of a module, and keeps each that it
    was given for ever. One of this package would keep all of it in memory after each "Reload".
    """

    event: Callable[[int], None]
    hotkey: Callable[[bool], None]
    output_stop: Callable[[Any], None]
    source_renamed: Callable[[Any], None]
    button: Callable[[Any, Any], bool]
    modified: Callable[[Any, Any, Any], bool]


def set_defaults(settings: Any) -> None:
    """OBS's hook `script_defaults`."""
    defaults = StreamSettings()
    obs.obs_data_set_default_string(settings, "protocol", defaults.protocol)
    obs.obs_data_set_default_bool(settings, "update_on_start", defaults.update_on_start)
    obs.obs_data_set_default_int(settings, "redirect_port", defaults.redirect_port)
    obs.obs_data_set_default_int(settings, "live_interval", defaults.live_interval)


class Session:
    """From the script's loading to its unloading."""

    def __init__(self, settings: Any, path: str, callbacks: Callbacks) -> None:
        """
        Args:
            settings: OBS's own; they live as long as the script is loaded.
            path: the script's folder.
            callbacks: what OBS is to call.
        """
        self.path = path
        self.callbacks = callbacks
        self.fields = Fields(settings)
        self.host = ObsHost(self.fields)
        self.app = self.fields.app = Application(
            self.host,
            preset_folder=path,
            application=f"velora-obs/{__version__}",
            pending_update=_take_pending_update(),
        )
        self._output: StreamOutput | None = None
        self._view: PanelView | None = None
        self._profile = self._profile_before = self.host.profile()
        self.fields.show_category()
        self.fields.show_template()
        self._hotkey = self._register(settings)

    def _register(self, settings: Any) -> Any:
        obs.obs_frontend_add_event_callback(self.callbacks.event)
        signals = obs.obs_get_signal_handler()
        obs.signal_handler_connect(signals, "source_rename", self.callbacks.source_renamed)
        hotkey = obs.obs_hotkey_register_frontend(
            _HOTKEY, message("hotkey.update_now"), self.callbacks.hotkey
        )
        keys = obs.obs_data_get_array(settings, _HOTKEY)
        obs.obs_hotkey_load(hotkey, keys)
        obs.obs_data_array_release(keys)
        return hotkey

    def close(self) -> None:
        """OBS's hook `script_unload`."""
        from .audio_encoder import release_encoder
        from .output import frames_sent

        pending_update = self.app.pending_update
        if pending_update:
            setattr(obs, _PENDING_UPDATE, (pending_update, time.monotonic(), frames_sent()))
        self.app.close()
        self.fields.show_sign_in_address()  # none any more
        release_encoder()

    def update(self) -> None:
        """OBS's hook `script_update`, at every keystroke."""
        self.fields.read()

    def save(self) -> None:
        """OBS's hook `script_save`: also the turn of the UI thread that `ObsHost.wake` asks for."""
        self.app.process_ui_queue()
        self.fields.show_sign_in_address()
        keys = obs.obs_hotkey_save(self._hotkey)
        if keys is not None:  # OBS takes hotkeys away before it unloads a script
            obs.obs_data_set_array(self.fields.settings, _HOTKEY, keys)
            obs.obs_data_array_release(keys)

    def panel(self) -> Any:
        """OBS's hook `script_properties`."""
        return self._panel_view().build()

    def _panel_view(self) -> PanelView:
        if self._view is None:
            from .panel import PanelView

            self._view = PanelView(self.app, self.fields, self.callbacks)
        return self._view

    # -- callbacks -------------------------------------------------------------------------

    def hotkey_pressed(self, pressed: bool) -> None:
        """On a thread of OBS's own."""
        if pressed:
            self.app.soon(self._update_now)

    def _update_now(self) -> None:
        self.app.update_now()

    def press(self, props: Any, prop: Any) -> bool:
        """One of the panel's buttons was pressed."""
        return self._panel_view().press(props, prop)

    def modified(self, props: Any, prop: Any) -> bool:
        """One of the panel's fields was changed; says whether to build the view anew."""
        return self._panel_view().modified(props, prop)

    def handle_event(self, event: int) -> None:
        """One of OBS's frontend events."""
        app = self.app
        if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTING:
            self._prepare_output()
            app.stream_starting()
        elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTED:
            app.stream_started()
        elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED:
            app.stream_stopped(None)
            if self._output:
                self._output.stream_stopped()
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
        elif event == obs.OBS_FRONTEND_EVENT_EXIT:
            app.close()
        app.process_ui_queue()

    def _prepare_output(self) -> None:
        from .audio_encoder import fit_audio_encoder
        from .output import StreamOutput

        fit_audio_encoder()
        if self._output is None:
            self._output = StreamOutput(self.app)
        self._output.watch(self.callbacks.output_stop)

    def output_stopped(self, data: Any) -> None:
        """On the output's own thread, before OBS's event for it or after that."""
        if self._output:
            self._output.output_stopped(data)

    def _profile_renamed(self) -> None:
        """OBS copies the profile into a new folder and deletes the old one. From 31 on it says
        before that the profile has changed; 29 and 30 don't (measured)."""
        before, now = self._profile, self.host.profile()
        if before.id == now.id:
            before = self._profile_before
        self._profile = self._profile_before = now
        if before.id != now.id and before.name not in obs.obs_frontend_get_profiles():
            self.app.profile_renamed(before)

    def source_renamed(self, data: Any) -> None:
        """On whichever thread renames it."""
        before = obs.calldata_string(data, "prev_name")
        after = obs.calldata_string(data, "new_name")
        self.app.soon(lambda: self._follow_source(before, after))

    def _follow_source(self, before: str, after: str) -> None:
        if not before or not after or before == after:
            return
        self.fields.rename_source(before, after)
        self.app.source_renamed(before, after)  # what is kept of it, too
        self.fields.read()


def _take_pending_update() -> Mapping[str, Any] | None:
    """What a copy that is gone has not sent to the stream that still runs, or None."""
    left = getattr(obs, _PENDING_UPDATE, None)
    setattr(obs, _PENDING_UPDATE, None)
    if left is None:
        return None
    from .output import frames_sent

    pending_update: Mapping[str, Any]
    pending_update, at, frames = left
    # The count begins anew with each stream.
    same = time.monotonic() - at < _PENDING_LIFE and frames_sent() >= frames
    return pending_update if same else None
