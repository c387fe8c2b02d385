"""The harness itself: a toy script in a real OBS, and streams that really arrive."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import harness
from tests.e2e.world import chosen_installation
from tests.harness import (
    Display,
    Obs,
    ObsConfig,
    ObsInstallation,
    Profile,
    RtmpIngest,
    SceneCollection,
    Script,
    SrtIngest,
    listening,
)
from tests.harness.processes import alive
from tests.ports import free_port

pytestmark = pytest.mark.skipif(
    harness.available() is not None, reason=str(harness.available() or "")
)

TOY = Path(harness.__file__).parent / "toy_scripts" / "toy.py"
SRT_STREAM_ID = "#!::r=live/toy,m=publish"


def _service(server: str, key: str) -> dict[str, Any]:
    settings = {"server": server, "key": key, "use_auth": False}
    return {"type": "rtmp_custom", "settings": settings}


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display


@pytest.fixture(scope="module")
def installation() -> ObsInstallation:
    return chosen_installation()


@pytest.fixture(scope="module")
def rtmp(installation: ObsInstallation) -> Iterator[RtmpIngest]:
    with RtmpIngest(on_publish=lambda key: key == "right-key") as ingest:
        yield ingest


@pytest.fixture(scope="module")
def srt(installation: ObsInstallation) -> Iterator[SrtIngest]:
    with SrtIngest() as ingest:
        yield ingest


@pytest.fixture(scope="module")
def obs(
    display: Display, installation: ObsInstallation, rtmp: RtmpIngest, srt: SrtIngest
) -> Iterator[Obs]:
    config = ObsConfig(
        profiles=[
            Profile("Right key", service=_service(rtmp.url, "right-key")),
            Profile("Wrong key", service=_service(rtmp.url, "wrong-key")),
            Profile("SRT", service=_service(srt.url, SRT_STREAM_ID)),
        ],
        collections=[SceneCollection(scripts=[Script(TOY, {"title": "Hello"})])],
    )
    with Obs(display, config, installation=installation) as obs:
        obs.panel.open("toy.py")
        yield obs


def test_panel__shows_what_the_script_offers(obs: Obs) -> None:
    assert obs.panel.scripts() == ["toy.py"]
    assert obs.panel.description == "A toy."
    assert obs.panel.texts() == ["Not pressed"]
    assert obs.panel.text("Title") == "Hello"
    assert obs.panel.choice("Protocol") == "RTMP"
    assert obs.panel.items("Protocol") == ["RTMP", "SRT", "WHIP"]
    assert obs.panel.ticked("Update on start")
    entry = obs.panel.find("Title", role="text")
    assert entry is not None
    assert entry.enabled
    assert entry.visible


def test_press__changes_the_line_of_text(obs: Obs) -> None:
    assert obs.panel.press("Press me") < 5
    assert obs.panel.wait_for_text("Pressed") == "Pressed 1 times"


def test_entries__take_what_is_typed_pasted_and_chosen(obs: Obs) -> None:
    panel = obs.panel
    panel.set_text("Title", "Héllo • World")
    panel.paste("Secret", "vt_Secret-1")
    panel.choose("Protocol", "SRT")
    panel.type_in_choice("Category", "poetry")
    panel.tick("Update on start", False)
    panel.add_entry("Tags", "one")
    panel.add_entry("Tags", "two")
    panel.remove_entry("Tags", "one")
    assert panel.text("Title") == "Héllo • World"
    assert panel.text("Secret") == "vt_Secret-1"
    assert panel.choice("Protocol") == "SRT"
    assert panel.choice("Category") == "poetry"
    assert not panel.ticked("Update on start")
    assert panel.entries("Tags") == ["two"]


def test_script_log__pops_up_with_a_warning(obs: Obs) -> None:
    assert not obs.panel.script_log_shown
    obs.panel.press("Warn me")
    harness.wait_until(lambda: obs.panel.script_log_shown, what="the Script Log")
    assert obs.panel.script_log_text().endswith("[toy.py] a warning")
    obs.panel.close_script_log()


def test_exceptions__are_found_in_the_log(obs: Obs) -> None:
    assert obs.exceptions() == []
    obs.panel.press("Fail")
    assert obs.exceptions()[0].endswith("ValueError: meant to fail")
    obs.panel.close_script_log()


def test_screenshot__is_a_picture_of_the_window(obs: Obs, tmp_path: Path) -> None:
    picture = obs.panel.screenshot(tmp_path / "panel.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000


def test_rtmp__a_stream_arrives(obs: Obs, rtmp: RtmpIngest) -> None:
    obs.start_stream()
    rtmp.wait_for_media()
    obs.wait_for_sent(3)
    assert obs.stream_status().sent_bytes > 0
    obs.stop_stream()
    publish = rtmp.wait_for_end()
    probe = rtmp.probe()
    assert publish.key == "right-key"
    assert (probe.video_codec, probe.width, probe.height) == ("h264", 320, 180)
    assert probe.video_frames > 60
    assert probe.audio_codec == "aac"


def test_rtmp__a_wrong_key_is_refused(obs: Obs, rtmp: RtmpIngest) -> None:
    obs.switch_profile("Wrong key")
    obs.start_stream(wait=False)
    harness.wait_until(obs.panel.dialogs, what="OBS's complaint")
    assert "stream key" in " ".join(obs.panel.dialog_texts())
    obs.panel.answer("OK")
    assert not obs.stream_status().active
    assert rtmp.refused_keys == ["wrong-key"]


def test_srt__a_stream_arrives_with_its_stream_id(obs: Obs, srt: SrtIngest) -> None:
    obs.switch_profile("SRT")
    obs.start_stream()
    srt.wait_for_media()
    obs.wait_for_sent(3)
    obs.stop_stream()
    assert srt.wait_for_end().stream_id == SRT_STREAM_ID
    probe = srt.probe()
    assert (probe.video_codec, probe.width, probe.height) == ("h264", 320, 180)
    assert probe.video_frames > 60


def test_counters__are_read(obs: Obs) -> None:
    assert obs.stats().render_total_frames > 100
    usage = obs.usage()
    assert usage.resident_bytes > 50_000_000
    assert usage.descriptors > 10
    assert "obs" in usage.threads.values()


def test_quit__leaves_settings_and_no_processes(obs: Obs, srt: SrtIngest) -> None:
    family = obs.process.family()
    report = obs.quit()
    assert report.orderly
    assert report.seconds < 10
    assert report.leaks is not None
    assert obs.script_log()[-1].text == "unloaded"
    settings = obs.script_settings("toy.py")
    assert settings["title"] == "Héllo • World"
    assert settings["protocol"] == "srt"
    assert settings["category"] == "poetry"
    assert [tag["value"] for tag in settings["tags"]] == ["two"]
    assert obs.service_json("SRT") == _service(srt.url, SRT_STREAM_ID)
    assert not any(os.path.exists(f"/proc/{pid}") for pid in family)


def test_display__leaves_nothing_behind() -> None:
    with Display(width=640, height=480) as display:
        folder, processes = display.folder, display.processes()
        assert processes
    assert not folder.exists()
    assert not any(os.path.exists(f"/proc/{pid}") for pid in processes)


def test_killed_test_run__leaves_nothing_behind() -> None:
    code = (
        "import sys, time\n"
        "from tests.harness import Display, RtmpIngest\n"
        "display, ingest = Display(), RtmpIngest()\n"
        "display.start(); ingest.start()\n"
        "print(display.folder, *display.processes(), *ingest.processes(), flush=True)\n"
        "time.sleep(60)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder, *processes = run.stdout.readline().split()
    assert len(processes) >= 4
    run.kill()
    run.wait()
    harness.wait_until(
        lambda: not os.path.exists(folder) and not any(alive(int(pid)) for pid in processes),
        what="what the run has started to end",
    )


def test_run_that_ends_in_the_middle__leaves_no_listener_that_comes_again() -> None:
    """Each SRT listener that ends is followed by another one, also when the end has come."""
    code = (
        "from tests.harness import SrtIngest\n"
        "ingest = SrtIngest()\n"
        "ingest.start()\n"
        "print(ingest.url, flush=True)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    address = run.stdout.strip()
    assert address.startswith("srt://")
    found = subprocess.run(["pgrep", "-f", address], capture_output=True, text=True, check=False)
    assert found.stdout == ""


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize(("family", "host"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")])
def test_listens(family: str, host: str, by_table: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_table:
        monkeypatch.setattr(listening, "_SOCK_DIAG", 31)  # of which no kernel knows
    port = free_port()
    assert not listening.listens_on_tcp(port)
    with socket.create_server((host, port), family=socket.AddressFamily[family]) as server:
        assert listening.listens_on_tcp(port)
        with socket.create_connection((host, port)), server.accept()[0]:
            server.close()
            assert not listening.listens_on_tcp(port)  # a connection is no listener
