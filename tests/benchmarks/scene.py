"""What every measurement needs: a Velora, an ingest, and an OBS that can be told what to do."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests

from tests.harness import (
    BrowserButton,
    Display,
    HarnessError,
    Obs,
    ObsConfig,
    Profile,
    RtmpIngest,
    SceneCollection,
    Script,
    wait_until,
)
from tests.simulator import SCOPES, Client, Simulator
from tests.stage import ROOT, stage_script
from velora_core.auth.client_registration import DEFAULT_PORT

__all__ = ["Call", "Measured", "Notes", "Scene"]

_HERE = Path(__file__).resolve().parent
_NAMES = ("Colour", "Color")


class Call(NamedTuple):
    """One call of a function of the script by OBS."""

    name: str
    seconds: float
    monotonic: float
    """When it was called, as `time.monotonic` counts."""
    processor: float
    """Seconds that it computed, without waiting for Python or for other programs."""


class Notes(NamedTuple):
    """What a measured script has noted in one life of OBS."""

    calls: list[Call]
    load: dict[str, float]
    """Seconds of the UI thread, `from_first_line` and `from_import`, until it was loaded."""

    def seconds(self, name: str) -> list[float]:
        """Return how long each call of the function took."""
        return [call.seconds for call in self.calls if call.name == name]


class Measured:
    """A copy of the script that notes how long OBS waits for it."""

    def __init__(self, folder: Path, source: Path = ROOT) -> None:
        """
        Args:
            folder: where the copy is put.
            source: the folder of the project it is a copy from.
        """
        self.folder = folder
        self.path = stage_script(folder, source=source)
        shutil.copy2(_HERE / "stopwatch_after.py", folder)
        parts = (_HERE / "stopwatch_before.py", self.path, _HERE / "stopwatch_run.py")
        self.path.write_text("\n\n".join(part.read_text(encoding="utf-8") for part in parts))

    def forget_bytecode(self) -> None:
        """Have Python compile everything, as after installing."""
        for folder in list(self.folder.rglob("__pycache__")):
            shutil.rmtree(folder)

    def notes(self) -> Notes:
        """Return what it noted; there once OBS has quit."""
        path = self.folder / "notes.json"
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return Notes([Call(*call) for call in data["calls"]], data["load"])

    @property
    def worker(self) -> int:
        """The kernel's number of its thread."""
        return int((self.folder / "worker").read_text())

    def order(self, command: str) -> None:
        """Have it do something when OBS saves next."""
        (self.folder / "done").unlink(missing_ok=True)
        new = self.folder / "command.new"
        new.write_text(json.dumps(command), encoding="utf-8")
        new.rename(self.folder / "command")

    @property
    def is_done(self) -> bool:
        """Whether the last order was carried out."""
        return (self.folder / "done").exists()


class Scene:
    """A Velora and its ingest. Use it as a context manager."""

    def __init__(self, display: Display) -> None:
        """
        Args:
            display: where OBS is shown.
        """
        self._display = display
        self._stack = ExitStack()
        self._renamed = 0
        self._signed_in = 0

    def __enter__(self) -> Scene:
        enter = self._stack.enter_context
        self.folder = Path(enter(tempfile.TemporaryDirectory(prefix="velora-benchmark-")))
        self.velora = enter(Simulator())
        self.ingest = enter(
            RtmpIngest(
                on_publish=f"{self.velora.url}/_ingest/publish",
                on_publish_done=f"{self.velora.url}/_ingest/publish_done",
            )
        )
        self.velora.account.rtmp_url = self.ingest.url
        self.measured = Measured(self.folder / "Velora")
        self._browser = BrowserButton(self.folder / "browser")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def measure(self, measured: Measured) -> None:
        """Have this copy be `ours` from now on."""
        self.measured = measured

    @property
    def ours(self) -> Script:
        """The measured copy as a scene collection holds it."""
        settings = {
            "title": "A benchmark",
            "category_entry": "Music",
            "tags": [{"value": "benchmark"}],
        }
        return Script(self.measured.path, settings)

    @contextmanager
    def obs(
        self, scripts: Sequence[Script], *, fps: int = 30, sign_in: bool = False
    ) -> Iterator[Obs]:
        """A fresh OBS, set up to stream to the ingest.

        Args:
            sign_in: whether somebody is to sign in, instead of having a token already.
        """
        self.velora.faults.clear()
        self.velora.journal.clear()
        self._renamed = 0
        key = self.velora.account.stream_key
        service = {"type": "rtmp_custom", "settings": {"server": self.ingest.url, "key": key}}
        profile = Profile(width=640, height=360, service=service, fps=fps)
        collections = [SceneCollection(scripts=scripts), SceneCollection("Other")]
        with Obs(
            self._display,
            ObsConfig([profile], collections, preview=True),
            environment={
                "VELORA_API_URL": self.velora.api_url,
                **(self._app() if sign_in else {"VELORA_ACCESS_TOKEN": self.velora.issue_token()}),
                "PYTHONDONTWRITEBYTECODE": "",  # bytecode is written, as at a user's
            },
        ) as obs:
            yield obs

    def _app(self) -> dict[str, str]:
        """Return an app to sign in with, and a browser."""
        redirect = f"http://localhost:{DEFAULT_PORT}/"
        app = self.velora.register(Client(redirect_uris=(redirect,)))
        return {
            **self._browser.environment,
            "VELORA_CLIENT_ID": app.client_id,
            "VELORA_CLIENT_SECRET": app.client_secret or "",
        }

    def allow(self) -> None:
        """What somebody does in the browser that the script has opened last."""
        self._signed_in += 1
        url = self._browser.wait(self._signed_in)
        form: dict[str, Any] = dict(parse_qs(urlsplit(url).query))
        form |= {"answer": "allow", "allowed": list(SCOPES)}
        requests.post(url.partition("?")[0], data=form, timeout=30).raise_for_status()

    def nudge(self, obs: Obs) -> None:
        """Make OBS save its scenes, which it does with every script: a source is renamed."""
        old, new = _NAMES[self._renamed % 2], _NAMES[(self._renamed + 1) % 2]
        obs.request("SetInputName", {"inputName": old, "newInputName": new})
        self._renamed += 1

    def do(self, obs: Obs, command: str) -> None:
        """Have OBS's UI thread open our panel or press one of its buttons, and wait for the end.

        Args:
            command: ``open panel`` or the name of a button's function.
        """
        self.measured.order(command)
        self.nudge(obs)
        wait_until(
            lambda: self.measured.is_done,
            what=f"the script to do {command!r}",
            interval=0.02,
            details=lambda: "\n".join(obs.exceptions() or [obs.log_text()[-2000:]]),
        )
        if obs.exceptions():
            raise HarnessError("\n".join(obs.exceptions()))

    def configure(self, obs: Obs) -> None:
        """Open the panel, presses Configure Velora and wait until all is quiet."""
        self.do(obs, "open panel")
        self.do(obs, "on_configure")
        self.velora.journal.wait_for("GET", "/stream/setup")
        time.sleep(0.3)
