"""Where a software is."""

from __future__ import annotations

import pytest

from velora_hosts.websocket.address import Address


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("", ("127.0.0.1", 4455), "127.0.0.1:4455"),
        ("studio-pc", ("studio-pc", 4455), "studio-pc:4455"),
        (" studio-pc:4460 ", ("studio-pc", 4460), "studio-pc:4460"),
        (":4460", ("127.0.0.1", 4460), "127.0.0.1:4460"),
        ("LocalHost:4460", ("127.0.0.1", 4460), "127.0.0.1:4460"),
        ("[::1]:4460", ("::1", 4460), "[::1]:4460"),
        ("[::1]", ("::1", 4455), "[::1]:4455"),
        ("fe80::1", ("fe80::1", 4455), "[fe80::1]:4455"),
    ],
)
def test_address(text: str, expected: tuple[str, int], written: str) -> None:
    address = Address.parse(text, 4455)
    assert address == expected
    assert str(address) == written


@pytest.mark.parametrize(
    "text",
    [
        *("a:b", "a:0", "a:65536", "a:-1", "a:¹", "http://a", "user@a", "a b"),
        *("[::1", "[]", "[::1]x", "a\nb", "a\x00"),
    ],
)
def test_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        Address.parse(text, 4455)


def test_this_computer() -> None:
    near = [Address(name, 1).is_this_computer for name in ("127.0.0.1", "::1", "LocalHost")]
    far = [
        Address(name, 1).is_this_computer for name in ("127.0.0.2", "studio-pc", "localhost.test")
    ]
    assert all(near)
    assert not any(far)
