"""The panel as a page in a browser, and its interface for other programs: on, off, and who may.

What serves it is given to the application by its host, and is loaded when it is turned on. Its
threads ask here; what concerns the fields and the buttons is done on the UI thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from velora_core.app.runtime import Runtime, StatusEntry
from velora_core.app.session import Session
from velora_core.app.state import PageStatus, State, StatusLevel, StreamSettings
from velora_core.app.viewer_curve import ViewerCurve
from velora_core.app.worker import Job, Priority
from velora_core.auth.browser_flow import open_browser
from velora_core.errors import BrowserMissing, Cancelled, StorageError, TimedOut, VeloraError
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from typing import Protocol

    from velora_core.app.live_status import LiveStatus
    from velora_core.secret import Secret
    from velora_core.storage.page_access import PageAccess

    # Here, because making a `Protocol` takes longer than all else that is loaded of this file.
    class PageServer(Protocol):
        """What serves the page, from its making on. All methods may be called on any thread."""

        @property
        def address(self) -> Secret:
            """Where the page is, with what opens it."""

        def entry(self) -> Secret:
            """Return an address that opens it once: others can see a browser's command line."""

        def changed(self) -> None:
            """Take note that there is something new to show; returns at once."""

        def close(self) -> None:
            """End all connections; takes a fifth of a second at most.

            With a stream from the page, a second more: it is ended at Velora.
            """

    StartPage = Callable[["Page", PageAccess], PageServer]

__all__ = ["Page", "PageView"]

_UI_TIMEOUT: Final = 3.0
"""Seconds that a request waits for a turn of the UI thread: OBS has none while it loads scenes."""

_Result = TypeVar("_Result")


class PageView(NamedTuple):
    """All that a page shows, at one moment.

    Attributes:
        state: where things stand.
        settings: what the fields hold.
        status_history: the last sentences, the oldest first.
        curve: the viewers of the running stream: Unix time and number.
    """

    state: State
    settings: StreamSettings
    status_history: tuple[StatusEntry, ...]
    curve: tuple[tuple[int, int], ...]


