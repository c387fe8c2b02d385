"""A broadcasting software and a Velora for the application's tests: no OBS, no network."""

from __future__ import annotations

import copy
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from velora_core.api.models import Category, Profile, StreamInfo, StreamInfoUpdate, StreamSetup
from velora_core.api.validation import validate_category_query
from velora_core.app.worker import Job, Priority
from velora_core.application import Application
from velora_core.auth.grant import ClientCredentials, Grant, Tokens
from velora_core.errors import Cancelled
from velora_core.host.destination import PROTOCOLS, Destination
from velora_core.host.encoder import Encoder, EncoderFit
from velora_core.host.host import (
    AccountNotice,
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    SavedSetup,
    Snapshot,
)
from velora_core.host.output import OutputSample
from velora_core.panel.build import _status
from velora_core.secret import Secret
from velora_hosts.obs.account import account_notice, platform_of, read_saved_setup
from velora_hosts.obs.audio import AudioEncoders, suited_audio
from velora_hosts.obs.service import (
    Service,
    changed_service,
    destination_of,
    read_snapshot,
    service_for,
    setup_of,
    snapshot_of,
)

__all__ = [
    "KEY",
    "NEW_KEY",
    "OTHER",
    "RTMP",
    "SRT",
    "TOKEN",
    "WHIP",
    "FakeHost",
    "FakeVelora",
    "grant",
    "previous",
    "run",
    "run_until_idle",
    "sign_in_as",
    "wait_for",
]

TOKEN = "test_access_0000_only_for_tests"
KEY = "live_test_key_z789"
NEW_KEY = "live_test_key_new9"
RTMP, SRT = "rtmp://ingest.test:1935/live", "srt://ingest.test:9999"
WHIP = f"https://ingest.test:3334/live/{KEY}/whip"
OTHER = Service(
    "rtmp_common",
    {"service": "Other", "server": "rtmp://other.test/app", "key": "live_test_other", "bw": True},
)
SETUP = StreamSetup(Secret(KEY), RTMP, SRT, Secret(WHIP))
CATEGORIES = (Category("music", "Music"), Category("just-chatting", "Just Chatting"))
TIMEOUT = 5.0
_LOOKS = 20_000
"""How often it is looked for what is waited for: for five seconds at least, and for longer where
this process gets few turns. What it waits for is mostly its own doing, and so has few as well."""


