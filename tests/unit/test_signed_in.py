"""Tokens that are renewed in time, once, and kept before they are used."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from velora_core.errors import ConnectionFailed, NotSignedIn, SignInEnded, SignInRefused
from velora_core.oauth import ClientCredentials, Tokens
from velora_core.secret import Secret
from velora_core.signed_in import SignedIn, SignIn

CLIENT = ClientCredentials("test-client-id")


def sign_in(number: int, *, left: float = 3600.0, refresh: bool = True) -> SignIn:
    tokens = Tokens(
        Secret(f"test_access_{number}"),
        Secret(f"test_refresh_{number}") if refresh else None,
        time.time() + left,
        frozenset({"stream:read"}),
    )
    return SignIn(CLIENT, tokens, "Some Body", 0.0)


class FakeOAuth:
    """Gives the tokens of the next number, or what a test wants."""

    def __init__(self) -> None:
        self.refreshed: list[str] = []
        self.failures: list[Exception] = []
        self.scopes: frozenset[str] | None = None
        self.events: list[str] = []
        self.pause = 0.0

    def refresh(self, _: ClientCredentials, token: Secret) -> Tokens:
        self.refreshed.append(token.reveal())
        time.sleep(self.pause)
        if self.failures:
            raise self.failures.pop(0)
        number = int(token.reveal().rpartition("_")[2]) + 1
        return sign_in(number).tokens._replace(scopes=self.scopes)


class Kept:
    def __init__(self) -> None:
        self.stored: list[SignIn] = []
        self.ended = 0

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def oauth() -> FakeOAuth:
    return FakeOAuth()


@pytest.fixture
def kept() -> Kept:
    return Kept()


def signed_in(start: SignIn, oauth: FakeOAuth, kept: Kept, stored: Any = None) -> SignedIn:
    return SignedIn(
        start,
        oauth,  # type: ignore[arg-type]
        keep=kept.stored.append,
        kept=lambda: stored,
        ended=kept.end,
    )


def test_fresh__is_used_as_it_is(oauth: FakeOAuth, kept: Kept) -> None:
    assert signed_in(sign_in(1), oauth, kept).token() == Secret("test_access_1")
    assert oauth.refreshed == []


@pytest.mark.parametrize("left", [59.0, 0.0, -100_000.0])
def test_about_to_end__is_renewed_and_kept_first(oauth: FakeOAuth, kept: Kept, left: float) -> None:
    one = signed_in(sign_in(1, left=left), oauth, kept)
    assert one.token() == Secret("test_access_2")
    assert [each.tokens.refresh for each in kept.stored] == [Secret("test_refresh_2")]
    assert one.sign_in == kept.stored[0]
    assert kept.stored[0].tokens.scopes == frozenset({"stream:read"})


def test_scopes__of_the_newest_answer_count(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.scopes = frozenset({"stream:key"})
    signed_in(sign_in(1, left=0), oauth, kept).token()
    assert kept.stored[0].tokens.scopes == frozenset({"stream:key"})


def test_refused__is_renewed_whatever_the_clock_says(oauth: FakeOAuth, kept: Kept) -> None:
    one = signed_in(sign_in(1), oauth, kept)
    assert one.renew(Secret("test_access_1")) == Secret("test_access_2")
    assert one.renew(Secret("test_access_1")) == Secret("test_access_2")  # somebody was quicker
    assert oauth.refreshed == ["test_refresh_1"]


def test_many_at_once__one_refresh(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.pause = 0.05
    one = signed_in(sign_in(1, left=0), oauth, kept)
    got: list[Secret | None] = []

    def ask(number: int) -> None:
        got.append(one.token() if number % 2 else one.renew(Secret("test_access_1")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert got == [Secret("test_access_2")] * 10
    assert oauth.refreshed == ["test_refresh_1"]


def test_network__is_tried_again_the_next_time(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [ConnectionFailed()]
    one = signed_in(sign_in(1, left=-1), oauth, kept)
    with pytest.raises(ConnectionFailed):
        one.token()
    assert one.token() == Secret("test_access_2")
    assert kept.ended == 0


def test_network__a_token_with_a_little_left_is_used(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [ConnectionFailed()]
    assert signed_in(sign_in(1, left=30), oauth, kept).token() == Secret("test_access_1")


def test_refresh_refused__ends_the_sign_in_once(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [SignInRefused()]
    one = signed_in(sign_in(1, left=0), oauth, kept, stored=sign_in(1))
    with pytest.raises(SignInEnded):
        one.token()
    with pytest.raises(NotSignedIn):
        one.token()
    assert (kept.ended, one.sign_in) == (1, None)


def test_refresh_refused__because_another_program_was_quicker(oauth: FakeOAuth, kept: Kept) -> None:
    oauth.failures = [SignInRefused()]
    one = signed_in(sign_in(1, left=0), oauth, kept, stored=sign_in(7))
    assert one.token() == Secret("test_access_7")
    assert kept.ended == 0


def test_no_refresh_token__lasts_as_long_as_it_lasts(oauth: FakeOAuth, kept: Kept) -> None:
    one = signed_in(sign_in(1, left=-5, refresh=False), oauth, kept)
    assert one.token() == Secret("test_access_1")
    with pytest.raises(SignInEnded):
        one.renew(Secret("test_access_1"))
    assert kept.ended == 1


def test_storage__that_fails_does_not_cost_the_sign_in(oauth: FakeOAuth) -> None:
    def fail(_: SignIn) -> None:
        raise OSError

    one = SignedIn(sign_in(1, left=0), oauth, keep=fail)  # type: ignore[arg-type]
    with pytest.raises(OSError):  # noqa: PT011
        one.token()
    assert one.token() == Secret("test_access_2")


def test_shown__without_secrets() -> None:
    assert "test_access" not in repr(sign_in(1))
    assert "test_refresh" not in repr(sign_in(1))
