"""The client against the simulated Velora, over real HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator import Fault, Simulator
from velora_core import VeloraClient, errors
from velora_core.api.endpoints import Endpoints
from velora_core.api.models import StreamInfoUpdate
from velora_core.api.transport import Limits

PATIENT = Limits(backoff=0.01, retry_after=0.2)
QUICK = PATIENT._replace(read=0.5, total=3)  # where no answer comes
INFO = ("GET", "/stream/info")
SEARCH = ("GET", "/categories/search")
REGENERATE = ("POST", "/stream/key/regenerate")

Connect = Callable[..., VeloraClient]


@pytest.fixture
def connect(velora: Simulator) -> Connect:
    def connect(*, limits: Limits = PATIENT, **token: Any) -> VeloraClient:
        return VeloraClient(
            velora.issue_token(**token), endpoints=Endpoints.at(velora.api_url), limits=limits
        )

    return connect


def test_setup__has_the_key_and_the_addresses(velora: Simulator, connect: Connect) -> None:
    setup = connect().get_stream_setup()
    assert setup.stream_key.reveal() == velora.account.stream_key
    assert setup.rtmp_url == "rtmp://ingest.velora.tv:1935/live"
    assert setup.whip_url is not None
    assert velora.account.stream_key in setup.whip_url.reveal()


def test_info__before_and_while_live(velora: Simulator, connect: Connect) -> None:
    client = connect()
    offline = client.get_stream_info()
    assert (offline.is_live, offline.title, offline.started_at) == (False, None, None)
    velora.account.viewers = 7
    assert velora.account.go_live(velora.account.stream_key)
    live = client.get_stream_info()
    assert (live.is_live, live.viewer_count) == (True, 7)
    assert live.started_at is not None
    assert abs(live.started_at.timestamp() - time.time()) < 60
    velora.account.tells_tags = False
    assert client.get_stream_info().tags is None


def test_update__changes_what_is_given_and_leaves_the_rest(
    velora: Simulator, connect: Connect
) -> None:
    client = connect()
    client.update_stream_info(title="One 🎮", category_slug="music", tags=["a", "A", "b"])
    client.update_stream_info(title="Two")
    info = client.get_stream_info()
    assert (info.title, info.category_name, info.tags) == ("Two", "Music", ("a", "b"))
    client.update_stream_info(tags=[])
    assert client.get_stream_info().tags == ()
    bodies = [request.json for request in velora.journal.find("PUT", "/stream/info")]
    assert bodies[1:] == [{"title": "Two"}, {"tags": []}]


def test_update__takes_titles_up_to_the_limit_and_many_tags(connect: Connect) -> None:
    client = connect()
    client.update_stream_info(title="x" * 140, tags=[f"tag {number}" for number in range(100)])
    assert len(client.get_stream_info().tags or ()) == 100


def test_categories__five_thousand(velora: Simulator, connect: Connect) -> None:
    velora.categories = [{"slug": f"c-{n}", "name": f"C {n}"} for n in range(5000)]
    velora.listed = None
    assert len(connect().get_categories()) == 5000


def test_categories__the_list_ends_at_a_hundred(connect: Connect) -> None:
    listed = [category.name for category in connect().get_categories()]
    assert len(listed) == 100
    assert "Just Chatting" in listed
    assert "Apex Construct" in listed
    assert not {"Apex Legends", "Minecraft", "Counter-Strike 2", "Pokémon"} & set(listed)


@pytest.mark.parametrize("under", ["categories", "results", "data", None])
def test_search__finds_what_the_list_does_not_have(
    velora: Simulator, connect: Connect, under: str | None
) -> None:
    velora.hits_under = under
    client = connect(scopes=[])
    assert client.search_categories("minecraft")[0].name == "Minecraft"
    assert client.search_categories("Counter-Strike 2")[0].slug == "counter-strike-2"
    assert client.search_categories("pokemon")[0].name == "Pokémon"
    assert [category.slug for category in client.search_categories("doom")][:2] == [
        "doom",
        "doom-2",
    ]
    assert len(client.search_categories("er", limit=7)) == 7
    assert [
        category.name for category in client.search_categories("legend of zelda:", limit=1)
    ] == ["The Legend of Zelda: Breath of the Wild"]


@pytest.mark.parametrize("text", ["", "x", " x\n", "\x00x\x00", "x" * 10_000, "🎮", "\ud800\udcff"])
def test_search__texts_that_are_not_sent(velora: Simulator, connect: Connect, text: str) -> None:
    with pytest.raises(errors.CategoryQueryInvalid):
        connect().search_categories(text)
    assert not velora.journal.find("GET", SEARCH[1])


@pytest.mark.parametrize(
    "text",
    ["🎮🎮", "100%", "%41%%", "a&limit=100000#x", "\nMine\r\ncraft\t", "x" * 100],
)
def test_search__odd_texts_are_only_texts(connect: Connect, text: str) -> None:
    assert connect().search_categories(text) == ()


HITS = [
    {"slug": f"c-{n}", "name": f"<b>C {n}</b>", "imageUrl": "https://a.test/x.jpg"}
    for n in range(5000)
]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ([None, 5, "x", [], {}, {"slug": None, "name": "A"}, {"slug": "a", "name": None}], []),
        (
            [{"slug": "a", "name": "A"}, {"slug": "a", "name": "B"}, {"slug": "b", "name": "A"}],
            ["A", "A"],
        ),
        ([{"slug": "a", "name": "A\u2028B"}, {"slug": "b", "name": "x" * 5000}], ["A B"]),
        ([{"slug": "a", "name": "A", "imageUrl": {"x": 1}}], ["A"]),
        ({"results": HITS}, [f"<b>C {n}</b>" for n in range(25)]),
        ({"categories": None, "data": [{"slug": "a", "name": "A"}]}, ["A"]),
    ],
)
def test_search__answers_that_are_partly_usable(
    velora: Simulator, connect: Connect, answer: Any, names: list[str]
) -> None:
    velora.faults.add(Fault.answer(*SEARCH, json.dumps(answer).encode()))
    assert [category.name for category in connect().search_categories("cc")] == names


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"<html>Please log in</html>", errors.BadJson),
        (b"null", errors.InvalidResponse),
        (b'{"categories": null}', errors.InvalidResponse),
        (b'"text"', errors.InvalidResponse),
        (b" " * (2 * 1024 * 1024), errors.ResponseTooLarge),
    ],
)
def test_search__answers_that_are_not_usable(
    velora: Simulator, connect: Connect, answer: bytes, kind: type[Exception]
) -> None:
    velora.faults.add(Fault.answer(*SEARCH, answer))
    with pytest.raises(kind):
        connect().search_categories("minecraft")


def test_search__that_is_gone_is_a_404(velora: Simulator, connect: Connect) -> None:
    velora.searches = False
    with pytest.raises(errors.NotFound, match="/api/categories/search"):
        connect().search_categories("minecraft")


def test_search__is_given_up_in_time(velora: Simulator, connect: Connect) -> None:
    velora.faults.add(Fault.hang(*SEARCH))
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        connect().search_categories("minecraft", seconds=0.2)
    assert time.monotonic() - started < PATIENT.read


def test_refused__all_that_is_wrong_is_told(velora: Simulator, connect: Connect) -> None:
    client = connect()
    wrong = StreamInfoUpdate(title="x" * 141, tags=("a", 5))  # type: ignore[arg-type]
    with pytest.raises(errors.Rejected, match=r"title must be .*; each value in tags must be"):
        client.send_stream_info(wrong)
    assert velora.account.title is None


def test_regenerate__the_old_key_dies(velora: Simulator, connect: Connect) -> None:
    old = velora.account.stream_key
    client = connect()
    new = client.regenerate_stream_key()
    assert new.reveal() == velora.account.stream_key != old
    assert not velora.account.go_live(old)
    assert client.get_stream_setup().stream_key == new


@pytest.mark.parametrize(
    "fault", [Fault.reset, Fault.close, Fault.reset_in_body, Fault.hang], ids=lambda f: f.__name__
)
def test_regenerate__is_asked_once_even_when_the_answer_is_lost(
    velora: Simulator, connect: Connect, fault: Any
) -> None:
    velora.faults.add(fault(*REGENERATE, after=True))
    client = connect(limits=QUICK if fault == Fault.hang else PATIENT)
    with pytest.raises(errors.TransportError):
        client.regenerate_stream_key()
    assert len(velora.journal.find(*REGENERATE)) == 1
    assert client.get_stream_setup().stream_key.reveal() == velora.account.stream_key


def test_profile(connect: Connect) -> None:
    profile = connect().get_profile()
    assert (profile.username, profile.display_name) == ("streamer", "The Streamer")
    assert profile.streaming_enabled is True


@pytest.mark.parametrize("explains", [True, False])
def test_403__both_meanings(velora: Simulator, connect: Connect, explains: bool) -> None:
    velora.explains_403 = explains
    limited = connect(scopes=["user:read"])
    with pytest.raises(errors.InsufficientScope, match="stream:key"):
        limited.get_stream_setup()
    with pytest.raises(errors.InsufficientScope, match="stream:write"):
        limited.update_stream_info(title="x")
    with pytest.raises(errors.Forbidden, match="either"):
        connect(scopes=[]).get_stream_info()
    velora.account.streaming_enabled = False
    with pytest.raises(errors.StreamingNotEnabled):
        connect().get_stream_setup()


def test_401__for_a_token_that_has_expired_or_never_was(
    velora: Simulator, connect: Connect
) -> None:
    with pytest.raises(errors.Unauthorized):
        connect(expires_in=-1).get_stream_info()
    unknown = VeloraClient("test_access_unknown", endpoints=Endpoints.at(velora.api_url))
    with pytest.raises(errors.Unauthorized):
        unknown.get_categories()


def test_404__names_the_category(connect: Connect) -> None:
    with pytest.raises(errors.CategoryNotFound, match="no-such"):
        connect().update_stream_info(category_slug="no-such")


@pytest.mark.parametrize("says_when", ["seconds", "date", "not"])
def test_429__of_the_sandbox(velora: Simulator, connect: Connect, says_when: Any) -> None:
    velora.rate_limit.per_minute, velora.rate_limit.says_when = 1, says_when
    client = connect()
    client.get_stream_info()
    with pytest.raises(errors.RateLimited) as failure:
        client.get_stream_info()
    # The body says it, too.
    assert failure.value.retry_after == pytest.approx(60, abs=5)
    assert len(velora.journal.find(*INFO)) == 2


BROKEN = {
    "html": Fault.answer(*INFO, b"<html>Please log in</html>", kind="text/html"),
    "empty": Fault.answer(*INFO, b""),
    "nested": Fault.answer(*INFO, b"[" * 500_000),
    "not utf-8": Fault.answer(*INFO, b'{"title": "\xff"}'),
    "50 MiB": Fault.answer(*INFO, b" " * (50 * 1024 * 1024)),
    "wrong types": Fault.answer(*INFO, b'{"title": 5, "isLive": "yes"}'),
    "reset": Fault.reset(*INFO),
    "reset in the body": Fault.reset_in_body(*INFO),
    "closed": Fault.close(*INFO),
    "hangs": Fault.hang(*INFO),
    "a byte at a time": Fault.trickle(*INFO, interval=0.1),
    "503": Fault.status(*INFO, status=503),
    "500 in HTML": Fault.answer(*INFO, b"<html>", status=500, kind="text/html"),
    "418 in HTML": Fault.answer(*INFO, b"<html>", status=418, kind="text/html"),
    "redirect": Fault.redirect(*INFO, "http://127.0.0.1:9/elsewhere"),
}
EXPECTED = {
    "html": errors.BadJson,
    "empty": errors.BadJson,
    "nested": errors.BadJson,
    "not utf-8": errors.BadJson,
    "50 MiB": errors.ResponseTooLarge,
    "wrong types": errors.InvalidResponse,
    "503": errors.ServerError,
    "500 in HTML": errors.ServerError,
    "418 in HTML": errors.Rejected,
    "redirect": errors.UnexpectedRedirect,
    "hangs": errors.TimedOut,
    "a byte at a time": errors.TimedOut,
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers__are_one_clear_error_each(
    velora: Simulator, connect: Connect, name: str
) -> None:
    velora.faults.add(BROKEN[name])
    expected = EXPECTED.get(name, errors.TransportError)
    client = connect(limits=QUICK if expected is errors.TimedOut else PATIENT)
    with pytest.raises(expected) as failure:
        client.get_stream_info()
    assert "test_access" not in str(failure.value)
    velora.faults.clear()
    assert client.get_stream_info().is_live is False  # and it goes on as if nothing had been


def test_short_trouble__is_not_even_noticed(velora: Simulator, connect: Connect) -> None:
    velora.faults.add(Fault.status(*INFO, status=503, count=2))
    connect().get_stream_info()
    velora.faults.add(Fault.reset(*INFO, count=1))
    connect().get_stream_info()
    assert len(velora.journal.find(*INFO)) == 5


def test_slow__but_in_time(velora: Simulator, connect: Connect) -> None:
    velora.faults.add(Fault.latency(*INFO, seconds=0.2))
    started = time.monotonic()
    connect().get_stream_info()
    assert time.monotonic() - started >= 0.2
