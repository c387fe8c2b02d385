"""What is out on the internet, and what is not."""

from __future__ import annotations

import pytest

from velora_core.api.public_address import is_public, may_be_public


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "203.0.114.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"],
)
def test_address__that_is_public(address: str) -> None:
    assert is_public(address)
    assert may_be_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "64:ff9b:1::7f00:1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "",
    ],
)
def test_address__that_is_not(address: str) -> None:
    assert not is_public(address)
    assert not may_be_public(address)


@pytest.mark.parametrize(
    ("host", "may"),
    [
        ("velora.tv", True),
        ("2130706433", True),  # whatever that is looked up to decides
        ("localhost", False),
        ("LOCALHOST", False),
        ("evil.localhost", False),
        ("velora.tv.", False),
    ],
)
def test_name(host: str, may: bool) -> None:
    assert may_be_public(host) is may
