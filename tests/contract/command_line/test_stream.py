"""`velora stream` with a stand-in for ffmpeg; `tests/e2e` has the real one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line.steps import KEY, command, run
from tests.harness.waiting import wait_until
from tests.simulator import Simulator
from velora_core.cli.reporter import TerminalReporter

# Streams until it is told to stop, or does what its file says.
_FFMPEG = f"""\
#!{sys.executable} -S
import json, os, select, sys, time
open(__file__ + ".runs", "a").write(f"{{os.getpid()}}\\n")
open(__file__ + ".arguments", "w").write(json.dumps(sys.argv))
what = open(sys.argv[sys.argv.index("-i") + 1].removeprefix("file:")).read()
seconds = 5
while True:
    print(f"out_time_us={{seconds}}000000", "bitrate=4500.0kbits/s", "drop_frames=0",
          "progress=continue", sep="\\n", flush=True)
    seconds += 1
    if what == "hang":
        open(sys.argv[sys.argv.index("-i") + 1].removeprefix("file:"), "w").write("end")
        time.sleep(60)
    if what == "gone":
        print("film: Input/output error", file=sys.stderr)
        break
    if what == "end" or select.select([sys.stdin], [], [], 0.1)[0]:
        break
"""


@pytest.fixture
def ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "programs" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(_FFMPEG)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent))  # and no ffprobe
    return program


@pytest.fixture
def film(tmp_path: Path) -> Path:
    file = tmp_path / "film"
    file.write_text("stream")
    return file


def runs(ffmpeg: Path) -> list[int]:
    file = ffmpeg.with_name("ffmpeg.runs")
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    assert KEY not in out + err
    return process.returncode, out, err


def kind(out: str) -> Any:
    return json.loads(out.splitlines()[-1])["error"]["kind"]


def test_file_that_ends__is_summed_up(
    velora: Simulator, token: str, ffmpeg: Path, film: Path
) -> None:
    film.write_text("end")
    with command("stream", str(film), "--json", "--title", "Film night") as process:
        code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert json.loads(out.splitlines()[-1]) == {"streamed_seconds": 5.0}
    assert velora.account.title == "Film night"


def test_no_ffmpeg__is_said(velora: Simulator, token: str, ffmpeg: Path, film: Path) -> None:
    ffmpeg.unlink()
    for how in ([], ["--json"]):
        with command("stream", str(film), *how) as process:
            code, out, err = ended(process)
        assert code == 1
        if how:
            assert kind(out) == "FfmpegMissing"
        else:
            assert err == (
                "velora stream needs ffmpeg, which was not found: install it, or add its folder "
                "to PATH, then try again in a new terminal.\n"
            )
    assert velora.journal.find() == []


def test_pipe_that_closes__ends_the_stream(
    velora: Simulator, token: str, ffmpeg: Path, film: Path
) -> None:
    read, write = os.pipe()
    os.close(read)
    with command("stream", str(film), "--json", stdout=write) as process:
        os.close(write)
        assert process.wait(60) == 141
        assert process.stderr
        assert process.stderr.read() == ""
    (pid,) = runs(ffmpeg)
    assert not os.path.exists(f"/proc/{pid}")


def test_ffmpeg_is_killed__the_film_goes_on_where_it_was(
    velora: Simulator, token: str, ffmpeg: Path, film: Path
) -> None:
    with command("stream", str(film)) as process:
        assert process.stdout
        shown = iter(process.stdout)  # first of all perhaps that nothing was streamed so far
        assert "0 frames dropped" in next(line for line in shown if line[:7] != "0:00:00")
        os.kill(runs(ffmpeg)[0], signal.SIGKILL)
        wait_until(lambda: len(runs(ffmpeg)) == 2, what="a second run")
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
    assert code == 130
    assert "The connection broke: streaming again in 1 s." in err
    asked = json.loads(ffmpeg.with_name("ffmpeg.arguments").read_text())
    assert float(asked[asked.index("-ss") + 1]) >= 5
    assert asked.index("-ss") < asked.index("-i")


def test_ffmpeg_that_hangs__is_ended_and_it_streams_again(
    velora: Simulator,
    token: str,
    ffmpeg: Path,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says nothing, and streams nothing: the network takes no more, or the camera is stuck."""
    monkeypatch.setattr("velora_core.cli.stream.IDLE_TIMEOUT", 3.0)  # what is said
    ended: list[float] = []
    wait = TerminalReporter.wait

    def impatient(reporter: TerminalReporter, seconds: float) -> None:
        """What counts: long enough for ffmpeg to start, and short while it hangs."""
        if seconds >= 1.0:
            ended.append(seconds)
        hangs = film.read_text() == "end" and not ended
        monkeypatch.setattr("velora_core.cli.ffmpeg.IDLE_TIMEOUT", 0.1 if hangs else 60.0)
        wait(reporter, seconds)

    monkeypatch.setattr(TerminalReporter, "wait", impatient)
    film.write_text("hang")
    code, _, err = run(capsys, "stream", str(film))
    assert code == 0
    assert err == "Nothing was streamed for 3 s: streaming again in 1 s.\n"
    hung, _ = runs(ffmpeg)
    assert not os.path.exists(f"/proc/{hung}")