def wait_for(
    condition: Callable[[], object],
    what: str = "",
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Wait until it is so.

    Args:
        condition: what is to become true.
        what: its name, for the report of a failure.
        meanwhile: is done before each look, as the UI thread comes by in OBS.
    """
    for _ in range(_LOOKS):
        if (meanwhile(), condition())[1]:
            return
        time.sleep(0.0002)
    raise AssertionError(f"waited in vain for {what or condition}")


def grant(
    user: str, *, name: str = "Some Body", since: float = 1000.0, token: str = TOKEN
) -> Grant:
    """Return what signing in leaves behind."""
    tokens = Tokens(Secret(token), None, time.time() + 3600, None)
    return Grant(ClientCredentials("test-client-id"), tokens, name, since, user)


def sign_in_as(app: Application, sign_in: Grant) -> None:
    """Sign in, as on the worker when the browser has come back."""
    credentials = app._session.credentials
    run(app, app._runtime.press("", lambda: credentials._adopt(sign_in)))


def seen(app: Application) -> str:
    """Do what a panel does when it is drawn, and return its status line.

    Without making all of it: most tests ask for this line alone, thousands of times.
    """
    app.features.overview.refresh()
    state = app._runtime.drawn()
    app._look()
    return _status(state).text


def run(app: Application, job: Job) -> str:
    """Wait for a button's job as a panel does, and return the status line."""
    if not job.wait(TIMEOUT):
        wait_for(lambda: job.done, "a job")
    app.wait_for(job)
    return seen(app)


def run_until_idle(app: Application) -> None:
    """Wait until everything is done that is under way, in the background, too."""
    for _ in range(3):
        run(app, app._runtime.worker.submit(lambda: None, priority=Priority.BACKGROUND))
        app.process_ui_queue()


def previous(app: Application) -> str | None:
    """Return the service that a panel offers to go back to."""
    found = app.state.previous.get(app._host.profile().id)
    return found.service if found else None


class FakeHost:
    """An OBS without OBS: remembers what is done to it, in OBS's own words."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = defaultdict(lambda: OTHER)
        self.encoders: dict[str, AudioEncoders] = defaultdict(
            lambda: AudioEncoders("aac", "ffmpeg_aac")
        )
        self.current_profile = "Main"
        self.folders: dict[str, Path | None] = {}
        self.account: str | None = ""
        self.remembered: dict[str, Any] = {}
        self.config_folder = "/obs"
        self.ids: dict[str, str] = {}  # of a profile whose folder isn't called like it
        self.native = True
        self.live = False
        self.whip = True
        self.able: dict[str, Any] = {}  # `Capabilities` that are not OBS's
        self.current_scene = "Scene"
        self.takes = True
        self.wakes = 0
        self.logged: list[tuple[LogLevel, str]] = []
        self.changes: list[Service] = []
        self.texts: dict[str, str] = {}
        self.texts_set: list[tuple[str, str]] = []
        self.kept: dict[str, ReplacedText] = {}
        self.ends_starts, self.ended_starts = True, 0
        self.error_of_start = ""
        self.sampling = False
        self.counted: OutputSample | None = None
        self.encoding: Encoder | None = None
        self.fit = EncoderFit.DONE
        self.fitted: list[int] = []  # keyframe intervals, until they are given back

    def service(self) -> Service:
        return self.services[self.current_profile]

    def audio_encoders(self) -> AudioEncoders:
        return self.encoders[self.current_profile]

    def capabilities(self) -> Capabilities:
        protocols = PROTOCOLS if self.whip else PROTOCOLS[:2]
        able = Capabilities("OBS", "Settings → Stream", protocols)
        return able._replace(**self.able)

    def destination(self) -> Destination:
        return destination_of(self.service())

    def set_destination(
        self, destination: Destination, audio: tuple[str, ...] | None, *, keep_options: bool
    ) -> None:
        present = self.service() if keep_options else None
        self._set(service_for(destination, present), AudioEncoders(*audio) if audio else None)

    def change_destination(self, destination: Destination, *, save: bool) -> None:
        changed = changed_service(self.service(), destination)
        if save:
            self._set(changed, None)
        else:
            self.services[self.current_profile] = changed

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
        return suited_audio(protocol, audio)

    def snapshot(self) -> Snapshot:
        return snapshot_of(self.service(), self.audio_encoders())

    def restore(self, snapshot: Snapshot) -> None:
        self._set(*setup_of(snapshot))

    def read_snapshot(self, data: object) -> Snapshot | None:
        return read_snapshot(data)

    def _set(self, service: Service, audio: AudioEncoders | None) -> None:
        self.changes.append(service)
        if self.takes:
            self.services[self.current_profile] = service
            if audio:
                self.encoders[self.current_profile] = audio

    def profile(self) -> HostProfile:
        folder = self.ids.get(self.current_profile, self.current_profile)
        return HostProfile(f"{self.config_folder}/{folder}", self.current_profile, self.native)

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        folder = self.folders.get(self.current_profile, Path("/nowhere"))
        return partial(read_saved_setup, str(folder)) if folder else None

    def connected_account(self) -> str | None:
        return self.account if self.account is None else platform_of(self.account)

    def account_notice(self, platform: str, destination: Destination) -> AccountNotice | None:
        return account_notice(platform, destination)

    def change_service(self, settings: Mapping[str, str]) -> None:
        """As a dialog of OBS, or another script does."""
        before = self.service()
        merged = {**before.settings, **settings}
        self.services[self.current_profile] = Service(before.kind, merged)

    def memory(self) -> dict[str, Any]:
        return self.remembered

    def streaming(self) -> bool:
        return self.live

    def still_streams(self) -> bool:
        return self.live

    def scene(self) -> HostScene:
        return HostScene(self.current_scene)

    def encoder(self) -> Encoder | None:
        return self.encoding

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:
        self.fitted.append(keyframe_interval)
        return self.fit

    def give_back_encoder(self) -> None:
        self.fitted.clear()

    def end_start(self) -> bool:
        self.ended_starts += 1
        return self.ends_starts

    def start_error(self) -> str:
        return self.error_of_start

    def begin_sampling(self) -> None:
        self.sampling = True

    def end_sampling(self) -> None:
        self.sampling = False

    def sample(self) -> OutputSample | None:
        return self.counted if self.sampling else None

    def text_sources(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts))

    def text(self, source: str) -> str | None:
        return self.texts.get(source)

    def set_text(self, source: str, text: str) -> None:
        self.texts_set.append((source, text))
        self.texts[source] = text

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        return self.kept

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        self.kept = dict(covered)

    def log(self, severity: LogLevel, sentence: str) -> None:
        if sentence.endswith("is loaded."):  # at each start
            return
        assert threading.current_thread() is threading.main_thread()
        self.logged.append((severity, sentence))

    def wake(self) -> None:
        self.wakes += 1

    @property
    def warnings(self) -> list[str]:
        return [text for severity, text in self.logged if severity is LogLevel.WARNING]


class FakeEventStream:
    """Stands for `EventStream`: hands out what a test pushes, until it is closed or ends."""

    def __init__(self, token: Secret) -> None:
        self.token = token
        self.refused = False
        self.last_id = ""
        self.retry: float | None = None
        self.heard = 0.0
        self.closed = False
        self.pushed = self.handled = 0
        self._pushed: queue.Queue[Any] = queue.Queue()

    def push(self, *what: Any) -> None:
        """Events, None (Velora confirms the connection), or an exception; `StopIteration` is the
        end."""
        for item in what:
            self.pushed += 1
            self._pushed.put(item)

    def close(self) -> None:
        self.closed = True
        self.push(Cancelled())

    def __iter__(self) -> Iterator[Any]:
        while True:
            get = self._pushed.get()
            if get is StopIteration:
                return
            if isinstance(get, Exception):
                raise get
            yield get
            self.handled += 1  # whoever reads has come back for more


class FakeVelora:
    """Stands for `VeloraClient`; answers what `answers` says, or what a good Velora would."""

    def __init__(self) -> None:
        self.setup = SETUP
        self.info = StreamInfo(None, None, None, is_live=False)
        self.categories: tuple[Category, ...] = CATEGORIES
        self.hits: dict[str, tuple[Category, ...]] = {}
        self.timeout: float | None = None
        self.failures: dict[str, list[Exception]] = defaultdict(list)
        self.calls: list[tuple[str, Any]] = []
        self.block: threading.Event | None = None
        self.tokens: Any = None
        self.streams: list[FakeEventStream] = []
        self.regenerates_all_the_same = False
        self.fails_after_regenerate: Exception | None = None

    def __call__(self, tokens: Any, **_: Any) -> FakeVelora:
        if isinstance(tokens, Secret):  # a client for one token only, beside the other one
            beside = copy.copy(self)
            beside.tokens = tokens
            return beside
        self.tokens = tokens
        return self

    def named(self, name: str) -> list[Any]:
        return [details for called, details in self.calls if called == name]

    def _call(self, name: str, details: Any = None) -> None:
        token = self.tokens if isinstance(self.tokens, Secret) else self.tokens.token()
        assert token
        self.calls.append((name, details))
        if self.block is not None:
            assert self.block.wait(TIMEOUT)
        if self.failures[name]:
            raise self.failures[name].pop(0)

    def get_stream_setup(self) -> StreamSetup:
        self._call("setup")
        return self.setup

    def get_stream_info(self, *, seconds: float | None = None) -> StreamInfo:
        self.timeout = seconds
        self._call("info")
        return self.info

    def get_categories(self) -> tuple[Category, ...]:
        self._call("categories")
        return self.categories

    def search_categories(
        self, query: str, limit: int = 25, *, seconds: float | None = None
    ) -> tuple[Category, ...]:
        assert limit
        self._call("search", query)
        self.timeout = seconds
        return self.hits.get(validate_category_query(query), ())

    def send_stream_info(self, update: StreamInfoUpdate) -> None:
        assert update == StreamInfoUpdate.checked(**update._asdict())
        given = {name: value for name, value in update._asdict().items() if value is not None}
        self._call("update", given)

    def regenerate_stream_key(self) -> Secret:
        failures, self.failures["regenerate"] = self.failures["regenerate"], []
        self._call("regenerate")
        if self.fails_after_regenerate:
            self.failures["setup"].append(self.fails_after_regenerate)
        if not failures or self.regenerates_all_the_same:
            whip = WHIP.replace(KEY, NEW_KEY)
            self.setup = self.setup._replace(stream_key=Secret(NEW_KEY), whip_url=Secret(whip))
        if failures:
            raise failures[0]
        return self.setup.stream_key

    def open_event_stream(self, *, silence: float, after: Any = None) -> FakeEventStream:
        self._call("events", (silence, after))
        stream = FakeEventStream(Secret(TOKEN))
        self.streams.append(stream)
        return stream

    def get_profile(self) -> Profile:
        self._call("profile")
        return Profile("somebody", "Some Body", True)
