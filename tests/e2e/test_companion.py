"""`velora companion` as a process, beside a real OBS and its own files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.world import World, chosen_installation
from tests.harness import (
    BrowserButton,
    Display,
    Obs,
    ObsConfig,
    Profile,
    RtmpIngest,
    wait_until,
)
from tests.managed import Managed
from tests.simulator import Simulator
from tests.tooling.environment import ROOT

KEY = "live_test_of_the_account"
PASSWORD = "test password of OBS"
OWN = {
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

    def hears(self, part: str, *, times: int = 1) -> None:
        wait_until(
            lambda: sum(part in line for line in self.lines) >= times,
            what=f"{part!r}",
            details=lambda: "".join(self.lines),
        )

    def enter(self, line: str, expected: str) -> None:
        """Enter a line, and wait until a new line has this in it."""
        before = sum(expected in printed for printed in self.lines)
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.hears(expected, times=before + 1)


@pytest.fixture
def velora() -> Iterator[Simulator]:
    with Simulator() as velora:
        velora.account.stream_key = KEY
        yield velora


@pytest.fixture
def rtmp(velora: Simulator) -> Iterator[RtmpIngest]:
    publish, done = f"{velora.url}/_ingest/publish", f"{velora.url}/_ingest/publish_done"
    with RtmpIngest(on_publish=publish, on_publish_done=done) as rtmp:
        velora.account.rtmp_url = rtmp.url
        yield rtmp


def started(display: Display, service: dict[str, Any] | None, **more: Any) -> Obs:
    profile = Profile(service=service) if service else Profile()
    return Obs(display, ObsConfig(profiles=[profile]), installation=chosen_installation(), **more)


def test_configure_go_live_restart_restore(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    with started(display, OWN) as obs, Companion(velora, tmp_path, obs.websocket_port) as companion:
        companion.hears("is connected to OBS")
        before = obs.service_json()
        companion.enter("configure", f"will stream to {rtmp.url}")
        settings = obs.request("GetStreamServiceSettings")["streamServiceSettings"]
        assert (settings["server"], settings["key"]) == (rtmp.url, KEY)
        assert not {"username", "password"} & set(settings)
        companion.enter("title From outside", "noted")
        companion.enter("tags a, b", "noted")
        obs.start_stream()
        wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
        put = velora.journal.find("PUT")[0]
        assert put.json == {"title": "From outside", "tags": ["a", "b"]}
        companion.enter("configure", "is streaming: stop the stream first")
        companion.enter("title Second", "noted")
        obs.stop_stream()
        obs.start_stream()
        wait_until(lambda: len(velora.journal.find("PUT")) == 2, what="a second PUT")
        # OBS is gone in the middle of a stream, and comes back.
        obs.kill()
        companion.hears("Velora connects again")
        obs.start()
        companion.hears("is connected to OBS", times=2)
        companion.enter("restore", "rtmp://mine.test/app")
        assert obs.service_json() == before == OWN


class PageOf:
    """The companion's page, as a program uses it that has opened it."""

    def __init__(self, address: str) -> None:
        self._session = requests.Session()
        answer = self._session.get(address, timeout=10)
        self._url = answer.url.rstrip("/")
        self._session.headers["Origin"] = self._url

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


def test_profiles_presets_texts_and_the_page(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    profiles = [Profile(service=OWN), Profile("Other", service=OWN)]
    config = ObsConfig(profiles=profiles)
    button = BrowserButton(tmp_path / "browser")
    with (
        Obs(display, config, installation=chosen_installation()) as obs,
        Companion(velora, tmp_path, obs.websocket_port, **button.environment) as companion,
    ):
        companion.hears("is connected to OBS")
        crowd = {"sceneName": "Scene", "inputName": "Crowd", "inputKind": "text_ft2_source_v2"}
        obs.request("CreateInput", {**crowd, "inputSettings": {"text": "soon"}})
        companion.enter("configure", f"will stream to {rtmp.url}")
        companion.enter("page", "dock is on")
        page = PageOf(button.wait())
        page.press("presets_more")
        page.put(title="Evening show", preset_name="Evening")
        assert "is saved" in page.press("preset_save")["answer"]
        page.put(title="Another", text_source="Crowd")
        page.put(text_template="In {scene}")
        companion.enter("preset Evening", "now hold the preset")
        obs.start_stream()
        wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
        assert velora.journal.find("PUT")[0].json == {"title": "Evening show"}
        wait_until(lambda: text(obs) == "In Scene", what="the text on the picture", timeout=40)
        wait_until(lambda: page.state()["live"]["bitrate"], what="a bitrate", timeout=40)
        obs.stop_stream()
        wait_until(lambda: text(obs) == "soon", what="the text of before")
        obs.switch_profile("Other")
        wait_until(lambda: not page.offers_service(), what="the other profile")
        companion.enter("restore", "no previous streaming service")
        obs.switch_profile("Main")
        wait_until(page.offers_service, what="the first profile")
        companion.enter("restore", "rtmp://mine.test/app")
        assert obs.service_json() == OWN


def text(obs: Obs) -> str:
    settings = obs.request("GetInputSettings", {"inputName": "Crowd"})["inputSettings"]
    return str(settings["text"])


def test_password__wrong_one_right_one_and_none(
    display: Display, velora: Simulator, tmp_path: Path
) -> None:
    with started(display, None, websocket_password=PASSWORD) as obs:
        with Companion(velora, tmp_path, obs.websocket_port) as companion:
            companion.hears("asks for a password, and none is known")
        folder = tmp_path / ".config" / "obs-studio"
        folder.mkdir(parents=True)
        for password, said in (("wrong", "not accept the password"), (PASSWORD, "is connected")):
            text = f"[OBSWebSocket]\nServerPort={obs.websocket_port}\nServerPassword={password}\n"
            (folder / "global.ini").write_text(text)
            with Companion(velora, tmp_path, obs.websocket_port, "--from-obs") as companion:
                companion.hears(said)


def test_script_loaded_too__the_script_acts(world: World, tmp_path: Path) -> None:
    obs = world.start({"title": "The script's"})
    world.press("Configure Velora")
    arguments = ("--title", "The companion's")
    with Companion(world.velora, tmp_path, obs.websocket_port, *arguments) as companion:
        companion.hears("script is loaded in OBS")
        companion.enter("configure", "Nothing was done")
        obs.start_stream()
        wait_until(lambda: world.velora.journal.find("PUT"), what="a PUT")
        obs.stop_stream()
        assert [put.json["title"] for put in world.velora.journal.find("PUT")] == ["The script's"]
    world.quit_clean()
