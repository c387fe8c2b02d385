"""`velora companion` as a process of its own, and its page, beside a real OBS."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from copy import copy
from pathlib import Path
from typing import Any

import requests

from tests.e2e.world import chosen_installation
from tests.harness import Display, Obs, ObsConfig, Profile, wait_until
from tests.managed import Managed
from tests.simulator import Simulator
from tests.tooling.environment import ROOT

__all__ = ["KEY", "OWN", "PASSWORD", "Companion", "PageOf", "started", "tie_to_scene"]

KEY = "live_test_of_the_account"
PASSWORD = "test password of OBS"
OWN: dict[str, Any] = {
    "type": "rtmp_custom",
    "settings": {
        "server": "rtmp://mine.test/app", "key": "live_test_mine", "use_auth": True,
        "username": "me", "password": "test password",
    },
}  # fmt: skip


class Companion(Managed):
    """The command, at a pipe instead of a terminal."""

    def __init__(
        self, velora: Simulator, home: Path, port: int, *arguments: str, **environment: str
    ) -> None:
        """Nothing is started yet.

        Args:
            port: of the OBS on this computer.
            arguments: more of the command's.
            environment: more variables.
        """
        self._arguments = ["companion", "--host", f"obs=:{port}", *arguments]
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "VELORA_API_URL": velora.api_url,
            "VELORA_ACCESS_TOKEN": velora.issue_token(),
            **environment,
        }
        self.lines: list[str] = []

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "velora_hosts", *self._arguments],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 143
        self._reader.join(5)
        assert KEY not in "".join(self.lines)
        assert PASSWORD not in "".join(self.lines)
        assert "Velora has a bug" not in "".join(self.lines)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    def heard(self, part: str) -> int:
        """Return how many lines have this in them."""
        return sum(part in line for line in self.lines)

    def hears(self, part: str, *, times: int = 1) -> None:
        """Wait until so many lines have this in them."""
        wait_until(
            lambda: self.heard(part) >= times,
            what=f"{part!r}",
            timeout=30,
            details=lambda: "".join(self.lines),
        )

    def enter(self, line: str, expected: str) -> None:
        """Enter a line, and wait until a new line has this in it."""
        before = self.heard(expected)
        self.type(line)
        self.hears(expected, times=before + 1)

    def type(self, line: str) -> None:
        """Enter a line."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


class PageOf:
    """The companion's page, as a program uses it that has opened it."""

    def __init__(self, address: str) -> None:
        self._session = requests.Session()
        answer = self._session.get(address, timeout=10)
        self._url = answer.url.rstrip("/")
        self._session.headers["Origin"] = self._url

    def of(self, number: int) -> PageOf:
        """Return the page of another software of the same companion, which this one leads to."""
        other = copy(self)
        other._url = f"{self._url}/{number}"
        return other

    def state(self) -> Any:
        return self._session.get(f"{self._url}/api/v1/state", timeout=10).json()

    def offers_service(self) -> bool:
        """Return whether there is one to go back to."""
        return any(element["key"] == "previous" for element in self.state()["sections"]["setup"])

    def put(self, **values: Any) -> None:
        url = f"{self._url}/api/v1/values"
        assert self._session.patch(url, json=values, timeout=10).status_code == 200

    def press(self, action: str) -> Any:
        url = f"{self._url}/api/v1/actions/{action}"
        return self._session.post(url, json={}, timeout=10).json()


def tie_to_scene(page: PageOf, obs: Obs, scene: str) -> None:
    """Put a scene on air, and have it mean the preset that is chosen on a page."""
    obs.request("SetCurrentSceneTransition", {"transitionName": "Cut"})
    obs.request("SetCurrentProgramScene", {"sceneName": scene})

    def tied() -> bool:
        if f"when the scene “{scene}” goes on air" in page.press("scene_tie")["answer"]:
            return True
        page.press("scene_untie")  # OBS has not told of the new scene yet
        return False

    wait_until(tied, what=f"the scene {scene}")


def started(display: Display, service: dict[str, Any] | None, **more: Any) -> Obs:
    profile = Profile(service=service) if service else Profile()
    return Obs(display, ObsConfig(profiles=[profile]), installation=chosen_installation(), **more)
