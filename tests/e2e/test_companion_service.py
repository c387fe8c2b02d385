"""A streaming service that is replaced from outside while the connection, or OBS, goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.companion import KEY, OWN, Companion, started
from tests.harness import Display, RtmpIngest, wait_until
from tests.harness.tcp_gate import TcpGate
from tests.simulator import Simulator
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service
from velora_hosts.obs_websocket.connection import Connection
from velora_hosts.obs_websocket.errors import ConnectionEnded
from velora_hosts.obs_websocket.remote import RemoteObs
from velora_hosts.obs_websocket.replacement import replacing
from velora_hosts.websocket.address import Address

STEP = 37  # bytes between two cuts; each one takes a few milliseconds
MINE = Service(OWN["type"], OWN["settings"])
WANTED = Service("rtmp_custom", {"server": "rtmp://ingest.test/live", "key": KEY})


def remote(port: int) -> RemoteObs:
    connection = Connection(Address("127.0.0.1", port), event=lambda *_: None, ended=lambda _: None)
    connection.open(lambda: None)
    return RemoteObs(connection)


def test_connection_cut_anywhere__the_old_service_or_the_new_one(display: Display) -> None:
    with started(display, OWN) as obs, TcpGate(obs.websocket_port) as gate:
        direct = remote(obs.websocket_port)
        through = remote(gate.port)
        before = gate.passed
        through.use(WANTED, None)
        size = gate.passed - before
        assert direct.service() == WANTED
        direct.use(MINE, AudioEncoders("opus", "ffmpeg_opus"))
        assert direct.audio_encoders() == ("opus", "ffmpeg_opus")
        assert obs.basic_ini()["SimpleOutput"]["StreamAudioEncoder"] == "opus"
        assert obs.basic_ini()["AdvOut"]["AudioEncoder"] == "ffmpeg_opus"
        assert obs.service_json() == OWN
        for cut in (*range(0, size, STEP), size - 1):
            through = remote(gate.port)
            gate.cut_after = cut
            with pytest.raises(ConnectionEnded):
                through.use(WANTED, None)
            gate.mend()
            assert direct.service() == MINE, f"cut after {cut} of {size} bytes"
        # All of it arrives, and nobody hears so.
        through = remote(gate.port)
        answers: list[bytes] = []

        def swallow(data: bytes) -> bytes:
            answers.append(data)
            if len(answers) == 2:
                gate.cut()
            return data

        gate.change = swallow
        with pytest.raises(ConnectionEnded):
            through.use(WANTED, None)
        assert direct.service() == WANTED
        assert obs.request("GetStreamServiceSettings")["streamServiceSettings"] == WANTED.settings


def test_obs_gone_in_between__streams_to_velora_and_is_finished_by_the_next_one(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    wanted = Service("rtmp_custom", {"server": rtmp.url, "key": KEY, "use_auth": False})
    (_, between), _ = replacing(MINE, wanted)
    kind, settings = between["streamServiceType"], between["streamServiceSettings"]
    with started(display, {"type": kind, "settings": settings}) as obs:
        obs.start_stream()
        assert rtmp.wait_for_media().key == KEY
        with Companion(velora, tmp_path, obs.websocket_port) as companion:
            companion.hears("is connected to OBS")
            assert obs.request("GetStreamServiceSettings")["streamServiceType"] == kind
            obs.stop_stream()
            assert obs.request("GetStreamServiceSettings")["streamServiceType"] == kind
        with Companion(velora, tmp_path, obs.websocket_port) as companion:
            companion.hears("is connected to OBS")
            after = {"type": wanted.kind, "settings": wanted.settings}
            wait_until(lambda: obs.service_json() == after, what="the service to be finished")
