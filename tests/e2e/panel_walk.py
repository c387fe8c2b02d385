"""A streamer who does anything in a real OBS, while Velora does anything as well."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.contradictions import Shown, contradictions
from tests.e2e.world import World
from tests.harness import Widget
from tests.simulator import Fault
from velora_core.messages import message

__all__ = ["PanelWalk"]

SECTIONS = ("Stream info", "Stream setup", "Presets", "Text on screen", "Account")
BUTTONS = (
    "check configure update_now load find_category star_category refresh use_rtmp use_my_key "
    "keep_this_key regenerate regenerate_yes regenerate_no restore put_back presets_more "
    "presets_less copy_key copy_key_yes copy_key_no"
)
"""Those that open no browser and leave nothing behind on the computer."""
LABELS = {message(f"button.{key}"): key for key in BUTTONS.split()}

Event = tuple[str, Callable[[], object], bool]
"""What it is called, what does it, and whether OBS draws the panel anew then."""


class PanelWalk:
    """Does one thing after the other, and looks at the panel after each."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.story: list[str] = []
        self._live = False

    def step(self) -> None:
        """Do one thing; raise `AssertionError` if the panel then contradicts how things are."""
        widgets = self.world.panel.widgets()
        name, act, redraws = self.random.choice(self._possible(widgets))
        self.story.append(name)
        act()
        shown = self._look(redraws=redraws)
        found = contradictions(shown)
        dump = " ".join(shown.status.split()) + shown.live_line
        key = self.world.velora.account.stream_key
        found += [f"{secret} is shown" for secret in (self.world.token, key) if secret in dump]
        assert not found, f"{found}\n{shown}\nafter {self.story[-15:]}"

    def end(self) -> None:
        """Stop the stream that may run."""
        if self._live:
            self._stop()

    def _possible(self, widgets: list[Widget]) -> list[Event]:
        panel = self.world.panel
        buttons: list[Event] = [
            (f"press {widget.name}", partial(panel.press, widget.name), True)
            for widget in widgets
            if widget.role == "push button"
            and widget.name in LABELS
            and widget.visible
            and widget.enabled
        ]
        happens: list[Event] = [
            ("key changed on Velora", self.world.velora.account.regenerate, False),
            ("a failure", self._fail, False),
            ("all is well", self.world.velora.faults.clear, False),
            ("stop", self._stop, False) if self._live else ("start", self._start, False),
        ]
        if any(widget.label == "Show" for widget in widgets):
            happens += [
                (f"show {section}", partial(panel.choose, "Show", section), True)
                for section in self.random.sample(SECTIONS, 2)
            ]
        return [*buttons, *happens]

    def _start(self) -> None:
        self.world.obs.start_stream(wait=False)
        self._live = True

    def _stop(self) -> None:
        if self._streams():
            self.world.obs.request("StopStream")
        self._live = False

    def _streams(self) -> bool:
        return bool(self.world.obs.request("GetStreamStatus")["outputActive"])

    def _fail(self) -> None:
        status = self.random.choice([401, 403, 429, 500, 503])
        self.world.velora.faults.add(Fault.status("*", "", status=status, count=2))

    def _look(self, *, redraws: bool) -> Shown:
        widgets = self.world.panel.widgets()
        texts = self.world.panel.texts()
        service: dict[str, Any] = self.world.obs.request("GetStreamServiceSettings")
        server = service["streamServiceSettings"].get("server", "")
        live = [
            text for text in texts if text.startswith(("You have been live", "Your stream lasted"))
        ]
        return Shown(
            status=texts[0] if texts else "",
            live_line=live[0] if live else "",
            buttons=frozenset(
                LABELS[widget.name]
                for widget in widgets
                if widget.role == "push button" and widget.visible and widget.name in LABELS
            ),
            nobody=False,
            set_up=server == self.world.rtmp.url if redraws else None,
        )
