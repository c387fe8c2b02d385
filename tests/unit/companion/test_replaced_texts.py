"""Texts that were replaced, in and out of JSON that others can change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from velora_core.host.host import ReplacedText
from velora_hosts.companion.replaced_texts import as_json, from_json


def test_kept__comes_back() -> None:
    covered = {"Title": ReplacedText("before", "given"), "Viewers": ReplacedText("", "42")}
    assert from_json(json.loads(json.dumps(as_json(covered)))) == covered


@pytest.mark.parametrize("kept", [None, [], "text", 1, {"a": None}, {"a": ["b"]}, {"a": ["b", 1]}])
def test_nonsense__is_left_out(kept: Any) -> None:
    assert from_json(kept) == {}


def test_nonsense__takes_nothing_else_away() -> None:
    kept = {"a": ["b", "c", "d"], "Title": ["before", "given"]}
    assert from_json(kept) == {"Title": ReplacedText("before", "given")}