@pytest.mark.parametrize(
    ("program", "code", "error"),
    [("time.sleep(60)", 4, "FfmpegSilent"), ("os.kill(os.getpid(), 9)", 1, "FfmpegEnded")],
)
def test_ffmpeg_that_never_streams__is_said(
    velora: Simulator,
    token: str,
    ffmpeg: Path,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    program: str,
    code: int,
    error: str,
) -> None:
    if error == "FfmpegSilent":
        monkeypatch.setattr("velora_core.cli.ffmpeg.IDLE_TIMEOUT", 0.5)
    ffmpeg.write_text(f"#!{sys.executable} -S\nimport os, time\n{program}\n")
    with socket.create_server(("127.0.0.1", 0)) as ingest:
        velora.account.rtmp_url = f"rtmp://127.0.0.1:{ingest.getsockname()[1]}/live"
        found, out, _ = run(capsys, "stream", str(film), "--json")
    assert (found, kind(out)) == (code, error)


def test_two_at_once__the_second_one_is_told(
    velora: Simulator, token: str, ffmpeg: Path, film: Path
) -> None:
    with command("stream", str(film)) as first:
        wait_until(lambda: runs(ffmpeg), what="a stream")
        with command("stream", str(film), "--json") as second:
            code, out, _ = ended(second)
        assert (code, kind(out)) == (1, "AlreadyStreaming")
        first.send_signal(signal.SIGTERM)
        assert ended(first)[0] == 143
    assert len(runs(ffmpeg)) == 1


def test_disk_that_is_gone__is_not_a_film_that_was_streamed(
    velora: Simulator, token: str, ffmpeg: Path, film: Path
) -> None:
    """ffmpeg takes the end of what it can read for the end of the film."""
    film.write_text("gone")
    with command("stream", str(film)) as process:
        code, _, err = ended(process)
    assert code == 0
    assert err == (
        "The stream is over. The last thing that ffmpeg reported: film: Input/output error\n"
    )


def test_file_that_is_not_there__is_no_file_without_a_picture(
    velora: Simulator, token: str, ffmpeg: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "flim"
    with command("stream", str(missing)) as process:
        code, _, err = ended(process)
    assert code == 1
    assert err == (
        f"{missing} can't be opened (No such file or directory): check its name, then try again.\n"
    )
    assert velora.journal.find() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "Connection refused",
            "http://a/b can't be opened (Connection refused): check the address, and whether its "
            "server is running, then try again.",
        ),
        ("Invalid data found when processing input", "ffmpeg finds no picture in http://a/b: "),
    ],
)
def test_address__that_does_not_answer_is_said(
    velora: Simulator, token: str, ffmpeg: Path, said: str, sentence: str
) -> None:
    probe = ffmpeg.with_name("ffprobe")
    probe.write_text(f"#!{sys.executable} -S\nimport sys\nsys.exit(f'{{sys.argv[-1]}}: {said}')\n")
    probe.chmod(0o700)
    with command("stream", "http://a/b") as process:
        code, _, err = ended(process)
    assert (code, err.startswith(sentence)) == (1, True)


def test_address_with_a_password__is_named_without_it(
    velora: Simulator, token: str, ffmpeg: Path
) -> None:
    address = "rtsp://me:live_test_camera@a/b"
    probe = ffmpeg.with_name("ffprobe")
    said = f"{address}: Server returned 401 Unauthorized"
    probe.write_text(f"#!{sys.executable} -S\nimport sys\nsys.exit({said!r})\n")
    probe.chmod(0o700)
    with command("stream", address) as process:
        code, out, err = ended(process)
    assert code == 1
    assert err.startswith("rtsp://a/b can't be opened (Server returned 401 Unauthorized): ")
    assert "live_test_camera" not in out + err


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["--title", "x" * 141], 2, "TitleTooLong"),
        (["--category", "no such category"], 2, "CategoryUnknown"),
        (["--protocol", "whip"], 1, "MuxerMissing"),
    ],
)
def test_error__as_json(
    velora: Simulator,
    token: str,
    ffmpeg: Path,
    film: Path,
    arguments: list[str],
    code: int,
    error: str,
) -> None:
    ffmpeg.write_text(f"#!{sys.executable} -S\n")  # knows no muxer
    with command("stream", str(film), "--json", *arguments) as process:
        found, out, err = ended(process)
    assert (found, err, kind(out)) == (code, "", error)
    assert velora.journal.find("PUT") == []
