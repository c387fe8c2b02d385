"""What an account may do, and what the panel offers it."""

from __future__ import annotations

import pytest

from velora_core.app.account import Account, TokenOrigin


def test_scopes__say_what_can_not_be_done() -> None:
    account = Account(TokenOrigin.SIGNED_IN, "A", 0.0, frozenset({"stream:write"}))
    assert account.obstacle("stream:write") is None
    assert "stream:key" in (account.obstacle("stream:key") or "")
    assert Account().obstacle("stream:key") is None
    assert "Signed in as A since 1970-01-0" in account.sentence or "1969" in account.sentence


@pytest.mark.parametrize(
    ("account", "offered"),
    [
        (Account(), True),
        (Account(client_known=True), True),
        (Account(client_known=True, client_preset=True), True),
        (Account(TokenOrigin.ENTERED), False),
        (Account(TokenOrigin.ENTERED, client_known=True), True),
        (Account(TokenOrigin.ENVIRONMENT, client_known=True), False),
        (Account(TokenOrigin.SIGNED_IN, client_known=True), False),
        (Account(TokenOrigin.SIGNED_IN, scopes=frozenset({"stream:key"})), True),
    ],
)
def test_signing_in__is_offered_where_it_is_of_use(account: Account, offered: bool) -> None:
    assert account.can_sign_in is offered