class _Turn:
    """Something that the UI thread is to do, as long as somebody waits for it."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._begun = self._given_up = False
        self.result: object = None
        self.error: Exception | None = None

    def __call__(self) -> None:
        with self._lock:
            if self._given_up:
                return
            self._begun = True
        try:
            self.result = self._work()
        except Exception as error:
            self.error = error
        finally:
            self._ended.set()

    def wait(self) -> bool:
        """Return whether it was done; it won't be any more if it wasn't."""
        if not self._ended.wait(_UI_TIMEOUT):
            with self._lock:
                self._given_up = not self._begun
            if not self._given_up:
                self._ended.wait(_UI_TIMEOUT)
        return self._begun and self._ended.is_set()

    def give_up(self) -> None:
        """Have nobody wait any longer."""
        with self._lock:
            self._given_up = not self._begun
        self._ended.set()


class Page(Feature):
    """The buttons in the panel's section for it, and the door that its server comes in by."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        start: StartPage | None,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
        browse: Callable[[str], None] = open_browser,
    ) -> None:
        """Create the feature; nothing is on yet.

        Args:
            runtime: the threads.
            session: what is kept.
            start: starts the server, on the worker; None where there is no page.
            settings: what the panel's fields hold.
            edit: changes that.
            browse: opens an address in the browser, on a thread of its own, which it may keep.
        """
        self._runtime = runtime
        self._session = session
        self._start = start
        self._settings = settings
        self._edit = edit
        self._browse = browse
        self.memory = runtime.host.memory()
        """What outlives this application, as `Host.memory` has it."""
        self._lock = threading.Lock()
        self._server: PageServer | None = None
        self._closed = False
        self._asked = False  # for by the button
        self._ready = False  # what was kept is known
        self._kept = False
        self._declined = False  # by whoever turned it off
        self._curve = ViewerCurve()
        self._turns: set[_Turn] = set()
        self.tried = threading.Event()
        """Set once the browser has opened the page, or could not: `unopened` says which."""
        self.unopened = False

    # -- the UI thread ---------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether the page can be opened; from any thread."""
        return self._server is not None

    @property
    def possible(self) -> bool:
        """Whether there is a page at all."""
        return self._start is not None

    def open(self) -> Job:
        """Turn the page on, and open it in the browser."""
        self._asked = True
        return self._runtime.press(message("button.open_page"), self._open)

    def turn_on(self) -> None:
        """Turn the page on without opening it: another one leads to it."""
        self._asked = True
        if self._ready and self.possible:
            self._later(self._follow)

    def turn_off(self) -> Job:
        """Turn the page off, and keep it so."""
        self._asked = self._kept = False
        self._declined = True
        self._edit(self._settings()._replace(page_kept=False))
        return self._runtime.press(message("button.close_page"), self._turn_off)

    def add_program(self) -> Job:
        """Let the program in whose name is in the field."""
        name = self._settings().program_name
        work = partial(self._add, name)
        return self._runtime.press(message("button.program_add"), work)

    def revoke_program(self) -> Job:
        """Let the chosen program in no more."""
        program = self._settings().program
        self._edit(self._settings()._replace(program=""))
        return self._runtime.press(message("button.program_revoke"), partial(self._revoke, program))

    def opened(self) -> None:
        """Turn the page on where it is kept on."""
        first, self._ready = not self._ready, True
        if self.possible:
            self._later(self._look_at_programs)
            self._later(self._follow)
            if first and self._runtime.host.capabilities().docks:
                self._later(partial(self._look_for_dock, kept=self._kept))

    def panel_opened(self) -> None:
        """Hide the token of a program: it was there to be copied once."""
        page = self._runtime.state.page
        if page.token is not None:
            self._runtime.change(page=page._replace(token=None))

    def settings_changed(self, settings: StreamSettings) -> None:
        """Follow the check box, and show what is new in the fields."""
        if settings.page_kept != self._kept:
            self._kept = settings.page_kept
            if not self._kept:
                self._asked = False
            if self._ready and self.possible:
                self._later(self._follow)
                if not self._kept:
                    self._declined = True
                    self._later(self._session.storage.page.forget_added_dock)
        self.tell()

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Begin another curve."""
        self._curve = ViewerCurve()

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Begin the curve in the middle."""
        self.stream_started(settings)

    def live_status(self, status: LiveStatus) -> None:
        """Take note of how many watch."""
        count = status.viewers.now
        if status.is_live and count is not None and status.checked_at is not None:
            self._curve.add(status.checked_at, count)
            self.tell()

    def close(self) -> None:
        """End the page at once."""
        with self._lock:
            self._closed = True
            server, self._server = self._server, None
            turns = list(self._turns)
        self._runtime.changed = None
        for turn in turns:
            turn.give_up()
        if server:
            server.close()

    def _later(self, work: Callable[[], None]) -> None:
        self._runtime.worker.submit(
            partial(self._guarded, work), priority=Priority.BACKGROUND, interruptible=False
        )

    # -- the worker ------------------------------------------------------------------------

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled:
            return
        except VeloraError as error:
            self._runtime.report(error)

    def _follow(self) -> None:
        """Have the page as it is wanted now."""
        if self._kept or self._asked:
            self._started()
        else:
            self._stop()

    def _started(self) -> PageServer:
        if self._server:
            return self._server
        assert self._start is not None
        access = self._session.storage.page
        try:
            access.load(make=True)
        except StorageError as error:  # it opens all the same, by another address next time
            self._runtime.report(error)
        server = self._start(self, access)
        with self._lock:
            if not self._closed:
                self._server = server
        if self._server is not server:  # closed meanwhile
            server.close()
            raise Cancelled
        self._runtime.changed = server.changed
        self._show(address=server.address)
        return server

    def _stop(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        self._runtime.changed = None
        if server:
            server.close()
        self._show(address=None, token=None)

    def _open(self) -> None:
        server = self._started()
        self._runtime.show(message("status.page_opens"), topic=self)
        work = partial(self._open_now, server)
        threading.Thread(target=work, name="velora-browser", daemon=True).start()

    def _open_now(self, server: PageServer) -> None:
        """On a thread of its own, which a browser may keep."""
        try:
            self._browse(server.entry().reveal())
        except BrowserMissing:
            self.unopened = True
            sentence = message("status.page_no_browser")
            self._runtime.log(LogLevel.INFO, sentence)  # first: a terminal puts the address there
            self._runtime.show(sentence, StatusLevel.WARNING, topic=self)
        finally:
            self.tried.set()

    def _turn_off(self) -> None:
        self._stop()
        self._session.storage.page.forget_added_dock()
        self._runtime.show(message("status.page_off"), topic=self)

    def _add(self, name: str) -> None:
        access = self._session.storage.page
        token = access.add(name)
        self._show(token=token)
        self._look_at_programs()
        self._runtime.call_on_ui(partial(self._empty_name, name))
        self._runtime.show(message("status.program_added", name=" ".join(name.split())))

    def _empty_name(self, name: str) -> None:
        """Empty the field, unless somebody has typed the next one there by now."""
        if self._settings().program_name == name:
            self._edit(self._settings()._replace(program_name=""))

    def _revoke(self, program: str) -> None:
        access = self._session.storage.page
        names = dict(access.programs)
        access.revoke(program)
        self._look_at_programs()
        self._show(token=None)
        self._runtime.show(message("status.program_revoked", name=names.get(program, "")))

    def _look_at_programs(self) -> None:
        access = self._session.storage.page
        access.load(make=False)
        self._show(programs=tuple((program.id, program.name) for program in access.programs))

    def _look_for_dock(self, *, kept: bool) -> None:
        """Keep the page on once the installer has added a dock, which was asked for there.

        Args:
            kept: whether what the software had stored says so. Only then is it forgotten that there
                is a new dock: the software stores the fields when it likes, and may crash before.
        """
        page = self._session.storage.page
        if kept:
            page.forget_added_dock()
        elif page.dock_added:
            self._runtime.call_on_ui(self._keep)

    def _keep(self) -> None:
        if not self._declined:
            self._edit(self._settings()._replace(page_kept=True))

    def _show(self, **changes: object) -> None:
        page: PageStatus = self._runtime.state.page
        self._runtime.change(page=page._replace(**changes))  # type: ignore[arg-type]

    # -- any thread ------------------------------------------------------------------------

    def tell(self) -> None:
        """Have the page show what is new."""
        server = self._server
        if server:
            server.changed()

    def entry(self) -> Secret | None:
        """Return an address that opens the page once; None while it is off."""
        server = self._server
        return server.entry() if server else None

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that say which Velora is used."""
        return self._session.environment

    @property
    def host_name(self) -> str:
        """What the broadcasting software is called."""
        return self._runtime.host.capabilities().name

    def view(self, *, seen: bool = False) -> PageView:
        """Return what there is to show.

        Args:
            seen: somebody looks at it: what the status says counts as read then.
        """
        state = self._runtime.drawn() if seen else self._runtime.state
        return PageView(state, self._settings(), self._runtime.status_history, self._curve.points)

    def on_ui(self, work: Callable[[], _Result]) -> _Result:
        """Have the UI thread do something, and return what comes of it.

        Raises:
            TimedOut: it had no time for that, and won't do it.
        """
        turn = _Turn(work)
        with self._lock:
            if self._closed:
                raise TimedOut
            self._turns.add(turn)
        try:
            self._runtime.call_on_ui(turn)
            if not turn.wait():
                raise TimedOut
        finally:
            with self._lock:
                self._turns.discard(turn)
        if turn.error:
            raise turn.error
        return turn.result  # type: ignore[return-value]
