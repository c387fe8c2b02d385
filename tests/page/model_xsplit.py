"""A model of what XSplit gives to a page that it shows, after the calls of its own library, xjs.

Not XSplit: whether a present XSplit still gives all of it to a page from an address is not known.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from tests.page.driver import PageBrowser

__all__ = ["STREAM_KEY", "ModelXsplit"]

STREAM_KEY = "live_test_in_xsplit"
_HOST = """
const answers = %s;
let number = 41;
Object.defineProperty(window, "external", { configurable: true, value: {
    answers,
    AppGetPropertyAsync(name) {
        const asked = ++number;
        const answer = encodeURIComponent(answers[name] ?? "");
        setTimeout(() => window.OnAsyncCallback(asked, answer), 5);
        return asked;
    },
    GetGlobalProperty: (name) => answers[name] ?? "",
    AppSubscribeEvents() {},
} });
"""


def _channel(name: str, server: str) -> str:
    """Return how XSplit describes an output, with all that nobody else is to know."""
    where = f'rtmpUrl="{escape(server)}" streamName="{STREAM_KEY}" ' if server else ""
    return (
        f'<channel serviceName="RTMP" name="{escape(name)}" displayName="{escape(name)}" {where}'
        f'username="me" password="test_password" channel="{STREAM_KEY}" extraConfig="\\rtmp_2ch:1">'
        f'<configuration><video codec="x264"/></configuration></channel>'
    )


def _scenes(names: tuple[str, ...]) -> str:
    """Return how XSplit describes all scenes, with what nobody else is to know of their sources."""
    source = f'<item type="8" item="https://alerts.test/?token={STREAM_KEY}"/>'
    scenes = (
        f'<placement name="{escape(name)}" id="{{ID-{place}}}" defpos="0">{source}</placement>'
        for place, name in enumerate(names)
    )
    return f'<configuration cur="0">{"".join(scenes)}</configuration>'


class ModelXsplit:
    """Gives its calls to each page that the browser opens from now on."""

    def __init__(self, browser: PageBrowser) -> None:
        self._browser = browser
        self._script = ""
        self.scenes: tuple[str, ...] = ("Be right back", "Playing & talking")
        self.scene = 0

    def _answers(self) -> dict[str, str]:
        return {"scene:0": str(self.scene), "sceneconfig": _scenes(self.scenes), "splitmode": "0"}

    def start(self, running: dict[str, str] | None = None) -> None:
        """Be there, with outputs that run already: servers by their names."""
        self.stop()
        found = "".join(
            f'<channel name="{escape(name)}"><stat video="1"/>{_channel(name, server)}</channel>'
            for name, server in (running or {}).items()
        )
        answers = {"recstat": f"<stat>{found}</stat>", **self._answers()}
        source = _HOST % json.dumps(answers)
        added = self._browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=source)
        self._script = added["identifier"]

    def stop(self) -> None:
        """Be there no longer, for pages that are opened from now on."""
        if self._script:
            order = "Page.removeScriptToEvaluateOnNewDocument"
            self._browser.devtools(order, identifier=self._script)
            self._script = ""

    def begins(self, name: str, server: str = "") -> None:
        """Tell the page that an output has begun."""
        self._send_event("StreamStart", {"ChannelName": name, "Settings": _channel(name, server)})

    def ends(self, name: str, server: str = "") -> None:
        """Tell the page that an output has ended."""
        about = {"ChannelName": name, "Settings": _channel(name, server), "StreamTime": 54500}
        self._send_event("StreamEnd", about)

    def shows(self, scene: int, *, split: bool = False) -> None:
        """Show another scene, or prepare one beside it, and tell the page that something did."""
        self.scene = scene
        answers = {**self._answers(), "splitmode": str(int(split))}
        script = (
            "Object.assign(window.external.answers, arguments[0]);"
            "window.AppOnEvent('SceneChange', '0', arguments[1])"
        )
        self._browser.run(script, answers, str(scene))

    def _send_event(self, event: str, about: dict[str, Any]) -> None:
        script = (
            "window.SetEvent(`event=${arguments[0]}&info=` +"
            "encodeURIComponent(JSON.stringify(arguments[1])))"
        )
        self._browser.run(script, event, about)

    def raw(self, text: str) -> None:
        """Tell the page something else."""
        self._browser.run("window.SetEvent(arguments[0])", text)
