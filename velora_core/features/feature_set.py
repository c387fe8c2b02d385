"""All features of an application: how they are put together, and in which order they are told.

A new feature is one file of this folder and one entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings

from .browser_stream import BrowserStream
from .category_search import CategorySearch
from .channel import Channel
from .channel_pages import ChannelPages
from .connected_account import ConnectedAccount
from .encoder_check import EncoderCheck
from .feature import Feature
from .filling import Filling
from .game_presets import GamePresets
from .health_monitor import HealthMonitor
from .live_monitor import LiveMonitor
from .overview import Overview
from .own_settings import OwnSettings
from .page import Page
from .plugin_copy import PluginCopy
from .preset_library import PresetLibrary
from .scene_presets import ScenePresets
from .service_setup import ServiceSetup
from .sign_in import SignIn
from .srt_fallback import SrtFallback
from .stale_title import StaleTitle
from .stream_info import StreamInfoUpdater
from .stream_key_check import StreamKeyCheck
from .text_overlay import TextOverlay
from .title_history import TitleHistory
from .told_live import Following, ToldLive

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfoUpdate
    from velora_core.app.live_status import LiveStatus

    from .page import StartPage

__all__ = ["FeatureSet"]


class FeatureSet:
    """The features by name, each with the others that it needs.

    Attributes:
        in_order: those that are told what happens, in the order in which they are.
    """

    in_order: tuple[Feature, ...]
    _are_open = False

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
        page: StartPage | None,
        follow: Callable[[Following], None] | None = None,
    ) -> None:
        """Create all features.

        Args:
            runtime: the threads, the state and the broadcasting software.
            session: the client and what is kept.
            settings: what the panel's fields hold; asked on the UI thread.
            edit: changes that; on the UI thread.
            page: starts serving the panel as a page; None where there is none.
            follow: see `ToldLive`; None where the software itself tells when it streams.
        """
        self._runtime = runtime
        self.connected_account = ConnectedAccount(runtime, session)
        self.sign_in = SignIn(
            runtime, session, signed_in=lambda: self.stream_key_check.check_anew()
        )
        self.channel = Channel(
            runtime,
            session,
            settings=settings,
            edit=edit,
            signing_in=self.sign_in.still_waits,
        )
        self.stale_title = StaleTitle(
            runtime, session, pending=lambda: self.stream_info.pending_update
        )
        self.channel_pages = ChannelPages(runtime, session)
        self.plugin_copy = PluginCopy(runtime, session)
        self.category_search = CategorySearch(runtime, session, settings=settings, edit=edit)
        self.stream_info = StreamInfoUpdater(
            runtime,
            session,
            categories=self.category_search,
            tags_sent=self.channel.note_tags,
            variables=self.variables,
            sent=self._note_sent,
            before_retry=self.stale_title.look_again,
        )
        self.own_settings = OwnSettings(
            runtime,
            session,
            settings=settings,
            edit=edit,
            newer_at_start=self._send_newer,
        )
        self.encoder_check = EncoderCheck(runtime, session)
        filling = Filling(runtime, self.stream_info, settings=settings, edit=edit)
        self.preset_library = PresetLibrary(
            runtime,
            session,
            filling,
            settings=settings,
            edit=edit,
            category=self.category_search.resolve,
        )
        self.title_history = TitleHistory(runtime, session, filling, self.stream_info)
        self.scene_presets = ScenePresets(runtime, session, filling, self.preset_library)
        self.game_presets = GamePresets(
            runtime, session, filling, self.scene_presets, settings=settings, edit=edit
        )
        self.service_setup = ServiceSetup(
            runtime,
            session,
            streaming=self.stream_info.streaming,
            account=self.connected_account.notice,
            nobodys=self.connected_account.is_nobodys,
            advise=lambda: self.encoder_check.advise(settings()),
        )
        self.stream_key_check = StreamKeyCheck(
            runtime,
            session,
            streaming=self.stream_info.streaming,
            nobodys=self.connected_account.is_nobodys,
        )
        self.text_overlay = TextOverlay(
            runtime.host, runtime.worker, runtime.call_on_ui, variables=self.variables
        )
        self.srt_fallback = SrtFallback(runtime, session, ended=self.stream_info.stream_stopped)
        self.health_monitor = HealthMonitor(runtime, session)
        self.live_monitor = LiveMonitor(
            runtime,
            session,
            changed=self.show_live,
            health=lambda: self.health_monitor.summary,
        )
        self.told_live = ToldLive(runtime, session, follow=follow, settings=settings)
        self.overview = Overview(runtime, account=self.connected_account.notice)
        self.page = Page(runtime, session, page, settings=settings, edit=edit)
        self.browser_stream = BrowserStream(
            runtime,
            session,
            self.stream_info,
            self.live_monitor,
            settings=settings,
            told=(self.title_history, self.text_overlay, self.page),
            told_live=self.told_live,
            counted=self.title_history.note_counted,
        )
        self.in_order = (
            self.own_settings,
            self.overview,
            self.connected_account,
            self.encoder_check,
            self.sign_in,
            self.plugin_copy,
            self.title_history,
            self.preset_library,  # first of those that the worker works for as a panel opens
            self.channel,
            self.category_search,
            self.scene_presets,
            self.game_presets,  # before the stream's info is sent
            self.stale_title,
            self.stream_info,
            self.srt_fallback,
            self.health_monitor,
            self.live_monitor,
            self.text_overlay,
            self.stream_key_check,
            self.told_live,
            self.page,
            self.browser_stream,  # follows its own again once all others have let go
        )

    def variables(self) -> Mapping[str, str]:
        """Return what titles may name, but for what Velora or the clock says."""
        state = self._runtime.state
        names = {preset.id: preset.name for preset in state.presets}
        return {
            "scene": self._runtime.host.scene().name,
            "preset": names.get(state.preset, ""),
            "game": self.game_presets.game,
            "count": str(state.stream_number),
        }

    def opened(self) -> None:
        """Tell them that what was kept has been read."""
        self._are_open = True
        for feature in self.in_order:
            feature.opened()

    def panel_opened(
        self, draw: Callable[[], object], take_up: Callable[[], object] | None
    ) -> None:
        """Tell them of an opened panel.

        Args:
            draw: shows it. The worker begins after that with what they ask of it here: it would
                take Python from the thread that draws.
            take_up: brings what was read, to be shown, too; it waits for no job. None while that is
                still being read, for which nobody waits twice.
        """
        with self._runtime.worker.gathering():  # or the worker would begin to import requests
            first = not self._are_open
            if take_up is not None:
                take_up()
            # Nobody has to look again at what was read just now.
            if take_up is None or (first and self.own_settings.ready):
                self._show_panel(draw)
                return
        for feature in self.in_order:
            feature.panel_opening()
        self._show_panel(draw)

    def _show_panel(self, draw: Callable[[], object]) -> None:
        with self._runtime.worker.gathering():
            for feature in self.in_order:
                feature.panel_opened()
            draw()

    def show_live(self, status: LiveStatus) -> None:
        """Tell those that follow it how the running stream stands now."""
        self.title_history.live_status(status)
        self.text_overlay.show(status)
        self.page.live_status(status)
        self.told_live.live_status(status)

    def _send_newer(self, settings: StreamSettings) -> None:
        """Send these instead, unless the start was held back or the stream has ended."""
        if self.stream_info.following:
            self.stream_info.stream_starting(settings)

    def _note_sent(self, settings: StreamSettings, update: StreamInfoUpdate) -> None:
        """On the worker."""
        self.title_history.note_sent(settings, update)
        self.stale_title.sent(update)
