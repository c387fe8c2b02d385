"""What the extension may say, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from velora_hosts.xsplit.streams import News, XsplitStream, news_from, same_server

HERE = {"name": "Velora", "server": "rtmp://ingest.test:1935"}


def test_news() -> None:
    recording = {"name": "Local Recording", "server": ""}
    found = news_from({"began": True, "streams": [HERE, recording]})
    assert found == News((XsplitStream(*HERE.values()), XsplitStream("Local Recording", "")), True)
    assert news_from({"began": False, "streams": []}) == News(())


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"streams": []},
        {"began": 1, "streams": []},
        {"began": True, "streams": {}},
        {"began": True, "streams": [HERE] * 21},
        {"began": True, "streams": ["x"]},
        {"began": True, "streams": [{"name": "x"}]},
        {"began": True, "streams": [{**HERE, "key": "live_test_key"}]},
        {"began": True, "streams": [{**HERE, "name": 1}]},
        {"began": True, "streams": [{**HERE, "name": "x" * 201}]},
        {"began": True, "streams": [{**HERE, "server": None}]},
        {"began": True, "streams": [{**HERE, "server": "rtmp://ingest.test/live"}]},
        {"began": True, "streams": [{**HERE, "server": "rtmp://me:live_test_key@ingest.test"}]},
        {"began": True, "streams": [{**HERE, "server": "rtmp://" + "x" * 300}]},
        {"began": True, "streams": [], "more": 1},
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
