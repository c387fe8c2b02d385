"""docs/hosts.md leaves nothing out: neither in its table, nor what nobody has tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "hosts.md").read_text()
HOW_FAR = (
    *("real", "model", "vendor's protocol code", "yes"),
    *("by hand: ", "not possible: ", "not needed", "once tried"),
)


def test_table__says_for_each_software_how_far_it_was_tried() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    begins = next(number for number, line in enumerate(lines) if "Meld Studio |" in line)
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[begins:]
    )
    assert len(rows) > 15
    for feature, *cells in rows:
        assert len(cells) == len(head) - 1, feature
        for software, cell in zip(head[1:], cells, strict=True):
            assert cell.startswith(HOW_FAR), (feature, software)


@pytest.mark.parametrize("software", ["Streamlabs Desktop", "Meld Studio", "XSplit Broadcaster"])
def test_what_nobody_has_tried__is_said_in_its_section(software: str) -> None:
    (section,) = re.findall(rf"^## {software}$(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
    assert re.search(r"Nobody has tried it|not in XSplit, which", section.replace("\n", " "))
    assert "model" in section
