"""The script while OBS loads it: nothing that takes long happens on OBS's UI thread.

What the script is made of is imported on a thread of its own, by `importing.py`, and the session is
made there, which OBS's UI thread only has to begin. OBS's calls are answered meanwhile: those that
can wait do, and only a stream that starts or a panel that is opened in these few milliseconds waits
for the rest. OBS's UI thread compiles this file when there is no bytecode yet, so it has only what
that thread needs, and not even `__future__`, which is a file as well.
"""

# `threading` and what it imports would be half of what OBS's UI thread waits for.
import _thread
import time

import obspython as obs

from .hotkeys import Hotkeys

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final

    from velora_core.application import Application

    from .callbacks import Callbacks
    from .host import ObsHost
    from .loaded_code import LoadedCode
    from .read_ahead import ReadModule
    from .script import Session

__all__ = ["SECRET_FIELDS", "LoadedScript"]

SECRET_FIELDS: "Final" = ("access_token", "client_id", "client_secret")
"""Those that are emptied as soon as something is in them: OBS would save it with the scenes."""

_AFTER_LOADING: "Final" = 0.01
"""Seconds that importing waits: OBS calls `script_update` when it has loaded a script, and Python
would have its UI thread wait for the other one at each file that it opens."""
_UNLOADING_TIMEOUT: "Final" = 1.0
"""Seconds that unloading waits for the imports at most: the next copy may drop these modules."""
_NOT_TO_WAIT: "Final" = (
    obs.OBS_FRONTEND_EVENT_STREAMING_STARTING,
    obs.OBS_FRONTEND_EVENT_STREAMING_STARTED,
    obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED,
    obs.OBS_FRONTEND_EVENT_PROFILE_CHANGED,
    obs.OBS_FRONTEND_EVENT_PROFILE_RENAMED,
)
"""Events after which the session would find nothing of what they tell."""
_NOT_TO_BE_MISSED: "Final" = (
    obs.OBS_FRONTEND_EVENT_FINISHED_LOADING,
    obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED,
)
"""Those that come while OBS starts, and may come late."""


class _Signal:
    """What `threading.Event` is, as far as it is needed here; set by one thread only."""

    def __init__(self) -> None:
        self.is_set = False
        self._lock = _thread.allocate_lock()
        self._lock.acquire()

    def set(self) -> None:
        if not self.is_set:
            self.is_set = True
            self._lock.release()

    def wait(self, timeout: float) -> None:
        if not self.is_set and self._lock.acquire(timeout=timeout):
            self._lock.release()  # for whoever else waits


