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
    ("account", "sign_in", "register"),
    [
        (Account(), True, True),
        (Account(client_known=True), True, True),
        (Account(client_known=True, client_preset=True), True, False),
        (Account(TokenOrigin.ENTERED), False, False),
        (Account(TokenOrigin.ENTERED, client_known=True), True, False),
        (Account(TokenOrigin.ENVIRONMENT, client_known=True), False, False),
        (Account(TokenOrigin.SIGNED_IN, client_known=True), False, False),
        (Account(TokenOrigin.SIGNED_IN, scopes=frozenset({"stream:key"})), True, False),
    ],
)
def test_panel__offers_what_is_of_use(account: Account, sign_in: bool, register: bool) -> None:
    assert (account.can_sign_in, account.can_register) == (sign_in, register)
