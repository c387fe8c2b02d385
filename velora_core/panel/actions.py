"""What each button of the panel does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job
from velora_core.features.feature_set import FeatureSet
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .elements import Action
from .preset_actions import preset_actions

__all__ = ["Actions"]


class Actions:
    """The buttons' actions; all of it on the UI thread. `Application.wait_for` waits for a job."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        features: FeatureSet,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
    ) -> None:
        """Create the actions.

        Args:
            runtime: the threads, the state and the broadcasting software.
            session: the client and what is kept.
            features: do what the buttons ask for.
            settings: what the panel's fields hold.
            edit: changes that.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._features = features
        self._settings = settings
        self._edit = edit
        self._by_action: Mapping[Action, Callable[[], Job]] = {
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
            Action.OPEN_PAGE: features.page.open,
            Action.CLOSE_PAGE: features.page.turn_off,
            Action.PROGRAM_ADD: features.page.add_program,
            Action.PROGRAM_REVOKE: features.page.revoke_program,
            Action.COPY_ADDRESS: self.copy_address,
            Action.COPY_KEY: features.plugin_copy.ask,
            Action.CONFIRM_COPY_KEY: features.plugin_copy.copy_key,
            Action.CANCEL_COPY_KEY: features.plugin_copy.cancel,
            Action.GO_LIVE: features.told_live.begin,
            Action.HAVE_STOPPED: features.told_live.end,
            **preset_actions(
                features.preset_library,
                features.scene_presets,
                features.game_presets,
                features.title_history,
                runtime,
                settings,
            ),
        }

    def run(self, action: Action) -> Job:
        """Do what a button asks for."""
        return self._by_action[action]()

    # -- the account -----------------------------------------------------------------------

    def sign_in(self) -> Job:
        """Open Velora's page in the browser; the rest happens when the user has answered it."""
        if not self._runtime.state.account.client_known:
            self._edit(self._settings()._replace(way="app"))
        return self._features.sign_in.sign_in(self._settings().redirect_port)

    def use_token(self) -> Job:
        """Offer the field for an access token instead of signing in through the browser."""
        self._edit(self._settings()._replace(way="token"))
        self._runtime.show(self._runtime.message("status.token_wanted"), lasting=False)
        return Job.finished()

    def sign_out(self) -> Job:
        """Sign out: delete the stored sign-in."""
        return self._features.sign_in.sign_out()

    def open_channel(self) -> Job:
        """Open the channel's page on Velora in the browser."""
        self._features.sign_in.flush_typed()
        return self._features.channel_pages.open_channel()

    def copy_address(self) -> Job:
        """Put Velora's address on the clipboard, for a plugin that streams there."""
        self._features.sign_in.flush_typed()
        able, protocol = self._host.capabilities(), self._settings().protocol
        if not able.sets and protocol not in able.protocols:  # chosen where there are more
            protocol = able.protocols[0]
        return self._features.plugin_copy.copy_address(protocol)

    def open_chat(self) -> Job:
        """Open the channel's chat in the browser; its address is shown from then on."""
        self._features.sign_in.flush_typed()
        return self._features.channel_pages.open_chat()

    # -- the service and its stream key ----------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether `use_my_key` and `keep_this_key` are of use now.

        The current profile has a stream key for Velora that is not the channel's, and that was not
        put there by this application.
        """
        return self._runtime.state.asks_about(self._host.profile().id)

    def configure(self) -> Job:
        """Put Velora's address and stream key into the host's streaming service.

        If it goes on trying to start by SRT, once it has stopped that.
        """
        if self._features.srt_fallback.end_start(then=self.configure):
            return Job.finished()
        self._features.sign_in.flush_typed()
        self._features.connected_account.give_back()
        self._features.srt_fallback.withdraw()
        settings = self._settings()
        return self._features.service_setup.configure(settings.protocol, settings.srt_form)

    def use_rtmp(self) -> Job:
        """Choose RTMP, and do what `configure` does."""
        self._edit(self._settings()._replace(protocol="rtmp"))
        return self.configure()

    def request_new_key(self) -> Job:
        """Take the first of two steps to a new stream key: show what it means."""
        self._runtime.change(confirming=True, copying_key=False)
        self._runtime.show(message("status.regenerate_sure"), StatusLevel.WARNING, lasting=False)
        return Job.finished()

    def cancel_new_key(self) -> Job:
        """Cancel: keep the current stream key."""
        self._runtime.change(confirming=False)
        self._runtime.show(message("status.regenerate_kept"))
        return Job.finished()

    def regenerate(self) -> Job:
        """Take the second step: replace the stream key. Do nothing without the first one."""
        if not self._runtime.state.confirming:
            return Job.finished()
        self._runtime.change(confirming=False)
        whose = self._session.credentials.identity
        if self._features.srt_fallback.end_start(then=lambda: self._regenerate_of(whose)):
            return Job.finished()
        return self._features.service_setup.regenerate()

    def _regenerate_of(self, whose: object) -> None:
        """Replace the stream key, unless somebody else has signed in since that was asked for."""
        if self._session.credentials.identity == whose:
            self._features.service_setup.regenerate()

    def use_my_key(self) -> Job:
        """Answer `asking`: put the channel's key into the service, as `configure` does."""
        destination = self._host.destination()
        if not self.asking or destination is None:
            return Job.finished()
        if self._features.srt_fallback.end_start(then=self.use_my_key):
            return Job.finished()
        srt_form = self._settings().srt_form
        return self._features.service_setup.configure(destination.protocol, srt_form)

    def keep_this_key(self) -> Job:
        """Answer `asking`: keep the key that is there, and don't ask about it again."""
        if not self.asking:
            return Job.finished()
        return self._features.stream_key_check.keep()

    def restore_previous(self) -> Job:
        """Restore the service that the profile had before `configure`; when, see there."""
        if self._features.srt_fallback.end_start(then=self.restore_previous):
            return Job.finished()
        self._features.connected_account.give_back()
        return self._features.service_setup.restore_previous()

    # -- title, category and tags ----------------------------------------------------------

    def load(self) -> Job:
        """Fill the fields for title, category and tags with the channel's values."""
        self._features.sign_in.flush_typed()
        return self._features.channel.load()

    def update_now(self) -> Job:
        """Send what differs of title, category and tags; while live, until it has worked."""
        self._features.sign_in.flush_typed()
        self._features.stream_info.by_hand()
        return self._features.stream_info.update_now(self._settings())

    def find_category(self) -> Job:
        """Offer the categories with the text of the category's field in their name."""
        self._features.sign_in.flush_typed()
        return self._features.category_search.find()

    def star_category(self) -> Job:
        """Mark the category in the field as one to be offered first, or take the mark away."""
        self._features.sign_in.flush_typed()
        return self._features.category_search.star()

    def refresh(self) -> Job:
        """Get the categories and the channel's status from Velora."""
        self._features.sign_in.flush_typed()
        return self._features.channel.refresh()

    # -- the way to Velora -----------------------------------------------------------------

    def check(self) -> Job:
        """Test every step to Velora, and report what isn't right."""
        account = self._features.connected_account
        self._features.sign_in.flush_typed()
        account.give_back()
        destination, settings = self._host.destination(), self._settings()
        able = self._host.capabilities()
        check = partial(
            self._check,
            settings.protocol,
            host=able.name,
            profile=self._host.profile().name,
            destination=destination,
            foreign=destination is not None and account.is_foreign(destination),
            notice=account.notice(destination),
            encoder=self._host.encoder(),
            suited=settings.suit_encoder and able.fits_encoder,
            fits_encoder=able.fits_encoder,
            by_plugin=settings.by_plugin,
        )
        return self._runtime.press(message("button.check"), check)

    def _check(self, protocol: str, **in_use: Any) -> None:
        """On the worker."""
        from velora_core.features.diagnostics import InUse, in_words, run_diagnostics

        words, tone = in_words(run_diagnostics(self._session, protocol, InUse(**in_use)))
        self._runtime.show(words, tone)
        self._runtime.log(LogLevel.INFO, words)
