"""A streamer who does anything in a real OBS, while Velora does anything as well."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from tests.contradictions import Shown, contradictions
from tests.e2e.world import World
from tests.harness import Profile, Widget
from tests.harness.widgets import lines
from tests.simulator import Fault
from velora_core.messages import message

__all__ = ["SETTINGS", "PanelWalk"]

SETTINGS: Final[Mapping[str, Any]] = {"title": "Hello", "by_plugin": True, "live_interval": 5}
"""What the script's fields hold before the first step."""
SECTIONS = ("Stream info", "Stream setup", "Presets", "Text on screen", "Account")
BUTTONS = (
    "check configure update_now load find_category star_category refresh use_rtmp use_my_key "
    "keep_this_key regenerate regenerate_yes regenerate_no restore put_back presets_more "
    "presets_less copy_key copy_key_yes copy_key_no"
)
"""Those that open no browser and leave nothing behind on the computer."""
LABELS = {message(f"button.{key}"): key for key in BUTTONS.split()}
_MAIN, _OTHER = "Main", "Other"


class Event(NamedTuple):
    """Something that may happen.

    Attributes:
        name: what it is called.
        act: does it.
        redraws: whether OBS draws the panel anew then.
    """

    name: str
    act: Callable[[], object]
    redraws: bool


class PanelWalk:
    """Does one thing after the other, and looks at the panel after each."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.events: list[str] = []
        self._live = False
        self._profile = _MAIN
        self._set_up: dict[str, bool] = {}  # by profile, whether it streams to Velora
        self._widgets: list[Widget] = []

    def begin(self) -> None:
        """Start OBS, with one profile that streams to Velora and one that streams nowhere."""
        service = self.world.velora_service()
        profiles = [Profile(_MAIN, service=service), Profile(_OTHER)]
        self.world.start(SETTINGS, profiles=profiles)
        self.world.press("Refresh")
        self._widgets = self.world.panel.widgets()

    def step(self) -> None:
        """Do one thing; raise `AssertionError` if the panel then contradicts how things are."""
        event = self.random.choice(self._possible())
        self.events.append(event.name)
        over = not self._live and not self._streams()
        event.act()
        self._widgets = self.world.panel.widgets()
        shown = self._shown()
        found = contradictions(shown)
        if over and event.redraws and "You have been live" in shown.live_line:
            found.append("the stream is over, and it says that it runs")
        dump = " ".join(shown.status.split()) + shown.live_line
        key = self.world.velora.account.stream_key
        found += [f"{secret} is shown" for secret in (self.world.token, key) if secret in dump]
        assert not found, f"{found}\n{shown}\nafter {self.events[-15:]}"

    def end(self) -> None:
        """Stop the stream that may run."""
        if self._live:
            self._stop()

    def _possible(self) -> list[Event]:
        panel = self.world.panel
        buttons = [
            Event(f"press {widget.name}", partial(panel.press, widget.name), True)
            for widget in self._widgets
            if widget.role == "push button"
            and widget.name in LABELS
            and widget.visible
            and widget.enabled
        ]
        happens = [
            Event("key changed on Velora", self.world.velora.account.regenerate, False),
            Event("a failure", self._fail, False),
            Event("all is well", self.world.velora.faults.clear, False),
        ]
        if self._live:
            happens.append(Event("stop", self._stop, False))
        else:
            happens += [
                Event("start", self._start, False),
                Event("another profile", self._switch_profile, False),
            ]
        shown = next((widget.name for widget in self._widgets if widget.label == "Show"), None)
        if shown is not None:
            # Choosing what is shown already is no change, for which OBS draws nothing anew.
            others = [section for section in SECTIONS if section != shown]
            happens += [
                Event(f"show {section}", partial(panel.choose, "Show", section), True)
                for section in self.random.sample(others, 2)
            ]
        return [*buttons, *happens]

    def _start(self) -> None:
        if not self._streams():  # the last one may still be ending
            self.world.obs.start_stream(wait=False)
        self._live = True

    def _stop(self) -> None:
        if self._streams():
            self.world.obs.request("StopStream")
        self._live = False

    def _streams(self) -> bool:
        return self.world.obs.stream_status().active

    def _switch_profile(self) -> None:
        self._profile = _OTHER if self._profile == _MAIN else _MAIN
        self.world.obs.switch_profile(self._profile)

    def _fail(self) -> None:
        status = self.random.choice([401, 403, 429, 500, 503])
        self.world.velora.faults.add(Fault.status("*", "", status=status, count=2))

    def _shown(self) -> Shown:
        texts = lines(self._widgets)
        service = self.world.obs.request("GetStreamServiceSettings")
        server = service["streamServiceSettings"].get("server", "")
        self._set_up[self._profile] = server == self.world.rtmp.url
        live = [
            text for text in texts if text.startswith(("You have been live", "Your stream lasted"))
        ]
        previous = [text for text in texts if text.startswith("Previous service")]
        return Shown(
            status=texts[0] if texts else "",
            live_line=live[0] if live else "",
            buttons=frozenset(
                LABELS[widget.name]
                for widget in self._widgets
                if widget.role == "push button" and widget.visible and widget.name in LABELS
            ),
            nobody=False,
            set_up=self._set_up,
            previous=previous[0] if previous else "",
        )
