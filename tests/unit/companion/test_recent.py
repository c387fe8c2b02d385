"""A setting that nothing tells of: asked for at most once in a moment, and never made up."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from velora_hosts.companion import recent
from velora_hosts.companion.errors import SoftwareError
from velora_hosts.companion.recent import Recent


class Unreachable(SoftwareError):
    sentence = "companion.not_now"


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass."""
    now = [100.0]
    monkeypatch.setattr(recent, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def pass_(seconds: float) -> None:
        now[0] += seconds

    return pass_


def test_poll__asks_once_in_a_moment(passes: Callable[[float], None]) -> None:
    setting = Recent("first")
    assert setting.poll(lambda: "second") == "first"
    passes(0.6)
    assert setting.poll(lambda: "second") == "second"
    assert setting.poll(lambda: "third") == "second"
    assert Recent("a guess", read=False).poll(lambda: "read") == "read"


def test_poll__believes_what_was_read_last_when_it_cannot_be_read(
    passes: Callable[[float], None],
) -> None:
    asked: list[str] = []

    def fail() -> str:
        asked.append("")
        raise Unreachable

    setting = Recent("first")
    passes(0.6)
    assert [setting.poll(fail), setting.poll(fail)] == ["first", "first"]
    assert len(asked) == 1  # it isn't asked at every call either
    with pytest.raises(Unreachable):
        setting.read(fail)
    assert setting.value == "first"
    passes(0.6)
    assert setting.poll(lambda: "again") == "again"
