"""Plants secrets, runs every flow and its failures in a real OBS, and searches for them."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.test_sign_in import SignInWorld
from tests.harness import Browser, Display, Profile, wait_until
from tests.managed import Managed
from tests.simulator import Fault

ANY = ("*", "")
UPDATE = ("PUT", "/stream/info")


class CommandLines(Managed):
    """Looks at OBS's command line, and at those of all it starts, again and again."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._end = threading.Event()
        self.seen: set[str] = set()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        strangers: set[str] = set()  # who is none of OBS's children never becomes one
        while not self._end.wait(0.02):
            family = {str(self._pid)}
            running = set(filter(str.isdigit, os.listdir("/proc")))
            strangers &= running
            for entry in sorted(running - strangers, key=int):
                with suppress(OSError, IndexError):
                    stat = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                    if entry not in family and stat[1] not in family:
                        strangers.add(entry)
                    else:
                        family.add(entry)
                        line = Path(f"/proc/{entry}/cmdline").read_bytes()
                        self.seen.add(line.replace(b"\0", b" ").decode(errors="replace"))


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def _secrets(world: SignInWorld, pasted: str) -> dict[str, str]:
    """Return all that must not be found, by what it is."""
    found = {"pasted token": pasted}
    account = world.velora.account
    found["first stream key"] = "live_test_key_0000"
    found["stream key"] = account.stream_key
    found["WHIP address"] = account.whip_url.format(key=account.stream_key)
    assert world.app.client_secret
    found["client secret"] = world.app.client_secret
    for number, request in enumerate(world.velora.journal.find("POST", "/oauth/token")):
        for name in ("code", "code_verifier", "refresh_token", "client_secret"):
            if name in request.json:
                found[f"{name} {number}"] = request.json[name]
    for number, request in enumerate(world.velora.journal.find()):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token:
            found[f"access token of request {number}"] = token
    assert any(name.startswith("code_verifier") for name in found)
    assert any(name.startswith("refresh_token") for name in found)
    return found


def _failures(world: SignInWorld) -> Iterator[str]:
    """Press every button while Velora misbehaves in every way; the panel's texts."""
    key = world.velora.account.stream_key
    echo = json.dumps({"message": f"Bad token {world.token} and key {key}"}).encode()
    for fault in (
        Fault.answer(*ANY, echo, status=400),
        Fault.answer(*ANY, echo, status=403),
        Fault.status(*ANY, status=401),
        Fault.status(*ANY, status=404),
        Fault.status(*ANY, status=429),
        Fault.status(*ANY, status=500),
        Fault.answer(*ANY, json.dumps({"streamKey": key, "rtmpUrl": 5}).encode()),
        Fault.answer(*ANY, b"<html>"),
        Fault.reset(*ANY),
        Fault.close(*ANY),
    ):
        world.velora.faults.clear()
        world.velora.faults.add(fault)
        for button in ("Configure Velora", "Update now", "Refresh"):
            world.panel.press(button)
            yield world.panel.dump()
    world.velora.faults.clear()


def test_zero_hits(display: Display, tmp_path: Path, browser: Browser) -> None:
    texts: list[str] = []
    with SignInWorld(display, tmp_path) as world:
        world.velora.register(world.app)
        obs = world.start(
            {"title": "Hello", "redirect_port": world.port},
            token=False,
            arguments=("--verbose",),
            environment=world.button.environment,
            profiles=[Profile(service=world.velora_service())],
        )
        pasted = world.velora.issue_token()
        world.token = pasted
        panel = world.panel
        with CommandLines(obs.pid) as lines:
            panel.paste("Access token", pasted)
            for button in ("Configure Velora", "Update now", "Refresh"):
                world.press(button)
                texts.append(panel.dump())
            texts += _failures(world)
            world.press("Sign out")
            world.press("Sign in with Velora")
            panel.paste("Client ID", world.app.client_id)
            panel.paste("Client secret", world.app.client_secret or "")
            browser.open(world.begin())
            texts.append(browser.submit("Deny") + browser.source())
            world.velora.faults.add(Fault.status("POST", "/oauth/token", status=500, count=1))
            texts.append(world.sign_in(browser) + browser.source())
            texts.append(world.sign_in(browser) + browser.source())
            texts += world.redraw()
            world.press("Configure Velora")
            world.stream(1.0)
            stored = world.stored_sign_in()
            world.velora.tokens.expire(stored["access_token"])
            world.press("Refresh")
            assert world.velora.refreshes == 1
            world.velora.account.regenerate()  # the key in OBS is stale now
            before = len(world.updates())
            obs.start_stream(wait=False)
            wait_until(lambda: len(world.updates()) > before, what="the title of that stream")
            with suppress(AssertionError):
                panel.answer("OK")
            world.velora.tokens.revoke_all()
            world.press("Refresh")
            texts.append(panel.dump())
            texts.append(panel.script_log_text() if panel.script_log_shown else "")
        report = obs.quit()
        assert report.orderly

        secrets = _secrets(world, pasted)
        places = {"the panel, pages and script log": "\n".join(texts)}
        places["command lines"] = "\n".join(lines.seen)
        for file in obs.home.rglob("*"):
            if file.is_file() and "velora-obs" not in file.parts:
                places[str(file.relative_to(obs.home))] = file.read_bytes().decode(errors="replace")
        assert any(name.endswith("Main.json") for name in places)
        assert any("/logs/" in name for name in places)
        hits = [
            f"{what} in {place}"
            for place, text in places.items()
            for what, secret in secrets.items()
            if secret in text and not (place.endswith(_OBS_OWN) and "stream key" in what)
        ]
        assert hits == []


# Where OBS itself keeps a service's key.
_OBS_OWN = ("service.json", "service.json.bak")
