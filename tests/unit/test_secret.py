"""A secret shows its last four characters and nothing else."""

from __future__ import annotations

import copy
import pickle

import pytest

from velora_core.secret import Secret, scrub

KEY = Secret("live_test_key_z789")


def test_shown__in_every_way_of_printing() -> None:
    for text in (str(KEY), f"{KEY}", f"{KEY:>8}", "%s" % KEY, repr(KEY), repr([KEY])):  # noqa: UP031
        assert "z789" in text
        assert "live" not in text
    assert str(KEY) == "••••z789"


def test_shown__a_short_one_gives_nothing_away() -> None:
    assert str(Secret("abcd1234")) == "••••"


def test_value__comes_out_on_purpose_only() -> None:
    assert KEY.reveal() == "live_test_key_z789"
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
    with pytest.raises(TypeError):
        copy.copy(KEY)
    assert not hasattr(KEY, "__dict__")


def test_comparison() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


@pytest.mark.parametrize(
    "text",
    [
        "bad key live_test_abc123",
        "header Bearer test_access_0001 refused",
        "see https://ingest.velora.tv:3334/live/whatever/whip",
        "token my-own-secret-token",
    ],
)
def test_scrub__takes_out_what_is_or_looks_secret(text: str) -> None:
    clean = scrub(text, Secret("my-own-secret-token"), Secret(""))
    for part in ("live_test", "test_access", "/whip", "my-own"):
        assert part not in clean
    assert "••••" in clean


def test_scrub__leaves_the_rest() -> None:
    assert scrub("The title is too long.") == "The title is too long."
