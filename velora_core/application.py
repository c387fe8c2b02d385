"""The application: what a panel's buttons and a starting stream mean, in any broadcasting software.

The software's UI thread calls the methods; none of them waits but `settle`.
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
from velora_core.app.state import State, StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.features.category_search import CategorySearch
from velora_core.features.channel import Channel
from velora_core.features.channel_pages import ChannelPages
from velora_core.features.connected_account import ConnectedAccount
from velora_core.features.encoder_check import EncoderCheck
from velora_core.features.feature import Feature
from velora_core.features.filling import Filling
from velora_core.features.health_monitor import HealthMonitor
from velora_core.features.live_monitor import LiveMonitor
from velora_core.features.overview import Overview
from velora_core.features.preset_library import PresetLibrary
from velora_core.features.scene_presets import ScenePresets
from velora_core.features.service_setup import ServiceSetup
from velora_core.features.sign_in import SignIn
from velora_core.features.srt_fallback import SrtFallback
from velora_core.features.stale_title import StaleTitle
from velora_core.features.stream_info import StreamInfoUpdater
from velora_core.features.stream_key_check import StreamKeyCheck
from velora_core.features.text_overlay import TextOverlay
from velora_core.features.title_history import TitleHistory
from velora_core.host.host import EndReason, Host, HostProfile, LogLevel
from velora_core.messages import Program, message, speak_for
from velora_core.panel.build import Facts, build_panel, is_far_down
from velora_core.panel.edit import SECRETS, edited, source_renamed
from velora_core.panel.elements import Action
from velora_core.panel.preset_actions import preset_actions

from ._version import __version__
from .errors import VeloraError

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.api.models import StreamInfoUpdate
    from velora_core.app.live_status import LiveStatus
    from velora_core.host.destination import Destination
    from velora_core.panel.elements import Panel, Value

    from .secret import Secret

__all__ = ["Application"]

_OPENING_TIMEOUT: Final = 0.5  # seconds that a panel waits for the files, never for the network
_STORING_PATIENCE: Final = 2.0  # seconds that `close` waits for tokens that are on their way


class Application:
    """One for each loaded script."""

    def __init__(
        self,
        host: Host,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        preset_folder: str | None = None,
        application: str | None = None,
        pending_update: Mapping[str, Any] | None = None,
    ) -> None:
        """Create the application.

        Args:
            host: the broadcasting software.
            environment: instead of the process's.
            folder: where settings are kept, instead of the user's own folder and keyring.
            preset_folder: where a distributor may have put an app registration.
            application: name and version of the program, for the User-Agent.
            pending_update: what the application before this one had not sent to the stream that
                runs or still connects.
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
        self._account = ConnectedAccount(
            self._runtime, self._session, applied=lambda: self.applied_key
        )
        self._sign_in = SignIn(self._runtime, self._session)
        self._channel = Channel(
            self._runtime,
            self._session,
            settings=lambda: self.settings,
            edit=self._edit,
            signing_in=self._sign_in.still_waits,
        )
        self._stale = StaleTitle(self._runtime, self._session)
        self._pages = ChannelPages(self._runtime, self._session)
        self._categories = CategorySearch(
            self._runtime, self._session, settings=lambda: self.settings, edit=self._edit
        )
        self._live = StreamInfoUpdater(
            self._runtime,
            self._session,
            categories=self._categories,
            tags_sent=self._channel.note_tags,
            variables=self._variables,
            sent=self._note_sent,
            unsent=pending_update,
        )
        self._encoder = EncoderCheck(self._runtime, self._session)
        filling = Filling(
            self._runtime, self._live, settings=lambda: self.settings, edit=self._edit
        )
        self.presets = PresetLibrary(
            self._runtime,
            self._session,
            filling,
            settings=lambda: self.settings,
            edit=self._edit,
            category=self._categories.resolve,
        )
        self.history = TitleHistory(self._runtime, self._session, filling, self._live)
        self.scenes = ScenePresets(self._runtime, self._session, filling)
        self._configuring = ServiceSetup(
            self._runtime,
            self._session,
            streaming=self._live.streaming,
            account=self._account.notice,
            nobodys=self._account.is_nobodys,
            advice=lambda: self._encoder.advice(self.settings),
        )
        self._key_check = StreamKeyCheck(
            self._runtime,
            self._session,
            streaming=self._live.streaming,
            nobodys=self._account.is_nobodys,
        )
        self._on_picture = TextOverlay(
            host, self._runtime.worker, self._runtime.call_on_ui, variables=self._variables
        )
        self._srt = SrtFallback(self._runtime, self._session)
        self._health = HealthMonitor(self._runtime, self._session)
        self._watch = LiveMonitor(
            self._runtime,
            self._session,
            changed=self._show_live,
            health=lambda: self._health.summary,
        )
        self._overview = Overview(self._runtime, account=self._account.notice)
        self._features: tuple[Feature, ...] = (
            self._overview,
            self._account,
            self._encoder,
            self._sign_in,
            self.history,
            self.presets,  # first of those that the worker does something for as a panel opens
            self._channel,
            self._categories,
            self.scenes,
            self._stale,
            self._live,
            self._srt,
            self._health,
            self._watch,
            self._on_picture,
            self._key_check,
        )
        self._actions: Mapping[Action, Callable[[], Job]] = {
            Action.SIGN_IN: self.sign_in,
            Action.USE_TOKEN: self.use_token,
            Action.SIGN_OUT: self.sign_out,
            Action.CHECK: self.check,
            Action.CONFIGURE: self.configure,
            Action.UPDATE_NOW: self.update_now,
            Action.LOAD: self.load,
            Action.OPEN_CHANNEL: self.open_channel,
            Action.OPEN_CHAT: self.open_chat,
            Action.FIND_CATEGORY: self.find_category,
            Action.STAR_CATEGORY: self.star_category,
            Action.REFRESH: self.refresh,
            Action.USE_RTMP: self.use_rtmp,
            Action.USE_MY_KEY: self.use_my_key,
            Action.KEEP_THIS_KEY: self.keep_this_key,
            Action.REGENERATE: self.request_new_key,
            Action.CONFIRM_REGENERATE: self.regenerate,
            Action.CANCEL_REGENERATE: self.cancel_new_key,
            Action.RESTORE: self.restore_previous,
            **preset_actions(
                self.presets, self.scenes, self.history, self._runtime, lambda: self.settings
            ),
        }
        self._facts: Facts | None = None
        self._answered = ""
        self._chosen_file: Job | None = None
        self._closing_ends: float | None = None
        self._opening = self._runtime.worker.submit(
            partial(self._open, host.profile(), host.destination()),
            priority=Priority.LIVE,
            interruptible=False,
        )

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
        for feature in self._features:
            feature.settings_changed(settings)

    def _edit(self, settings: StreamSettings) -> None:
        self.settings = settings

    def _variables(self) -> Mapping[str, str]:
        """Return what titles may name, but for what Velora or the clock says."""
        state = self.state
        names = {one.id: one.name for one in state.presets}
        return {
            "scene": self._host.scene().name,
            "preset": names.get(state.preset, ""),
            "count": str(state.stream_number),
        }

    def _note_sent(self, settings: StreamSettings, update: StreamInfoUpdate) -> None:
        """On the worker."""
        self.history.note_sent(settings, update)
        self._stale.sent(update)

    def _show_live(self, status: LiveStatus) -> None:
        self.history.live_status(status)
        self._on_picture.show(status)

    @property
    def asking(self) -> bool:
        """Whether `use_my_key` and `keep_this_key` are of use now.

        The current profile has a stream key for Velora that is not the channel's, and that was not
        put there by this application.
        """
        return self.state.asks_about(self._host.profile().id)

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
        return self._live.unsent

    def process_ui_queue(self) -> None:
        """Run the callbacks queued for the UI thread. Call it from any UI-thread hook."""
        self._runtime.run_ui_callbacks()
        if not self._runtime.closed:
            self._account.look()

    def settle(self, job: Job) -> None:
        """Wait a bounded moment for a button's job, so that its result can be shown at once."""
        self._runtime.settle(job)

    def close(self) -> None:
        """End everything at once; a running request is cut.

        Waits only for what would be lost with this program: two seconds at most for a sign-in that
        Velora is renewing at this moment, and a fifth of one for what was typed just before.
        """
        self._runtime.close()
        self._session.close()
        if self._closing_ends is None:  # it may be called twice, at the exit and at the unloading
            self._closing_ends = time.monotonic() + _STORING_PATIENCE
        for feature in self._features:
            feature.close()
        self._calls.wait_stored(max(0.0, self._closing_ends - time.monotonic()))

    # -- what a user interface needs -------------------------------------------------------

    def panel(self, *, drawn: bool = False) -> Panel:
        """Return the panel as it is now.

        Args:
            drawn: whether it is shown to somebody: its status counts as seen then.
        """
        if drawn:
            self._overview.look()
        if self._facts is None:  # not at each keystroke
            self._facts = self._find_facts()
        state = self._runtime.drawn() if drawn else self.state
        facts = self._facts._replace(
            profile=self._host.profile().id,
            sign_in_address=self._sign_in.address,
            answered=self._answered,
            set_up=bool(state.addresses and state.addresses.own(self._host.destination())),
        )
        return build_panel(state, self.settings, facts)

    def edit(self, values: Mapping[str, Value]) -> None:
        """Take over what the panel's fields hold, by their keys.

        Args:
            values: what is left out stays as it is. A secret is in it only while its field holds
                something.
        """
        for key in SECRETS:
            if key in values:
                self.entered(key, str(values[key]))
        if values.get("preset_export"):
            self._chosen_file = self.presets.export_to(str(values["preset_export"]))
        if values.get("preset_import"):
            self._chosen_file = self.presets.import_from(str(values["preset_import"]))
        self.settings = edited(
            self.settings, values, choices_of(self.state.known, self.state.categories)
        )

    def settle_file(self) -> None:
        """Wait as `settle` does for what is made of a file that was chosen."""
        job, self._chosen_file = self._chosen_file, None
        if job:
            self.settle(job)

    def press(self, action: Action) -> Job:
        """Do what a button of the panel asks for; `settle` waits for it."""
        self._answered = action.value if is_far_down(self.panel(), action.value) else ""
        self._facts = None
        return self._actions[action]()

    def _find_facts(self) -> Facts:
        able = self._host.capabilities()
        return Facts(
            host=able.name,
            protocols=able.protocols,
            text_sources=self._host.text_sources(),
            variables={**self._variables(), **local_time()._asdict()},
        )

    # -- what the streamer does ------------------------------------------------------------

    def entered(self, field: str, text: str) -> None:
        """Take over the text of a secret field, which changes at every keystroke.

        Args:
            field: ``access_token``, ``client_id`` or ``client_secret``.
            text: all that is in it now.
        """
        self._sign_in.set_secret(field, text)

    def sign_in(self) -> Job:
        """Open Velora's page in the browser; the rest happens when the user has answered it."""
        if not self.state.account.client_known:
            self.settings = self.settings._replace(way="app")
        return self._sign_in.sign_in(self.settings.redirect_port)

    def use_token(self) -> Job:
        """Offer the field for an access token instead of signing in through the browser."""
        self.settings = self.settings._replace(way="token")
        self._runtime.show(message("status.token_wanted"), lasting=False)
        return Job.finished()

    def sign_out(self) -> Job:
        """Sign out: delete the stored sign-in."""
        return self._sign_in.sign_out()

    def panel_opened(self) -> None:
        """Fetch the categories and check the stream key in the background, unless just done.

        Right after loading, waits a bounded moment until what was kept is there to be shown.
        """
        self._facts, self._answered = None, ""
        self._runtime.change(confirming=False)
        if self.settings.section or self.settings.way:
            self.settings = self.settings._replace(section="", way="")
        if self._opening.wait(_OPENING_TIMEOUT):
            self.process_ui_queue()  # what came of it is shown, too
        for feature in self._features:
            feature.panel_opened()

    def configure(self) -> Job:
        """Put Velora's address and stream key into the host's streaming service."""
        self._sign_in.flush_typed()
        self._account.give_back()
        self._srt.withdraw()
        settings = self.settings
        return self._configuring.configure(settings.protocol, settings.srt_form)

    def use_rtmp(self) -> Job:
        """Choose RTMP, and do what `configure` does."""
        self._edit(self.settings._replace(protocol="rtmp"))
        return self.configure()

    def request_new_key(self) -> Job:
        """Take the first of two steps to a new stream key: show what it means."""
        self._runtime.change(confirming=True)
        self._runtime.show(message("status.regenerate_sure"), StatusLevel.WARNING, lasting=False)
        return Job.finished()

    def cancel_new_key(self) -> Job:
        """Cancel: keep the current stream key."""
        self._runtime.change(confirming=False)
        self._runtime.show(message("status.regenerate_kept"))
        return Job.finished()

    def regenerate(self) -> Job:
        """Take the second step: replace the stream key. Do nothing without the first one."""
        if not self.state.confirming:
            return Job.finished()
        self._runtime.change(confirming=False)
        return self._configuring.regenerate()

    def use_my_key(self) -> Job:
        """Answer `asking`: put the channel's key into the service, as `configure` does."""
        destination = self._host.destination()
        if not self.asking or destination is None:
            return Job.finished()
        srt_form = self.settings.srt_form
        return self._configuring.configure(destination.protocol, srt_form)

    def keep_this_key(self) -> Job:
        """Answer `asking`: keep the key that is there, and don't ask about it again."""
        if not self.asking:
            return Job.finished()
        return self._key_check.keep()

    def restore_previous(self) -> Job:
        """Restore the service that the profile had before `configure`."""
        self._account.give_back()
        return self._configuring.restore_previous()

    def load(self) -> Job:
        """Fill the fields for title, category and tags with the channel's values."""
        self._sign_in.flush_typed()
        return self._channel.load()

    def update_now(self) -> Job:
        """Send what differs of title, category and tags; while live, until it has worked."""
        self._sign_in.flush_typed()
        return self._live.update_now(self.settings)

    def open_channel(self) -> Job:
        """Open the channel's page on Velora in the browser."""
        self._sign_in.flush_typed()
        return self._pages.open_channel()

    def open_chat(self) -> Job:
        """Open the channel's chat in the browser; its address is shown from then on."""
        self._sign_in.flush_typed()
        return self._pages.open_chat()

    def find_category(self) -> Job:
        """Offer the categories with the text of the category's field in their name."""
        self._sign_in.flush_typed()
        return self._categories.find()

    def star_category(self) -> Job:
        """Mark the category in the field as one to be offered first, or take the mark away."""
        self._sign_in.flush_typed()
        return self._categories.star()

    def refresh(self) -> Job:
        """Get the categories and the channel's status from Velora."""
        self._sign_in.flush_typed()
        return self._channel.refresh()

    def check(self) -> Job:
        """Test every step to Velora, and report what isn't right."""
        self._sign_in.flush_typed()
        self._account.give_back()
        destination = self._host.destination()
        check = partial(
            self._check,
            self.settings.protocol,
            host=self._host.capabilities().name,
            profile=self._host.profile().name,
            destination=destination,
            foreign=destination is not None and self._account.is_foreign(destination),
            notice=self._account.notice(destination),
            encoder=self._host.encoder(),
            suited=self.settings.suit_encoder,
            by_plugin=self.settings.by_plugin,
        )
        return self._runtime.press(message("button.check"), check)

    # -- what the software does ------------------------------------------------------------

    def stream_starting(self) -> None:
        """Handle a stream that is about to connect: send title, category and tags at once."""
        for feature in self._features:
            if not feature.stream_starting(self.settings):
                self._live.drop_unsent()
                return

    def stream_started(self) -> None:
        """Handle a stream that has connected."""
        for feature in self._features:
            feature.stream_started(self.settings)

    def stream_stopped(self, end: EndReason | None = EndReason.NORMAL) -> None:
        """Handle a stream that has ended, or a start that has failed.

        Args:
            end: how; None when that isn't known yet, and `stream_ended` is going to say it.
        """
        for feature in self._features:
            feature.stream_stopped()
        if end is not None:
            self.stream_ended(end)

    def stream_ended(self, end: EndReason) -> None:
        """Handle the reason why the stream ended."""
        for feature in self._features:
            feature.stream_ended(end)

    def soon(self, turn: Callable[[], None]) -> None:
        """Queue a callback for the UI thread; from any thread."""
        self._runtime.call_on_ui(turn)

    def profile_changed(self) -> None:
        """Handle a change of the profile or its destination."""
        profile, destination = self._host.profile(), self._host.destination()
        self._on_worker(partial(self._session.profiles.in_use, profile, destination))
        for feature in self._features:
            feature.profile_changed()

    def scene_changed(self) -> None:
        """Handle another scene that viewers see."""
        for feature in self._features:
            feature.scene_changed()

    def source_renamed(self, before: str, after: str) -> None:
        """Handle a source that was renamed."""
        for feature in self._features:
            feature.source_renamed(before, after)
        renamed = source_renamed(self.settings, before, after)
        if renamed != self.settings:
            self.settings = renamed

    def profile_renamed(self, before: HostProfile) -> None:
        """Handle a profile that was renamed, and whose id may have changed."""
        self._on_worker(partial(self._session.profiles.renamed, before, self._host.profile()))
        for feature in self._features:
            feature.profile_renamed()

    def _on_worker(self, work: Callable[[], None]) -> None:
        """Has it done before what buttons ask for from now on, and after what they asked for."""
        self._runtime.worker.submit(work, interruptible=False)

    def scenes_loaded(self) -> None:
        """Handle loaded scenes: restore what a crash has left in a text source."""
        streaming = self._host.streaming()
        for feature in self._features:
            feature.scenes_loaded(streaming=streaming)

    def scenes_unloading(self) -> None:
        """Handle scenes that are about to be saved and closed."""
        for feature in self._features:
            feature.scenes_unloading()

    # -- the worker ------------------------------------------------------------------------

    def _open(self, profile: HostProfile, destination: Destination | None) -> None:
        try:
            self._session.open(keyring_answered=self._keyring_answered)
            self.presets.load()
            self.history.load()
            self._session.profiles.in_use(profile, destination)
        except VeloraError as error:
            self._runtime.report(error)
        else:
            self._runtime.call_on_ui(self._opened)
            self._runtime.worker.submit(
                self._get_ready, priority=Priority.LIVE, interruptible=False
            )
        self._runtime.log(LogLevel.INFO, message("log.loaded", version=__version__))

    def _get_ready(self) -> None:
        """Do what nobody has to wait for; an HTTP library takes longest to import."""
        self._session.settle()
        self._session.client()

    def _opened(self) -> None:
        self.scenes_loaded()  # OBS may have said so before it knew whom to tell
        if self._host.streaming() and not self._live.following:  # loaded in the middle of a stream
            for feature in self._features:
                feature.stream_resumed(self.settings)
        for feature in self._features:
            feature.opened()
        if self.state.status == message("status.reading"):  # or something has happened since
            self._overview.show()

    def _keyring_answered(self) -> None:
        """On the keyring's thread."""
        self._runtime.worker.submit(
            self._reload_secrets, priority=Priority.LIVE, interruptible=False
        )

    def _reload_secrets(self) -> None:
        """Read again what the keyring did not give before."""
        self._session.reload_secrets()
        if not self.state.account.uncertain:
            self._session.settle()
            self._runtime.call_on_ui(self._keyring_opened)

    def _keyring_opened(self) -> None:
        if not self._live.streaming():  # then it says how the stream's info stands
            self._overview.show()
        for feature in self._features:
            feature.opened()

    def _check(self, protocol: str, **in_use: Any) -> None:
        from velora_core.features.diagnostics import InUse, in_words, run_diagnostics

        words, right = in_words(run_diagnostics(self._session, protocol, InUse(**in_use)))
        self._runtime.show(words, StatusLevel.NORMAL if right else StatusLevel.ERROR)
        self._runtime.log(LogLevel.INFO, words)
