"""Digests of stream keys."""

from __future__ import annotations

import pytest

from tests.unit.fakes import KEY, NEW_KEY, WHIP
from velora_core.secret import Secret
from velora_core.storage.key_digest import digest, find, is_digest, matches


@pytest.mark.parametrize("credential", [KEY, WHIP, "ключ", "\ud800"])
def test_digest__is_of_that_one_and_no_other(credential: str) -> None:
    kept = digest(Secret(credential))
    assert is_digest(kept)
    assert credential not in kept
    assert matches(kept, Secret(credential))
    assert not matches(kept, Secret(credential + "x"))
    assert not matches(kept, Secret(""))
    assert find(kept, [Secret(NEW_KEY), Secret(credential)]) == Secret(credential)
    assert find(kept, [Secret(NEW_KEY)]) is None


def test_digest__is_another_one_each_time() -> None:
    assert digest(Secret(KEY)) != digest(Secret(KEY))


def test_address__is_compared_by_what_it_means() -> None:
    kept = digest(Secret(WHIP))
    assert matches(kept, Secret(WHIP.replace("https://ingest", "HTTPS://INGEST") + "/?region=eu"))
    assert not matches(kept, Secret(WHIP.replace(KEY, NEW_KEY)))


NEARLY = (f"blake2b:{'0' * 32}:{'0' * 47}", f"blake2b:{'g' * 32}:{'0' * 48}")


@pytest.mark.parametrize("kept", ["", KEY, "blake2b", "blake2b:", *NEARLY])
def test_anything_else__is_no_digest(kept: str) -> None:
    assert not is_digest(kept)
    assert not matches(kept, Secret(KEY))
