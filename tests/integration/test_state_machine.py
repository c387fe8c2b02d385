"""Whatever a streamer, OBS and Velora do in whatever order: what must always hold, holds."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.clock import Clock
from tests.unit.examples import EXAMPLES
from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    TOKEN,
    FakeHost,
    FakeVelora,
    previous,
    wait_for,
)
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.secret import Secret
from velora_hosts.obs.service import Service, setup_of

FAILURES = st.sampled_from(
    [
        errors.Unauthorized,
        lambda: errors.InsufficientScope(scope="stream:write"),
        lambda: errors.CategoryNotFound(slug="music"),
        lambda: errors.RateLimited(retry_after=30.0),
        lambda: errors.RateLimited(retry_after=None),
        lambda: errors.ServerError(status=500),
        errors.TransportError,
        errors.ConnectionLost,
        errors.TimedOut,
        lambda: errors.BadJson(endpoint="/x"),
        lambda: errors.Rejected(status=400, message="no"),
    ]
)
CALLS = st.sampled_from(["setup", "info", "update", "categories", "regenerate"])
_CLOCKED = (
    "app.worker",
    "features.stream_info",
    "app.monitored_stream",
    "features.live_monitor",
    "features.live_events",
    "app.live_status",
    "app.stream_info_cache",
    "features.stream_key_check",
    "features.text_overlay",
    "features.channel",
    "application",
)


class Velora(FakeVelora):
    """Watches what it is asked, and when."""

    def __init__(self, host: FakeHost) -> None:
        super().__init__()
        self.host = host
        self.inside = 0
        self.most_inside = 0
        self.has_title = ""

    def _call(self, name: str, details: Any = None) -> None:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            super()._call(name, details)
            if name == "update":
                self.has_title = details.get("title", self.has_title)
        finally:
            self.inside -= 1

    def get_stream_info(self, *, seconds: float | None = None) -> StreamInfo:
        self._call("info")
        title = self.has_title or None
        return StreamInfo(title, None, None, is_live=self.host.live, viewer_count=3)


class StreamingMachine(RuleBasedStateMachine):
    """One OBS with the script in it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.clock.time = lambda: 1_700_000_000.0 + self.clock.now  # type: ignore[attr-defined]
        self.clock.strftime = lambda *_: "12:00:00"  # type: ignore[attr-defined]
        self.clock.localtime = lambda _: None  # type: ignore[attr-defined]
        self.host = FakeHost()
        self.velora = Velora(self.host)
        self.patches: list[Any] = [mock.patch("velora_core.api.client.VeloraClient", self.velora)]
        self.patches += [mock.patch(f"velora_core.{name}.time", self.clock) for name in _CLOCKED]
        for patch in self.patches:
            patch.start()
        self.folder = tempfile.TemporaryDirectory()
        self.number = 0
        self.fields = StreamSettings(title="0000")
        self.starting, self.started_at = False, 0.0
        self.hand_made: list[Service] = [OTHER]
        self.chosen: dict[str, Service] = {}  # by hand, last, in each profile
        self.pressed = 0  # buttons that may replace the service
        self.key_by_hand: tuple[str, int] | None = None  # the profile, and `pressed` then

    @initialize()
    def load(self) -> None:
        path = Path(self.folder.name) / "settings"
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        self.app = Application(self.host, environment=environment, folder=path)
        self.app.settings = self.fields
        self.work()

    def teardown(self) -> None:
        if hasattr(self, "app"):
            self.app.close()
            worker = self.app._runtime.worker
            wait_for(lambda: not worker.alive, "the worker to end")
        for patch in self.patches:
            patch.stop()
        self.folder.cleanup()

    def work(self) -> None:
        """Everything that is due is done; this ends, or the test fails."""
        runtime = self.app._runtime
        worker = runtime.worker
        with worker._changed:
            worker._changed.notify()

        def idle() -> bool:
            self.app.process_ui_queue()
            with worker._changed:
                waiting = [job for job in worker._waiting if not job.done]
                due = [job for job in waiting if job.due <= self.clock.now]
                return not due and worker._running is None and not runtime._turns

        wait_for(idle, "the worker to be idle")

    # -- the streamer ----------------------------------------------------------------------

    @rule(category=st.sampled_from(["", "Music", "no such"]), update=st.booleans())
    def type_in_fields(self, category: str, update: bool) -> None:
        self.number += 1
        self.fields = StreamSettings(
            title=f"{self.number:04}", category=category, update_on_start=update
        )
        self.app.settings = self.fields

    @rule(protocol=st.sampled_from(["rtmp", "srt", "whip"]))
    def configure(self, protocol: str) -> None:
        self.pressed += 1
        before = self.host.service()
        self.app.settings = self.fields = self.fields._replace(protocol=protocol)
        self.app.actions.configure()
        self.work()
        if self.host.live or self.starting:
            assert self.host.service() == before

    @rule()
    def restore(self) -> None:
        self.pressed += 1
        before, kept = self.host.service(), previous(self.app)
        self.app.actions.restore_previous()
        self.work()
        if self.host.live or self.starting or kept is None:
            assert self.host.service() == before
        elif self.host.service() in self.hand_made:
            self.chosen[self.host.current_profile] = self.host.service()

    @rule()
    def update_now(self) -> None:
        self.app.actions.update_now()
        self.work()

    @rule(yes=st.booleans())
    def regenerate(self, yes: bool) -> None:
        self.pressed += 1
        before = len(self.velora.named("regenerate"))
        live = self.host.live or self.starting
        self.app.actions.request_new_key()
        if yes:
            self.app.actions.regenerate()
        else:
            self.app.actions.cancel_new_key()
        self.work()
        made = len(self.velora.named("regenerate")) - before
        assert made <= (1 if yes and not live else 0)

    @rule()
    def open_panel(self) -> None:
        self.app.panel_opened()
        self.work()

    @rule()
    def refresh(self) -> None:
        self.app.actions.refresh()
        self.work()

    @rule()
    def choose_another_service_by_hand(self) -> None:
        if self.host.live or self.starting:
            return
        settings = {"server": f"rtmp://other{self.number}.test", "key": "live_test_other"}
        service = Service("rtmp_custom", settings)
        self.hand_made.append(service)
        self.host.services[self.host.current_profile] = self.chosen[self.host.current_profile] = (
            service
        )

    @rule()
    def choose_another_channels_key_by_hand(self) -> None:
        if self.host.live or self.starting:
            return
        self.number += 1
        service = Service("rtmp_custom", {"server": RTMP, "key": f"live_test_other{self.number}"})
        profile = self.host.current_profile
        self.host.services[profile] = self.chosen[profile] = service
        self.key_by_hand = (profile, self.pressed)

    @rule(mine=st.booleans())
    def answer(self, mine: bool) -> None:
        before, asking = self.host.service(), self.app.actions.asking
        if mine:
            self.pressed += 1
            self.app.actions.use_my_key()
        else:
            self.app.actions.keep_this_key()
        self.work()
        if not mine or not asking or self.host.live or self.starting:
            assert self.host.service() == before

    @rule()
    def rename_profile(self) -> None:
        self.number += 1
        before = self.host.profile()
        self.host.ids[self.host.current_profile] = f"renamed-{self.number}"
        self.app.profile_renamed(before)
        self.work()

    @rule(name=st.sampled_from(["Main", "Second"]))
    def change_profile(self, name: str) -> None:
        if self.host.live or self.starting:
            return
        self.host.current_profile = name
        self.app.profile_changed()
        self.work()

    # -- OBS -------------------------------------------------------------------------------

    @precondition(lambda self: not self.host.live and not self.starting)
    @rule()
    def start(self) -> None:
        before = len(self.velora.named("update"))
        self.starting, self.started_at = True, self.clock.now
        self.app.stream_starting()
        self.work()
        sent = self.velora.named("update")[before:]
        assert len(sent) <= 1
        velora = self.host.service() not in self.hand_made
        if sent:
            assert velora
            assert self.fields.update_on_start
            assert sent[0].get("title") == self.fields.title

    @precondition(lambda self: self.starting)
    @rule()
    def connected(self) -> None:
        self.starting, self.host.live = False, True
        self.app.stream_started()
        self.work()

    @precondition(lambda self: self.host.live or self.starting)
    @rule(end=st.sampled_from(list(EndReason)))
    def stop(self, end: EndReason) -> None:
        self.starting = self.host.live = False
        self.app.stream_stopped(end)
        self.work()
        before = len(self.velora.named("update"))
        self.pass_time(400)
        assert len(self.velora.named("update")) == before

    @rule(seconds=st.sampled_from([1, 7, 31, 61, 320]))
    def pass_time(self, seconds: int) -> None:
        before = len(self.velora.calls)
        end = self.clock.now + seconds
        while self.clock.now < end:
            waiting = self.app._runtime.worker._waiting
            due = [job.due for job in waiting if not job.done and job.due > self.clock.now]
            self.clock.now = min([end, *due])
            self.work()
        if self.starting and self.clock.now - self.started_at >= 90:
            self.starting = False  # it has failed, and OBS doesn't tell of each
        if not self.host.live and not self.starting and not self.app.features.stream_info._stream:
            assert len(self.velora.calls) == before, "idle means idle"

    # -- Velora ----------------------------------------------------------------------------

    @rule(call=CALLS, failure=FAILURES)
    def fails_next_time(self, call: str, failure: Any) -> None:
        self.velora.failures[call].append(failure())

    @rule()
    def regenerated_on_the_website(self) -> None:
        key = KEY if self.velora.setup.stream_key.reveal() == NEW_KEY else NEW_KEY
        whip = Secret(f"https://ingest.test:3334/live/{key}/whip")
        self.velora.setup = self.velora.setup._replace(stream_key=Secret(key), whip_url=whip)

    @rule()
    def moved(self) -> None:
        now = self.velora.setup.rtmp_url
        address = RTMP if now != RTMP else "rtmp://moved.test/live"
        self.velora.setup = self.velora.setup._replace(rtmp_url=address)

    # -- what always holds -----------------------------------------------------------------

    @invariant()
    def one_request_at_a_time(self) -> None:
        assert self.velora.most_inside <= 1

    @invariant()
    def never_an_older_title_after_a_newer_one(self) -> None:
        titles = [update["title"] for update in self.velora.named("update") if "title" in update]
        assert titles == sorted(titles)

    @invariant()
    def nothing_is_lost_of_what_was_typed(self) -> None:
        if hasattr(self, "app"):
            now = self.app.settings  # a text gives way to the category that it means
            kept = now._replace(category=now.category_name or now.category, category_name="")
            assert kept == self.fields

    @invariant()
    def a_service_by_hand_is_in_obs_or_can_come_back(self) -> None:
        if hasattr(self, "app"):
            mine = self.chosen.get(self.host.current_profile, OTHER)
            kept = self.app._session.storage.previous.get(self.host.profile().id, ())
            assert mine in (
                self.host.service(),
                *(setup_of(service.snapshot)[0] for service in kept),
            )

    @invariant()
    def a_stream_key_by_hand_is_replaced_by_a_press_only(self) -> None:
        by_hand = self.key_by_hand
        if by_hand is not None and by_hand == (self.host.current_profile, self.pressed):
            assert self.host.service() == self.chosen[self.host.current_profile]

    @invariant()
    def nothing_secret_is_shown(self) -> None:
        if hasattr(self, "app"):
            shown = str(self.app.state) + str(self.host.logged)
            assert not any(secret in shown for secret in (KEY, NEW_KEY, TOKEN, "live_test_other"))


# More of it, and other ways each time: VELORA_TEST_MACHINE_RUNS=2000.
_MORE = os.environ.get("VELORA_TEST_MACHINE_RUNS")

TestStreaming = StreamingMachine.TestCase
TestStreaming.settings = settings(
    EXAMPLES,
    max_examples=int(_MORE or 30),
    stateful_step_count=40,
    derandomize=_MORE is None,
)