class LoadedScript:
    """The script from its loading to its unloading.

    It registers what OBS is to call, and hands on what OBS calls. All but the callbacks that say so
    are called on OBS's UI thread.
    """

    def __init__(
        self, settings: "Any", path: str, callbacks: "Callbacks", code: "LoadedCode | None"
    ) -> None:
        """Register the callbacks, and begin to import the rest on a thread of its own.

        Args:
            settings: OBS's own; they live as long as the script is loaded.
            path: the script's folder.
            callbacks: what OBS is to call.
            code: that the script before has left loaded; None if it is all to be imported.
        """
        self.path = path
        self.code = code
        """The code that is loaded, for the next copy; None until the imports have begun."""
        self.failed = False
        """Whether the session could not be made, which OBS has logged: it does nothing any more."""
        self._settings = settings
        self._callbacks = callbacks
        self._session: Session | None = None
        self._early: list[Callable[[Session], None]] = []  # of callbacks on other threads
        self._updated = False
        # What the thread that imports has to do with, in `importing.py`:
        self.lock = _thread.allocate_lock()
        self.needs_threading = False  # what it imports is there, and the UI thread's turn is due
        self.threading: ReadModule | None = None  # what it is imported from
        self.has_threading = _Signal()
        self.making = _thread.allocate_lock()
        self.made: Session | None = None  # by that thread; the UI thread begins it
        self.imported = _Signal()
        self.wanted = _Signal()  # nobody has to be woken any more
        self.closed = False
        obs.obs_frontend_add_event_callback(callbacks.on_event)
        signals = obs.obs_get_signal_handler()
        obs.signal_handler_connect(signals, "source_rename", callbacks.on_source_renamed)
        self._hotkeys = Hotkeys(settings, callbacks.on_hotkey)
        # Its name is not known yet.
        obs.obs_data_set_string(
            settings, "category_entry", obs.obs_data_get_string(settings, "category")
        )
        _thread.start_new_thread(self._import, ())

    def _import(self) -> None:
        """Import the script's modules, on a thread of its own."""
        time.sleep(_AFTER_LOADING)
        try:
            from .importing import import_session, wake_until_wanted

            import_session(self)
        finally:
            self.imported.set()  # from now on the next copy may drop these modules
        wake_until_wanted(self)

    def _import_threading(self) -> None:
        """Do on the UI thread what no other may do in older Pythons."""
        self.needs_threading = False
        read, self.threading = self.threading, None
        if read is not None:
            read.load()
        import threading  # noqa: F401 - which it is now, but where there is nothing to read

        self.has_threading.set()

    @property
    def is_made(self) -> bool:
        """Whether there is a session yet."""
        return self._session is not None

    @property
    def session(self) -> "Session":
        """The script itself; waits for its modules as long as they are not there."""
        return self._session or self._make_session()

    def _make_session(self) -> "Session":
        self.wanted.set()
        try:
            self._import_threading()
            session = self._take_made() or self.new_session()
            session.begin(self._hotkeys)
        except BaseException:
            self.failed = True  # each call would make another one, and fail again
            raise
        with self.lock:
            self._session = session
            early, self._early = self._early, []
        for turn in early:
            turn(session)
        return session

    def new_session(self) -> "Session":
        """Return one that has not begun; from any thread, once `threading` is there."""
        from .script import Session

        return Session(self._settings, self.path, self._callbacks)

    def _take_made(self) -> "Session | None":
        """Return, once, what the thread that imports has made; waits while it does."""
        with self.making:
            made, self.made = self.made, None
        return made

    @property
    def app(self) -> "Application":
        """The application."""
        return self.session.app

    @property
    def host(self) -> "ObsHost":
        """OBS, as the application sees it."""
        return self.session.host

    def close(self) -> None:
        """Serve OBS's hook `script_unload`."""
        with self.lock:
            self.closed = True
        self.wanted.set()
        if self._session is not None:
            self._session.close()
        self.has_threading.set()  # nobody waits for it any more
        self.imported.wait(_UNLOADING_TIMEOUT)
        made = self._take_made()
        if made is not None:  # and nobody has asked for it
            made.app.close()

    def update(self) -> None:
        """Serve OBS's hook `script_update`, which is called at every keystroke."""
        first, self._updated = not self._updated, True
        if first and self._session is None and not self._has_secrets():
            return  # OBS's own call after loading; the session reads the fields when it is made
        self.session.update()

    def _has_secrets(self) -> bool:
        return any(obs.obs_data_has_user_value(self._settings, name) for name in SECRET_FIELDS)

    def save(self) -> None:
        """Serve OBS's hook `script_save`, by which the UI thread comes when it is asked for."""
        if self.needs_threading:
            self._import_threading()
        if self._session is not None:
            self._session.save()
        elif self._is_ready():
            self._make_session()  # which asks for the next turn once it has read what is kept
        self._hotkeys.save()

    def _is_ready(self) -> bool:
        """Return whether nobody has to wait for the session."""
        return self._session is not None or (self.imported.is_set and not self.closed)

    def panel(self) -> "obs.obs_properties_t":
        """Serve OBS's hook `script_properties`."""
        props: obs.obs_properties_t = self.session.panel()
        return props

    def press(self, props: "Any", prop: "Any") -> bool:
        """Serve one of the panel's buttons."""
        return self.session.press(props, prop)

    def modified(self, props: "Any", prop: "Any") -> bool:
        """Take up a change of one of the fields; say whether OBS is to build the view anew."""
        return self.session.modified(props, prop)

    def handle_event(self, event: int) -> None:
        """Serve one of OBS's frontend events."""
        if event == obs.OBS_FRONTEND_EVENT_EXIT:
            with self.lock:
                self.closed = True
            self.wanted.set()
        if self.needs_threading:
            self._import_threading()
        if self._is_ready() or (event in _NOT_TO_WAIT and not self.closed):
            self.session.handle_event(event)
        elif event in _NOT_TO_BE_MISSED:
            self._call_with_session(lambda session: session.handle_event(event))

    # -- on any thread ---------------------------------------------------------------------

    def _call_with_session(self, turn: "Callable[[Session], None]") -> None:
        with self.lock:
            session = self._session
            if session is None:
                self._early.append(turn)
        if session is not None:
            turn(session)

    def hotkey_pressed(self, name: str, pressed: bool) -> None:
        """Serve a hotkey, on a thread of OBS's own."""
        if pressed:
            self._call_with_session(lambda session: session.hotkey_pressed(name))

    def output_stopped(self, data: "Any") -> None:
        """Note how the output ended: on its own thread, before OBS's event for it or after."""
        if self._session is not None:  # which has asked for it
            self._session.output_stopped(data)

    def source_renamed(self, data: "Any") -> None:
        """Note that a source has another name, on whichever thread renames it."""
        before = obs.calldata_string(data, "prev_name")
        after = obs.calldata_string(data, "new_name")
        kind = obs.obs_source_get_type(obs.calldata_source(data, "source"))
        scene = kind == obs.OBS_SOURCE_TYPE_SCENE
        self._call_with_session(lambda session: session.source_renamed(before, after, scene=scene))
