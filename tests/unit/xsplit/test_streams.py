"""What the extension may say, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core.host.host import HostScene
from velora_hosts.xsplit.streams import News, XsplitStream, news_from, same_server

HERE = {"name": "Velora", "server": "rtmp://ingest.test:1935"}
NEWS: dict[str, Any] = {"began": False, "streams": [], "scene": None}
NO_STREAMS: list[Any] = [
    {},
    [HERE] * 21,
    ["x"],
    [{"name": "x"}],
    [{**HERE, "key": "live_test_key"}],
    [{**HERE, "name": 1}],
    [{**HERE, "name": "x" * 201}],
    [{**HERE, "server": None}],
    [{**HERE, "server": "rtmp://ingest.test/live"}],
    [{**HERE, "server": "rtmp://me:live_test_key@ingest.test"}],
    [{**HERE, "server": "rtmp://" + "x" * 300}],
]
GAME = {"name": "Game", "id": "{1}"}
NO_SCENES: list[Any] = [
    "Game",
    {},
    {"name": "Game"},
    {**GAME, "name": ""},
    {**GAME, "name": None},
    {**GAME, "name": "x" * 201},
    {**GAME, "id": 1},
    {**GAME, "id": "1" * 65},
    {**GAME, "key": "live_test_key"},
]


def test_news() -> None:
    recording = {"name": "Local Recording", "server": ""}
    found = news_from({**NEWS, "began": True, "streams": [HERE, recording]})
    assert found == News((XsplitStream(*HERE.values()), XsplitStream("Local Recording", "")), True)
    assert news_from(NEWS) == News(())
    assert news_from({**NEWS, "scene": GAME}).scene == HostScene("Game", "{1}")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"streams": []},
        {"began": True, "streams": []},
        {**NEWS, "began": 1},
        {**NEWS, "more": 1},
        *({**NEWS, "streams": streams} for streams in NO_STREAMS),
        *({**NEWS, "scene": scene} for scene in NO_SCENES),
    ],
)
def test_news__that_are_none(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        news_from(body)


@pytest.mark.parametrize(
    ("server", "address", "same"),
    [
        ("rtmp://ingest.test:1935", "rtmp://ingest.test/live", True),
        ("rtmp://ingest.test", "rtmp://INGEST.test:1935/live", True),
        ("rtmp://ingest.test", "rtmps://ingest.test/live", False),
        ("rtmp://ingest.test:1936", "rtmp://ingest.test/live", False),
        ("rtmp://other.test", "rtmp://ingest.test/live", False),
        ("rtmp://ingest.test:x", "rtmp://ingest.test/live", False),
        ("", "", False),
    ],
)
def test_server(server: str, address: str, same: bool) -> None:
    assert same_server(server, address) is same
