"""States of the page, made by the panel: what a streamer meets from the first look to the air."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from velora_core.api.models import Category
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.live_status import LiveStatus, Viewers
from velora_core.app.state import Previous, State, StatusLevel, StreamSettings
from velora_core.app.stream_health import StreamHealth
from velora_core.auth.scopes import SCOPES
from velora_core.features.page import PageView
from velora_core.messages import message
from velora_core.panel.facts import Facts
from velora_core.panel.sections import build_sections
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import Preset
from velora_core.web.state import state_to_plain

__all__ = ["HITS", "STATES", "page_state"]

SIGNED_IN = Account(TokenOrigin.SIGNED_IN, "Some Body", 0.0, frozenset(SCOPES))
SIGNED_IN_SAID = message("status.signed_in", name="Some Body", next=message("next.configure"))
SET_UP_SAID = message(
    "status.configured",
    host="OBS",
    server="rtmp://ingest.velora.tv:1935/live",
    key="••••z789",
    in_profile=message("status.in_profile", profile="Untitled"),
)
FACTS = Facts("main", ("rtmp", "srt", "whip"), ("Banner", "Count"), host="OBS", set_up=True)
CATEGORIES = (
    Category("software", "Software & Game Development"),
    Category("music", "Music"),
    Category("just-chatting", "Just Chatting"),
)
SETTINGS = StreamSettings(
    title="Building a chat bot in one evening, from nothing to the first answer",
    category="software",
    category_name="Software & Game Development",
    tags=("english", "coding", "beginners welcome"),
)
PRESETS = (
    Preset("p1", "Coding", PresetContent(SETTINGS.title, "software", "", ())),
    Preset("p2", "Just talking", PresetContent("Coffee and questions", "just-chatting", "", ())),
    Preset("p3", "Speedrun", PresetContent("Any percent", "music", "", ())),
)
HITS: list[dict[str, Any]] = [
    {"slug": "software", "name": "Software & Game Development", "picture": None, "starred": True},
    {"slug": "music", "name": "Music", "picture": "/icon.svg", "starred": False},
    {"slug": "just-chatting", "name": "Just Chatting", "picture": None, "starred": False},
]


def page_state(
    state: State, settings: StreamSettings = SETTINGS, facts: Facts = FACTS, **live: Any
) -> dict[str, Any]:
    """Return what the page gets for a state of the application's.

    Args:
        state: where things stand.
        settings: what the fields hold.
        facts: the rest.
        live: what is to be said of the running stream instead of what the state has.
    """
    view = PageView(state, settings, (), ())
    plain = state_to_plain(view, build_sections(state, settings, facts), host="OBS")
    plain["live"] |= live
    return {**plain, "now": time.time(), "sentences": _sentences(state)}


def _sentences(state: State) -> list[dict[str, Any]]:
    begun = time.time() - 3000
    said = (
        (SIGNED_IN_SAID, "normal"),
        (SET_UP_SAID, "normal"),
        (message("error.timeout"), "error"),
        (message("health.losses", share="1.4%"), "warning"),
        (state.status, state.tone.value),
    )
    return [
        {"at": begun + 431 * number, "text": text, "tone": tone}
        for number, (text, tone) in enumerate(said)
    ]


def _live() -> dict[str, Any]:
    viewers = Viewers().with_sample(57, 0.0).with_sample(42, 3000.0)
    now = time.time()
    status = LiveStatus(
        True, viewers, 3725.0, SETTINGS.title, "Software & Game Development", now, pushed=True
    )
    counts = [3, 8, 12, 18, 22, 21, 27, 33, 38, 36, 44, 51, 57, 55, 49, 47, 45, 46, 44, 42]
    state = State(
        message("status.updated", info=f"the title “{SETTINGS.title}”"),
        account=SIGNED_IN,
        categories=CATEGORIES,
        presets=PRESETS,
        preset="p1",
        live=status,
        health=StreamHealth(bitrate=5980.0, lost=0.0004),
        before=PresetContent("Before", None, "", None),
    )
    return page_state(
        state,
        SETTINGS._replace(preset="p1"),
        on_air=True,
        since=now - 3725,
        viewers=42,
        curve=[[now - 3725 + 190 * at, count] for at, count in enumerate(counts)],
        bitrate=5980,
        lost=12,
        frames=111_750,
        share=12 / 111_750,
        peak=57,
        average=38,
        title=SETTINGS.title,
        category=SETTINGS.category_name,
        trouble="",
    )


def _states() -> Mapping[str, dict[str, Any]]:
    out = State(
        message("status.welcome", next=message("next.configure")), account=Account(TokenOrigin.NONE)
    )
    signed_in = State(
        SIGNED_IN_SAID,
        account=SIGNED_IN,
        categories=CATEGORIES,
    )
    set_up = signed_in._replace(
        status=SET_UP_SAID,
        presets=PRESETS,
        previous={"main": Previous("Twitch (key ••••9c1f)", "24 November", 2)},
    )
    managing = set_up._replace(managing=True, recent=(PresetContent("One", "music", "", ("a",)),))
    nothing = StreamSettings()
    less = FACTS._replace(host="vMix", set_up=False, sets=False, told=True, texts=False)
    copying = set_up._replace(copying_key=True, tone=StatusLevel.WARNING)
    return {
        "signed out": page_state(out, nothing, FACTS._replace(set_up=False)),
        "signed in": page_state(signed_in, nothing, FACTS._replace(set_up=False)),
        "own app": page_state(out, nothing._replace(way="app"), FACTS._replace(set_up=False)),
        "set up": page_state(set_up),
        "managing": page_state(
            managing, SETTINGS._replace(preset="p2", text_source="Count", texts={"Count": "{x}"})
        ),
        "deleting": page_state(managing._replace(deleting="p2"), SETTINGS._replace(preset="p2")),
        "live": _live(),
        "asked": page_state(set_up._replace(confirming=True, tone=StatusLevel.WARNING)),
        "set up by hand": page_state(set_up, SETTINGS, less._replace(scenes=False)),
        "key asked for": page_state(copying, SETTINGS, less),
        "foreign key": page_state(set_up._replace(asking="main")),
    }


STATES = _states()
"""By what the streamer has come to."""
