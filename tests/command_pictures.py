"""Picture of `velora stream` in a terminal, for README.md; `tests.pictures` takes it.

All of it is real but Velora: the command, ffmpeg, a film of half a minute, and the ingest.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness.rtmp_ingest import RtmpIngest
from tests.harness.terminal import Typed, terminal_page
from tests.page.driver import PageBrowser
from tests.simulator import Simulator
from tests.tooling.environment import ROOT

__all__ = ["take_command_pictures"]

_KEY = "live_test_abc123xyz789"
_SECONDS = 40  # of the film: viewers are asked for after half a minute
_ARGUMENTS = ("stream", "film.mp4", "--title", "Film night", "--category", "Just Chatting")
_TYPED = '$ velora stream film.mp4 --title "Film night" --category "Just Chatting"\n'


def take_command_pictures(folder: Path) -> None:
    """Take it.

    Args:
        folder: where it is put, as ``velora-stream.png``.
    """

    def publishes(key: str) -> bool:
        if key == _KEY:
            velora.account.go_live(key)
        return key == _KEY

    with (
        TemporaryDirectory() as home,
        Simulator() as velora,
        RtmpIngest(on_publish=publishes) as rtmp,
        PageBrowser() as browser,
    ):
        velora.account.stream_key = _KEY
        velora.account.rtmp_url = rtmp.url
        velora.account.viewers = 42
        _make_film(Path(home) / "film.mp4")
        shown = [Typed(_TYPED), *_run(velora, Path(home))]
        browser.resize(820, 100)
        browser.open(terminal_page(shown))
        browser.screenshot(folder / "velora-stream.png", width=820)


def _make_film(file: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30", "-f", "lavfi", "-i", "sine")
    made = ("-t", str(_SECONDS), "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(file))
    subprocess.run(["ffmpeg", "-v", "error", *picture, *made], check=True)


def _run(velora: Simulator, home: Path) -> Iterator[str]:
    """Stream the film; return the lines that a terminal shows in the end."""
    ours, its = pty.openpty()
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "VELORA_API_URL": velora.api_url,
        "VELORA_ACCESS_TOKEN": velora.issue_token(),
    }
    command = [sys.executable, "-m", "velora_hosts", *_ARGUMENTS]
    with subprocess.Popen(
        command, cwd=home, env=environment, stdin=its, stdout=its, stderr=its
    ) as process:
        os.close(its)
        seen = b""
        with suppress(OSError):  # the terminal is closed
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    assert process.returncode == 0, seen
    for line in seen.decode().replace("\r\n", "\n").rstrip("\n").split("\n"):
        yield line.rpartition("\r")[2].rstrip() + "\n"  # what was written over is not seen
