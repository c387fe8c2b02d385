"""Whatever the streamer does, in whatever order: no service of theirs is ever lost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.unit.examples import EXAMPLES
from tests.unit.fakes import (
    KEY,
    TOKEN,
    FakeHost,
    FakeVelora,
    previous,
    run,
    run_until_idle,
    wait_for,
)
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Priority
from velora_core.application import Application
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service

PROFILES = st.sampled_from(["Main", "Second", "Third"])
AAC = AudioEncoders("aac", "ffmpeg_aac")
MAX_KEPT = 10
Kept = tuple[Service, AudioEncoders]


class Streamer(RuleBasedStateMachine):
    """Configures, restores, chooses services by hand, changes profiles, restarts OBS."""

    def __init__(self) -> None:
        super().__init__()
        self.velora = FakeVelora()
        self.patch = mock.patch("velora_core.api.client.VeloraClient", self.velora)
        self.patch.start()
        self.folder = tempfile.TemporaryDirectory()
        self.host = FakeHost()
        self.kept: dict[str, list[Kept]] = {}  # by profile, the next one first
        self.number = 0
        self.begin()

    def begin(self) -> None:
        path = Path(self.folder.name) / "settings"
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        self.app = Application(self.host, environment=environment, folder=path)
        run_until_idle(self.app)

    def teardown(self) -> None:
        self.app.close()
        worker = self.app._runtime.worker
        wait_for(lambda: not worker.alive)
        self.patch.stop()
        self.folder.cleanup()

    @property
    def on_velora(self) -> bool:
        return KEY in str(dict(self.host.service().settings))

    @property
    def here(self) -> list[Kept]:
        return self.kept.setdefault(self.host.profile().id, [])

    def keep(self, *kept: Any, last: bool = False) -> None:
        if kept in self.here:
            self.here.remove(kept)  # it is one service, however often it was there
        self.here.insert(len(self.here) if last else 0, kept)
        del self.here[MAX_KEPT:]

    @rule(protocol=st.sampled_from(["rtmp", "srt", "whip"]))
    def configure(self, protocol: str) -> None:
        if not self.on_velora:
            self.keep(self.host.service(), self.host.audio_encoders())
        self.app.settings = StreamSettings(protocol=protocol)
        # A check of the stream key that is under way may mend the service at this very moment.
        run(self.app, self.app._runtime.worker.submit(lambda: None, priority=Priority.BACKGROUND))
        assert "OBS will stream" in run(self.app, self.app.actions.configure())
        assert self.on_velora
        assert self.host.audio_encoders().support_whip is (protocol == "whip")

    @rule()
    def restore(self) -> None:
        before, encoders = self.host.service(), self.host.audio_encoders()
        by_hand = not self.on_velora
        status = run(self.app, self.app.actions.restore_previous())
        if not self.here:
            assert "no previous streaming service" in status
            assert self.host.service() == before
        else:
            restored = self.here[0]
            assert (self.host.service(), self.host.audio_encoders()) == restored
            if by_hand:  # what was there instead takes the last place
                self.keep(before, encoders, last=True)
            if restored in self.here:
                self.here.remove(restored)
        run(self.app, self.app.actions.refresh())  # what restoring leaves for the worker is done

    @rule()
    def choose_by_hand(self) -> None:
        self.number += 1
        server = f"rtmp://chosen{self.number}.test"
        settings = {"server": server, "key": f"live_test_{self.number}", "other": True}
        self.host.services[self.host.current_profile] = Service("rtmp_custom", settings)
        self.host.encoders[self.host.current_profile] = AAC

    @rule()
    def rename_profile(self) -> None:
        """As OBS does it: the folder is another one from then on."""
        self.number += 1
        before, kept = self.host.profile(), self.here
        self.host.ids[self.host.current_profile] = f"renamed-{self.number}"
        self.app.profile_renamed(before)
        del self.kept[before.id]
        self.kept[self.host.profile().id] = kept
        run_until_idle(self.app)

    @rule(profile=PROFILES)
    def change_profile(self, profile: str) -> None:
        self.host.current_profile = profile
        self.app.profile_changed()
        run_until_idle(self.app)

    @rule()
    def velora_moves(self) -> None:
        self.number += 1
        self.velora.setup = self.velora.setup._replace(
            rtmp_url=f"rtmp://moved{self.number}.test/live",
            srt_url=f"srt://moved{self.number}.test",
        )

    @rule()
    def restart(self) -> None:
        self.app.close()
        self.begin()

    @precondition(lambda self: not self.on_velora)
    @rule()
    def configure_while_live(self) -> None:
        self.host.live = True
        before = self.host.service()
        assert "OBS is streaming" in run(self.app, self.app.actions.configure())
        assert self.host.service() == before
        self.host.live = False

    @invariant()
    def the_way_back_shows_when_there_is_one(self) -> None:
        assert (previous(self.app) is not None) is bool(self.here)
        more = self.app.state.previous[self.host.profile().id].more if self.here else 0
        assert more == max(0, len(self.here) - 1)


Streamer.TestCase.settings = settings(EXAMPLES, max_examples=25, stateful_step_count=20)
TestPreviousServices = Streamer.TestCase
