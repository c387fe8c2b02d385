"""`velora companion` and its page, beside a real OBS."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import requests

from tests.companion_process import CompanionProcess
from tests.e2e.world import chosen_installation
from tests.harness import Display, Obs, ObsConfig, Profile, wait_until
from tests.simulator import Simulator

__all__ = ["KEY", "OWN", "PASSWORD", "Companion", "PageOf", "started", "tie_to_scene"]

_TIMEOUT = 30.0  # seconds that an answer may take on a busy machine
KEY = "live_test_of_the_account"
PASSWORD = "test password of OBS"
OWN: dict[str, Any] = {
    "type": "rtmp_custom",
    "settings": {
        "server": "rtmp://mine.test/app", "key": "live_test_mine", "use_auth": True,
        "username": "me", "password": "test password",
    },
}  # fmt: skip


class Companion(CompanionProcess):
    """The command, for an OBS on this computer; it never prints what is secret."""

    def __init__(
        self, velora: Simulator, home: Path, port: int, *arguments: str, **environment: str
    ) -> None:
        """Nothing is started yet.

        Args:
            velora: where it is signed in.
            home: where its settings are kept.
            port: of OBS's WebSocket server.
            arguments: more of the command's.
            environment: more variables.
        """
        super().__init__(velora, home, "--host", f"obs=:{port}", *arguments, **environment)

    def stop(self) -> None:
        super().stop()
        assert KEY not in "".join(self.lines)
        assert PASSWORD not in "".join(self.lines)
        assert "Velora has a bug" not in "".join(self.lines)


class PageOf:
    """The companion's page, as a program uses it that has opened it."""

    def __init__(self, address: str) -> None:
        self._session = requests.Session()
        answer = self._session.get(address, timeout=_TIMEOUT)
        self._url = answer.url.rstrip("/")
        self._session.headers["Origin"] = self._url

    def of(self, number: int) -> PageOf:
        """Return the page of another software of the same companion, which this one leads to."""
        other = copy(self)
        other._url = f"{self._url}/{number}"
        return other

    def state(self) -> Any:
        return self._session.get(f"{self._url}/api/v1/state", timeout=_TIMEOUT).json()

    def offers_service(self) -> bool:
        """Return whether there is one to go back to."""
        return any(element["key"] == "previous" for element in self.state()["sections"]["setup"])

    def put(self, **values: Any) -> None:
        url = f"{self._url}/api/v1/values"
        assert self._session.patch(url, json=values, timeout=_TIMEOUT).status_code == 200

    def press(self, action: str) -> Any:
        url = f"{self._url}/api/v1/actions/{action}"
        return self._session.post(url, json={}, timeout=_TIMEOUT).json()


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
