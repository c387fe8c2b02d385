"""Tokens that are refreshed in time, once, and kept before they are used."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant, RefreshingTokens
from velora_core.errors import (
    NotSignedIn,
    SignInEnded,
    SignInRefused,
    SignInStale,
    TransportError,
)
from velora_core.secret import Secret

CLIENT = ClientCredentials("test-client-id")


def sign_in(number: int, *, left: float = 3600.0, refresh: bool = True) -> Grant:
    tokens = Tokens(
        Secret(f"test_access_{number}"),
        Secret(f"test_refresh_{number}") if refresh else None,
        time.time() + left,
        frozenset({"stream:read"}),
    )
    return Grant(CLIENT, tokens, "Some Body", 0.0)


class FakeOAuth:
    """Gives the tokens of the next number, or what a test wants."""

    def __init__(self) -> None:
        self.refreshed: list[str] = []
        self.failures: list[Exception] = []
        self.scopes: frozenset[str] | None = None
        self.events: list[str] = []
        self.pause = 0.0
        self.lifetime = 3600.0

    def refresh(self, _: ClientCredentials, token: Secret) -> Tokens:
        self.refreshed.append(token.reveal())
        time.sleep(self.pause)
        if self.failures:
            raise self.failures.pop(0)
        number = int(token.reveal().rpartition("_")[2]) + 1
        return sign_in(number, left=self.lifetime).tokens._replace(scopes=self.scopes)

    def until_stored(self) -> AbstractContextManager[None]:
        return nullcontext()


class Kept:
    def __init__(self) -> None:
        self.stored: list[Grant] = []
        self.took: list[Grant] = []
        self.ended = 0
        self.works = True

    def keep(self, sign_in: Grant) -> bool:
        if self.works:
            self.stored.append(sign_in)
        return self.works

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def oauth() -> FakeOAuth:
    return FakeOAuth()


@pytest.fixture
def kept() -> Kept:
    return Kept()


def signed_in(start: Grant, oauth: FakeOAuth, kept: Kept, stored: Any = None) -> RefreshingTokens:
    return RefreshingTokens(
        start,
        oauth,  # type: ignore[arg-type]
        save=kept.keep,
        load=lambda: kept.stored[-1] if kept.stored else stored,
        on_loaded=kept.took.append,
        on_revoked=kept.end,
    )


def test_fresh__is_used_as_it_is(oauth: FakeOAuth, kept: Kept) -> None:
    assert signed_in(sign_in(1), oauth, kept).token() == Secret("test_access_1")
    assert oauth.refreshed == []


@pytest.mark.parametrize("left", [9.0, 0.0, -100_000.0])
def test_about_to_end__is_refreshed_and_kept_first(
    oauth: FakeOAuth, kept: Kept, left: float
) -> None:
    tokens = signed_in(sign_in(1, left=left), oauth, kept)
    assert tokens.token() == Secret("test_access_2")
    assert [each.tokens.refresh for each in kept.stored] == [Secret("test_refresh_2")]
    assert tokens.sign_in == kept.stored[0]
    assert kept.stored[0].tokens.scopes == frozenset({"stream:read"})


def test_scopes__of_the_newest_answer_count(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.scopes = frozenset({"stream:key"})
    signed_in(sign_in(1, left=0), oauth, kept).token()
    assert kept.stored[0].tokens.scopes == frozenset({"stream:key"})


def test_refused__is_refreshed_whatever_the_clock_says(oauth: FakeOAuth, kept: Kept) -> None:
    tokens = signed_in(sign_in(1), oauth, kept)
    assert tokens.refresh(Secret("test_access_1")) == Secret("test_access_2")
    assert tokens.refresh(Secret("test_access_1")) == Secret(
        "test_access_2"
    )  # somebody was quicker
    assert oauth.refreshed == ["test_refresh_1"]


def test_many_at_once__one_refresh(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.pause = 0.05
    tokens = signed_in(sign_in(1, left=0), oauth, kept)
    got: list[Secret | None] = []

    def ask(number: int) -> None:
        got.append(tokens.token() if number % 2 else tokens.refresh(Secret("test_access_1")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert got == [Secret("test_access_2")] * 10
    assert oauth.refreshed == ["test_refresh_1"]


def test_network__is_tried_again_the_next_time(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [TransportError()]
    tokens = signed_in(sign_in(1, left=-1), oauth, kept)
    with pytest.raises(TransportError):
        tokens.token()
    assert tokens.token() == Secret("test_access_2")
    assert kept.ended == 0


def test_network__a_token_with_a_little_left_is_used(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [TransportError()]
    assert signed_in(sign_in(1, left=8), oauth, kept).token() == Secret("test_access_1")


def test_refresh_refused__ends_the_sign_in_once(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [SignInRefused()]
    tokens = signed_in(sign_in(1, left=0), oauth, kept, stored=sign_in(1))
    with pytest.raises(SignInEnded):
        tokens.token()
    with pytest.raises(NotSignedIn):
        tokens.token()
    assert (kept.ended, tokens.sign_in) == (1, None)


def test_newer__from_another_program_is_taken_and_not_refreshed(
    oauth: FakeOAuth, kept: Kept
) -> None:
    newer = sign_in(7)
    tokens = signed_in(sign_in(1, left=0), oauth, kept, stored=newer)
    assert tokens.token() == Secret("test_access_7")
    assert (oauth.refreshed, kept.took, tokens.sign_in) == ([], [newer], newer)


def test_newer__that_has_run_out_is_refreshed_in_the_place_of_the_older(
    oauth: FakeOAuth, kept: Kept
) -> None:
    tokens = signed_in(sign_in(1, left=0), oauth, kept, stored=sign_in(7, left=0))
    assert tokens.token() == Secret("test_access_8")
    assert oauth.refreshed == ["test_refresh_7"]


def test_newer__is_taken_when_velora_refuses_the_older(oauth: FakeOAuth, kept: Kept) -> None:
    tokens = signed_in(sign_in(1), oauth, kept, stored=sign_in(7))
    assert tokens.refresh(Secret("test_access_1")) == Secret("test_access_7")
    assert oauth.refreshed == []


def test_older__because_ours_could_not_be_stored_is_not_taken(oauth: FakeOAuth, kept: Kept) -> None:
    kept.works = False
    tokens = signed_in(sign_in(1, left=0), oauth, kept, stored=sign_in(1, left=0))
    assert tokens.token() == Secret("test_access_2")
    assert tokens.refresh(Secret("test_access_2")) == Secret("test_access_3")
    assert oauth.refreshed == ["test_refresh_1", "test_refresh_2"]


def test_older__of_an_earlier_signing_in_is_not_taken(oauth: FakeOAuth, kept: Kept) -> None:
    start = sign_in(1, left=0)._replace(since=time.time())
    assert signed_in(start, oauth, kept, stored=sign_in(7)).token() == Secret("test_access_2")


def test_refresh_refused__because_another_program_was_quicker(oauth: FakeOAuth, kept: Kept) -> None:
    """Where there is no lock: it has refreshed and stored while Velora was asked here."""
    answers = [sign_in(1, left=0), sign_in(7)]
    oauth.failures = [SignInRefused()]
    tokens = RefreshingTokens(
        sign_in(1, left=0),
        oauth,  # type: ignore[arg-type]
        save=kept.keep,
        load=lambda: answers.pop(0),
        on_revoked=kept.end,
    )
    assert tokens.token() == Secret("test_access_7")
    assert kept.ended == 0


def test_refresh_refused__leaves_another_sign_in_alone(oauth: FakeOAuth, kept: Kept) -> None:
    other = sign_in(7, refresh=False)._replace(since=-1.0)
    oauth.failures = [SignInRefused()]
    tokens = signed_in(sign_in(1, left=0), oauth, kept, stored=other)
    assert tokens.token() == Secret("test_access_7")
    assert kept.ended == 0


def test_short_lives__are_used_until_half_of_them_is_over(
    oauth: FakeOAuth, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    oauth.lifetime = 6.0
    tokens = signed_in(sign_in(1, left=6)._replace(since=now[0]), oauth, kept)
    for second in range(13):
        tokens.token()
        assert len(oauth.refreshed) == second // 3
        now[0] += 1
    assert oauth.refreshed == [f"test_refresh_{number}" for number in (1, 2, 3, 4)]


def test_no_refresh_token__lasts_as_long_as_it_lasts(oauth: FakeOAuth, kept: Kept) -> None:
    tokens = signed_in(sign_in(1, left=-5, refresh=False), oauth, kept)
    assert tokens.token() == Secret("test_access_1")
    with pytest.raises(SignInStale, match="press Sign out, then Sign in"):
        tokens.refresh(Secret("test_access_1"))
    assert kept.ended == 0  # a 401 is no verdict


def test_storage__that_fails_does_not_cost_the_sign_in(oauth: FakeOAuth) -> None:
    def fail(_: Grant) -> bool:
        raise OSError

    tokens = RefreshingTokens(sign_in(1, left=0), oauth, save=fail)  # type: ignore[arg-type]
    with pytest.raises(OSError):  # noqa: PT011
        tokens.token()
    assert tokens.token() == Secret("test_access_2")


def test_shown__without_secrets() -> None:
    assert "test_access" not in repr(sign_in(1))
    assert "test_refresh" not in repr(sign_in(1))
