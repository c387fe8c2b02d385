"""Whatever happens in whatever order, the panel never contradicts itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.contradictions import QUESTIONS, Shown, contradictions
from tests.unit.fakes import KEY, NEW_KEY, OTHER, RTMP, TOKEN, FakeHost, FakeVelora, run
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.account import TokenOrigin
from velora_core.app.state import State
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.panel.elements import Action, Kind, Panel
from velora_core.panel.json import panel_to_json
from velora_core.secret import Secret
from velora_hosts.obs.service import Service, destination_of

STEPS = 1000
SEEDS = (1, 20, 300)
SECRETS = (TOKEN, KEY, NEW_KEY, "live_test_other", "live_test_strange", "test_client_secret")


class Walk:
    """A streamer, an OBS and a Velora that do anything."""

    def __init__(self, app: Application, host: FakeHost, velora: FakeVelora, seed: int) -> None:
        self.app, self.host, self.velora = app, host, velora
        self.random = random.Random(seed)
        self.steps: list[str] = []

    def step(self) -> None:
        name, event = self.random.choice(self.events())
        self.steps.append(name)
        event()
        self.app.process_ui_queue()
        panel, state = self.drawn()
        for found in self.contradictions(panel, state):
            pytest.fail(f"{found}\n{panel.find('status').text}\nafter {self.steps[-25:]}")

    def drawn(self) -> tuple[Panel, State]:
        """Return the panel, and the state that it was made of: other threads change that."""
        while True:
            before = self.app.state
            panel = self.app.panel(drawn=True)
            if self.app.state is before:
                return panel, before

    def events(self) -> list[tuple[str, Callable[[], object]]]:
        panel = self.app.panel()
        shown = panel.shown()
        buttons = [
            (f"press {button.key}", lambda button=button: self.press(button.action))
            for button in panel.walk()
            if button.action and button.key in shown and button.enabled
        ]
        typed: dict[str, list[Any]] = {
            "title": ["", "Hello", "x" * 150],
            "tags_entry": ["", "one, two", "W" * 200],
            "category_entry": ["", "Music", "nothing like it"],
            "section": [option.value for option in panel.find("section").options],
            "protocol": ["rtmp", "srt", "whip"],
            "by_plugin": [True, False],
            "access_token": ["", TOKEN, "two words", f"Bearer {TOKEN}", KEY],
            "client_secret": ["test_client_secret"],
        }
        fields = [
            (f"type {str(text)[:12]!r} into {key}", lambda k=key, t=text: self.app.edit({k: t}))
            for key, texts in typed.items()
            for text in texts
            if key in shown
        ]
        happens: list[tuple[str, Callable[[], object]]] = [
            ("start", self.start),
            ("stop", lambda: self.stop(EndReason.NORMAL)),
            ("refused", lambda: self.stop(EndReason.REFUSED)),
            ("lost", lambda: self.stop(EndReason.UNREACHABLE)),
            ("opened", self.app.panel_opened),
            ("another service", lambda: self.use(OTHER)),
            ("a strange key", lambda: self.use(_strange())),
            ("another profile", self.change_profile),
            ("a failure", self.fail),
            ("key changed on Velora", self.change_key),
            ("live on Velora", lambda: self.channel(is_live=True)),
            ("offline on Velora", lambda: self.channel(is_live=False)),
        ]
        return [*buttons, *buttons, *fields, *happens]

    def press(self, action: Action) -> None:
        job = self.app.press(action)
        assert job.wait(5)
        self.app.wait_for(job)

    def start(self) -> None:
        if not self.host.live:
            self.app.stream_starting()
            self.host.live = True
            self.app.stream_started()

    def stop(self, end: EndReason) -> None:
        self.host.live = False
        self.app.stream_stopped(end)

    def use(self, service: Service) -> None:
        if not self.host.live:
            self.host.services[self.host.current_profile] = service

    def change_profile(self) -> None:
        if not self.host.live:
            self.host.current_profile = self.random.choice(["Main", "Second"])
            self.app.profile_changed()

    def change_key(self) -> None:
        key = self.random.choice([KEY, NEW_KEY])
        self.velora.setup = self.velora.setup._replace(stream_key=Secret(key))

    def channel(self, *, is_live: bool) -> None:
        self.velora.info = StreamInfo("Theirs", "Music", "music", is_live, 3 if is_live else 0)

    def fail(self) -> None:
        failure = self.random.choice(
            [errors.TimedOut(), errors.Unauthorized(), errors.StreamingNotEnabled()]
        )
        name = self.random.choice(["setup", "info", "update", "categories"])
        self.velora.failures[name] = [failure]

    def contradictions(self, panel: Panel, state: State) -> list[str]:
        found = []
        status = panel.find("status").text
        kinds = {element.key: element.kind for element in panel.walk()}
        shown = {key for key in panel.shown() if kinds[key] is not Kind.KEPT}
        nobody = state.account.origin is TokenOrigin.NONE
        addresses = state.addresses
        set_up = {
            name: bool(addresses and addresses.own(destination_of(service)))
            for name, service in self.host.services.items()
        }
        found += contradictions(
            Shown(
                status=status,
                live_line=panel.find("live_line").text if "live_line" in shown else "",
                buttons=frozenset(key for key in shown if kinds[key] is Kind.BUTTON),
                nobody=nobody,
                set_up=set_up,
                previous=panel.find("previous").text if "previous" in shown else "",
            )
        )
        for field, name in (("confirming", "regenerate_sure"), ("copying_key", "copy_key_sure")):
            question = QUESTIONS[f"status.{name}"]
            if getattr(state, field) is not (shown == question | {"status"}):
                found.append(f"the question does not stand alone: {shown}")
        live = panel.find("live_line")
        if "live_line" in shown and ("You have been live" in live.text) is not bool(
            state.live and state.live.is_live
        ):
            found.append("the live line is out of date")
        ways = {"access_token", "use_token", "client_id"} & shown
        asks = (
            nobody
            and not state.confirming
            and not state.copying_key
            and panel.find("section").value == "account"
        )
        if asks and ("sign_in" not in shown or not ways):
            found.append(f"no way to sign in: {shown}")
        for element in panel.walk():
            if element.key in shown and not element.enabled and not element.help:
                found.append(f"nobody says why {element.key} is grey")
        drawn = panel_to_json(panel)
        found += [f"{secret} is shown" for secret in SECRETS if secret in drawn]
        return found


def _strange() -> Service:
    return Service("rtmp_custom", {"server": RTMP, "key": "live_test_strange"})


@pytest.mark.parametrize("seed", SEEDS)
def test_walk(
    make: Any, host: FakeHost, velora: FakeVelora, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.sign_in._TYPING_DELAY", 0.0)
    app: Application = make(HOME="/nowhere")
    app.wait_for(app._opening)
    run(app, app.actions.refresh())
    walk = Walk(app, host, velora, seed)
    for _ in range(STEPS // len(SEEDS) + 1):
        walk.step()
