"""What was found last for each fault, by whatever run."""

from __future__ import annotations

import dataclasses
import fcntl
import json

from tests.faults.rows import ROWS
from tests.faults.session import Seen
from tests.stage import ROOT

__all__ = ["remember", "remembered"]

_FOUND = ROOT / ".cache" / "faults.jsonl"


def remember(name: str, seen: Seen, wrong: str) -> None:
    """Write it down in one step, so that two runs may go on side by side."""
    _FOUND.parent.mkdir(exist_ok=True)
    with _FOUND.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps([name, dataclasses.asdict(seen), wrong]) + "\n")


def remembered() -> dict[str, tuple[Seen, str]]:
    """Return what was found last for each fault, in their order."""
    lines = _FOUND.read_text(encoding="utf-8").splitlines()
    last = {name: (Seen(**seen), wrong) for name, seen, wrong in map(json.loads, lines)}
    return {row.name: last[row.name] for row in ROWS if row.name in last}
