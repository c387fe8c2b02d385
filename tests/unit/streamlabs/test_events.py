"""What is kept of Streamlabs's events while they wait to be handled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from velora_hosts.companion.software import Links
from velora_hosts.streamlabs.connection import Connection
from velora_hosts.streamlabs.link import StreamlabsLink


def test_event_nobody_subscribed_to__does_not_wait(tmp_path: Path) -> None:
    make = cast("Callable[..., Any]", None)
    links = Links(make, lambda *_: None)
    link = StreamlabsLink("Streamlabs", links, doors=(), folder=tmp_path)
    nobody = cast("Connection", None)
    link._note(nobody, "x" * 100_000, None)
    assert link._turns.empty()
    link._note(nobody, "ScenesService.sceneSwitched", {"id": "x", "name": "Game"})
    assert not link._turns.empty()
