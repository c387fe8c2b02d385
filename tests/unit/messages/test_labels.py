"""Names in the panel's lists: told apart, and cheaply, because a list may be long."""

from __future__ import annotations

import pytest

from velora_core.messages import labels
from velora_core.messages.labels import short_labels

SAME = "The Legend of Zelda: Breath of the Wild"


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All texts whose width was looked at."""
    cut, found = labels.cut, list[str]()

    def counted(text: str, width: int) -> str:
        found.append(text)
        return cut(text, width)

    monkeypatch.setattr(labels, "cut", counted)
    return found


def test_labels__are_told_apart() -> None:
    labels = short_labels(["Fortnite", "The Legend of Zelda: Echoes of Wisdom", SAME, SAME, SAME])
    assert labels[:3] == ["Fortnite", "The Leg…Wisdom", "The Leg…the Wild"]
    assert labels[3:] == ["The Leg…the… 2", "The Leg…the… 3"]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("iiiiiiiiiiiiiiiiiiiiiiiiiiiiii", "iiiiiiiiiiiiiiiiiiiiiiiiiiiiii"),  # narrow letters
        ("WWWWWWWWW", "WWWWWWWW…"),
        ("日本語日本語日本語", "日本語日本語…"),
    ],
)
def test_label__is_as_long_as_its_letters_are_narrow(name: str, label: str) -> None:
    assert short_labels([name]) == [label]


def test_many_names_that_are_alike__are_looked_at_a_few_times_each(cuts: list[str]) -> None:
    names = [f"The Legend number {number} of Zelda" for number in range(1000)]
    assert len(set(short_labels(names))) == len(names)
    assert len(cuts) <= 8 * len(names)


def test_same_names__are_looked_at_once(cuts: list[str]) -> None:
    names = [f"{SAME} {number}" for number in range(200)]
    labels = short_labels(names)
    cuts.clear()
    assert short_labels(names) == labels
    assert cuts == []


def test_labels__of_the_last_lists_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "_labels", {})
    for number in range(20):
        short_labels([f"Name {number}"])
        short_labels(["used again and again"])
    assert len(labels._labels) == labels._LISTS
    assert {("used again and again",), ("Name 19",), ("Name 13",)} <= set(labels._labels)
