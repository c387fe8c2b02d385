"""The application: what a host and a user interface call, in any broadcasting software.

The software's UI thread calls the methods; none of them waits but `wait_for`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.api.cancellation import CallRegistry
from velora_core.app.categories import choices_of
from velora_core.app.known_keys import KnownKeys
from velora_core.app.local_time import local_time
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import State, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.features.feature_set import FeatureSet
from velora_core.host.host import EndReason, Host, HostProfile, LogLevel
from velora_core.messages import message

# Read here, because a host may import this on another thread than its UI thread.
from velora_core.messages.en import errors, panel, status, stream  # noqa: F401
from velora_core.messages.program import Program, speak_for
from velora_core.panel.actions import Actions
from velora_core.panel.answers import Answered, place_answer
from velora_core.panel.edit import SECRETS, edited, source_renamed
from velora_core.panel.elements import Action
from velora_core.panel.facts import Facts, facts_of
from velora_core.panel.last import LastPanel

from ._version import __version__
from .errors import VeloraError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from velora_core.features.page import Page, PageServer, PageView
    from velora_core.features.told_live import Following
    from velora_core.host.destination import Destination
    from velora_core.panel.elements import Panel, Value
    from velora_core.panel.sections import Sections
    from velora_core.storage.page_access import PageAccess

    from .secret import Secret

__all__ = ["Application"]

_OPENING_TIMEOUT: Final = 0.9  # seconds that a panel waits for the files, never for the network
_STORING_TIMEOUT: Final = 2.0  # seconds that `close` waits for tokens that are on their way


class Application:
    """One for each loaded script.

    Attributes:
        features: what happens is told to them.
        actions: what the buttons do; `press` runs them from a panel, a hotkey calls them directly.
    """

    def __init__(
        self,
        host: Host,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        preset_folder: str | None = None,
        application: str | None = None,
        pending_update: Mapping[str, Any] | None = None,
        page: Callable[[Application, Page, PageAccess], PageServer] | None = None,
        follow: Callable[[Following], None] | None = None,
        opens: bool = True,
    ) -> None:
        """Create the application.

        Args:
            host: the broadcasting software.
            environment: instead of the process's.
            folder: where settings are kept, instead of the user's own folder and keyring.
            preset_folder: where a distributor may have put an app registration.
            application: name and version of the program, for the User-Agent.
            pending_update: what the one before had not sent to the stream that runs or connects.
            page: serves the panel as a page (`velora_core.web`); None where there is none.
            follow: told, on the UI thread, what a software that tells nothing of its streams does:
                has the application handle that. None where the software tells it.
            opens: False where `open` is called later: this one may then be on any thread.
        """
        speak_for(Program.PANEL)
        self._settings = StreamSettings()
        self._host = host
        self._calls = calls = CallRegistry()
        self._runtime = Runtime(
            host, interrupt=calls.abort, state=State(status=message("status.reading"))
        )
        self._session = Session(
            os.environ if environment is None else environment,
            self._runtime,
            calls,
            folder=folder,
            preset_folder=preset_folder,
            application=application,
            read_snapshot=host.read_snapshot,
            known_keys=KnownKeys(host.memory()),
        )
        self._session.credentials.show_account()
        edit = partial(setattr, self, "settings")
        self.features = FeatureSet(
            self._runtime,
            self._session,
            settings=lambda: self.settings,
            edit=edit,
            page=partial(page, self) if page else None,
            follow=follow,
        )
        self.actions = Actions(
            self._runtime, self._session, self.features, settings=lambda: self.settings, edit=edit
        )
        self._facts: Facts | None = None
        self._facts_now = Facts()
        self._last_panel = LastPanel()
        self._answered = Answered()
        self._chosen_file: Job | None = None
        self._closing_ends: float | None = None
        if opens:
            self.open(pending_update)

    def open(self, pending_update: Mapping[str, Any] | None = None) -> None:
        """Begin to read what was kept; `pending_update` as above. On the UI thread, once."""
        self.features.stream_info.take_over(pending_update)
        work = partial(self._open, self._host.profile(), self._host.destination())
        self._opening = self._submit_live(work)

    @property
    def state(self) -> State:
        """What to show now."""
        return self._runtime.state

    @property
    def settings(self) -> StreamSettings:
        """What the panel's fields hold."""
        return self._settings

    @settings.setter
    def settings(self, settings: StreamSettings) -> None:
        self._settings = settings
        for feature in self.features.in_order:
            feature.settings_changed(settings)

    @property
    def applied_key(self) -> Secret | None:
        """What was put into the current profile, as `destination.credential` reads it.

        It is the stream key, by WHIP the address; None when nothing was, or when only its digest
        is known because Velora has not been asked since the software started.
        """
        return self.state.applied.get(self._host.profile().id) if self.state.applied else None

    @property
    def pending_update(self) -> Mapping[str, Any] | None:
        """What the running stream was to be called, while Velora hasn't taken it; else None.

        Built-in types only: it may be for another version of this package.
        """
        return self.features.stream_info.pending_update

    def process_ui_queue(self) -> None:
        """Run the callbacks queued for the UI thread. Call it from any UI-thread hook."""
        self._runtime.run_ui_callbacks()
        if not self._runtime.closed:
            self.features.connected_account.check_destination()
            if self.features.game_presets.check_captures():
                self._facts = None
            if self.features.page.on:
                self._look()

    def undisturbed(self) -> AbstractContextManager[None]:
        """Surround what the UI thread does in one go: no job takes Python from it meanwhile."""
        return self._runtime.worker.gathering()

    def wait_for(self, job: Job) -> None:
        """Wait a bounded moment for a button's job, so that its result can be shown at once."""
        self._runtime.wait_for(job)

    def close(self) -> None:
        """End everything at once; a running request is cut.

        Waits only for what would be lost with this program: two seconds at most for a sign-in that
        Velora is refreshing at this moment, and a fifth of one for what was typed just before.
        """
        self._runtime.close()
        self._session.close()
        if self._closing_ends is None:  # it may be called twice, at the exit and at the unloading
            self._closing_ends = time.monotonic() + _STORING_TIMEOUT
        for feature in self.features.in_order:
            feature.close()
        self._calls.wait_stored(max(0.0, self._closing_ends - time.monotonic()))

    # -- what a user interface needs -------------------------------------------------------

    def panel(self, *, drawn: bool = False) -> Panel:
        """Return the panel as it is now.

        Args:
            drawn: whether it is shown to somebody: its status counts as seen then.
        """
        if drawn:
            self.features.overview.refresh()
        state = self._runtime.drawn() if drawn else self.state
        return self._last_panel.of(state, self.settings, self._look())

    def sections(self, view: PageView) -> Sections:
        """Return all of the panel's sections, with what the UI thread saw last; any thread."""
        from velora_core.panel.sections import build_sections  # only where there is a page

        facts = self._facts_now._replace(sign_in_address=self.features.sign_in.address)
        return build_sections(view.state, view.settings, facts)

    def edit(self, values: Mapping[str, Value]) -> None:
        """Take over what the panel's fields hold, by their keys.

        Args:
            values: what is left out stays as it is. A secret is in it only while its field holds
                something.
        """
        for key in SECRETS:
            if key in values:
                self.set_secret(key, str(values[key]))
        presets = self.features.preset_library
        if values.get("preset_export"):
            self._chosen_file = presets.export_to(str(values["preset_export"]))
        if values.get("preset_import"):
            self._chosen_file = presets.import_from(str(values["preset_import"]))
        self.settings = edited(
            self.settings, values, choices_of(self.state.known, self.state.categories)
        )
        if "settings_scope" in values:
            self.features.own_settings.choose(str(values["settings_scope"]))

    def keep_fields(self, collection: Callable[[], str]) -> None:
        """Note that the software keeps the fields, and that they hold what it has kept.

        Args:
            collection: what the scene collection is called in which it keeps them.
        """
        self.features.own_settings.begin(collection)

    def wait_for_file(self) -> None:
        """Wait as `wait_for` does for what is made of a file that was chosen."""
        job, self._chosen_file = self._chosen_file, None
        if job:
            self.wait_for(job)

    def wait_for_secret(self) -> None:
        """Take over a pasted secret now, and wait a moment until it is known what it is."""
        self.features.sign_in.wait_for_typed()
        self.process_ui_queue()

    def press(self, action: Action) -> Job:
        """Do what a button of the panel asks for; `wait_for` waits for it."""
        self._answered = place_answer(self.panel(), action.value, self._answered)
        self._facts = None
        return self.actions.run(action)

    def _look(self) -> Facts:
        """Find out what is neither in the state nor in the fields."""
        self._facts = self._facts or self._find_facts()  # not at each keystroke
        addresses, before = self.state.addresses, self._facts_now
        facts = self._answered.put_into(self._facts)._replace(
            profile=self._host.profile().id,
            in_profile=self._runtime.in_profile(),
            sign_in_address=self.features.sign_in.address,
            set_up=bool(addresses and addresses.own(self._host.destination())),
        )
        if facts != before:
            self._facts_now = facts
            self.features.page.tell()
        return self._facts_now

    def _find_facts(self) -> Facts:
        return facts_of(
            self._host.capabilities(),
            text_sources=self._host.text_sources(),
            has_page=self.features.page.possible,
            tells_captures=self.features.game_presets.possible,
            keeps_fields=self.features.own_settings.begun,
            variables={**self.features.variables(), **local_time()._asdict()},
        )

    # -- what the streamer does ------------------------------------------------------------

    def set_secret(self, field: str, text: str) -> None:
        """Take over the text of a secret field, which changes at every keystroke.

        Args:
            field: ``access_token``, ``client_id`` or ``client_secret``.
            text: all that is in it now.
        """
        self.features.sign_in.set_secret(field, text)

    def panel_opened(self, draw: Callable[[], object] = bool) -> None:
        """Fetch the categories and check the stream key, in the background and unless just done.

        Right after loading, waits a bounded moment until what was kept is there to be shown. What
        is done in the background begins once `draw` has shown the panel.
        """
        self._facts, self._answered = None, Answered()
        self._runtime.change(confirming=False)
        if self.settings.section or self.settings.way:
            self.settings = self.settings._replace(section="", way="")
        read = self._opening.wait(_OPENING_TIMEOUT)
        self.features.panel_opened(draw, self.process_ui_queue if read else None)

    # -- what the software does ------------------------------------------------------------

    def stream_starting(self) -> None:
        """Handle a stream that is about to connect: send title, category and tags at once."""
        with self.undisturbed():
            for feature in self.features.in_order:
                if not feature.stream_starting(self.settings):
                    self.features.stream_info.drop_handed_over()
                    return

    def stream_started(self) -> None:
        """Handle a stream that has connected."""
        for feature in self.features.in_order:
            feature.stream_started(self.settings)

    def stream_resumed(self) -> None:
        """Handle a stream that had connected before anybody here could know."""
        for feature in self.features.in_order:
            feature.stream_resumed(self.settings)

    def stream_stopped(self, end: EndReason | None = EndReason.NORMAL) -> None:
        """Handle a stream that has ended, or a start that has failed.

        Args:
            end: how; None when that isn't known yet, and `stream_ended` is going to say it.
        """
        for feature in self.features.in_order:
            (feature.start_failed if end is EndReason.UNSTARTED else feature.stream_stopped)()
        if end is not None:
            self.stream_ended(end)

    def stream_ended(self, end: EndReason) -> None:
        """Handle the reason why the stream ended."""
        for feature in self.features.in_order:
            feature.stream_ended(end)

    def call_on_ui(self, turn: Callable[[], None]) -> None:
        """Queue a callback for the UI thread; from any thread."""
        self._runtime.call_on_ui(turn)

    def profile_changed(self) -> None:
        """Handle a change of the profile or its destination."""
        profile, destination = self._host.profile(), self._host.destination()
        self._on_worker(partial(self._session.profiles.in_use, profile, destination))
        for feature in self.features.in_order:
            feature.profile_changed()

    def scene_changed(self) -> None:
        """Handle another scene that viewers see."""
        self._facts = None
        for feature in self.features.in_order:
            feature.scene_changed()

    def source_renamed(self, before: str, after: str, *, scene: bool = False) -> None:
        """Handle a source, or a scene, that was renamed."""
        for feature in self.features.in_order:
            (feature.scene_renamed if scene else feature.source_renamed)(before, after)
        renamed = source_renamed(self.settings, before, after)
        if renamed != self.settings:
            self.settings = renamed

    def profile_renamed(self, before: HostProfile) -> None:
        """Handle a profile that was renamed, and whose id may have changed."""
        self._on_worker(partial(self._session.profiles.renamed, before, self._host.profile()))
        self.features.own_settings.renamed(before.id)
        for feature in self.features.in_order:
            feature.profile_renamed()

    def _on_worker(self, work: Callable[[], None]) -> None:
        """Has it done before what buttons ask for from now on, and after what they asked for."""
        self._runtime.worker.submit(work, interruptible=False)

    def _submit_live(self, work: Callable[[], None]) -> Job:
        return self._runtime.worker.submit(work, priority=Priority.LIVE, interruptible=False)

    def scenes_loaded(self) -> None:
        """Handle loaded scenes: restore what a crash has left in a text source."""
        streaming = self._host.streaming()
        for feature in self.features.in_order:
            feature.scenes_loaded(streaming=streaming)

    def scenes_unloading(self) -> None:
        """Handle scenes that are about to be saved and closed."""
        for feature in self.features.in_order:
            feature.scenes_unloading()

    # -- the worker ------------------------------------------------------------------------

    def _open(self, profile: HostProfile, destination: Destination | None) -> None:
        try:
            self._session.open(keyring_answered=self._keyring_answered)
            self.features.own_settings.load(profile.id)
            self.features.preset_library.load()
            self.features.title_history.load()
            self._session.profiles.in_use(profile, destination)
        except VeloraError as error:
            self._runtime.report(error)
        else:
            self._runtime.call_on_ui(self._opened)
        self._runtime.log(LogLevel.INFO, message("log.loaded", version=__version__))

    def _get_ready(self) -> None:
        """Do what nobody has to wait for; an HTTP library takes longest to import."""
        self._session.move_to_keyring()
        self._session.client()

    def _opened(self) -> None:
        self.scenes_loaded()  # OBS may have said so before it knew whom to tell
        if self._host.streaming() and not self.features.stream_info.following:
            self.stream_resumed()  # loaded in the middle of it
        self.features.opened()
        if self.state.status == message("status.reading"):  # or something has happened since
            self.features.overview.show()
        # Here: a panel that opens now is drawn first, and what was pressed makes no room for it.
        self._runtime.worker.submit(
            self._get_ready, priority=Priority.LIVE, interruptible=False, interrupts=False
        )

    def _keyring_answered(self) -> None:
        """On the keyring's thread."""
        self._submit_live(self._reload_secrets)

    def _reload_secrets(self) -> None:
        """Read again what the keyring did not give before."""
        self._session.reload_secrets()
        if not self.state.account.uncertain:
            self._session.move_to_keyring()
            self._runtime.call_on_ui(self._keyring_opened)

    def _keyring_opened(self) -> None:
        if not self.features.stream_info.streaming():  # then it says how the stream's info stands
            self.features.overview.show()
        self.features.opened()
