"""The terminal, on a model of an old Windows console."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from velora_install.console import Console

TEXT = "“Jürgen 🎮”: open Tools → Scripts …"


def narrow(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")


def printed(out: io.TextIOWrapper) -> str:
    buffer: Any = out.buffer
    value: bytes = buffer.getvalue()
    return value.decode(out.encoding).replace("\r\n", "\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("cp1252", '"Jürgen ?": open Tools > Scripts ...\n'),
        ("cp437", '"Jürgen ?": open Tools > Scripts ...\n'),
        ("ascii", '"J?rgen ?": open Tools > Scripts ...\n'),
        ("utf-8", TEXT + "\n"),
    ],
)
def test_say__on_any_console(encoding: str, expected: str) -> None:
    out = narrow(encoding)
    Console(out).say(TEXT)
    assert printed(out) == expected


def test_questions__on_any_console(monkeypatch: pytest.MonkeyPatch) -> None:
    out = narrow("cp1252")
    monkeypatch.setattr(sys, "stdin", Terminal("yes\nno\n7\n2\n"))
    console = Console(out)
    assert console.agrees(TEXT)
    assert not console.agrees(TEXT)
    assert console.choose(TEXT, 3) == 2
    assert console.choose(TEXT, 3) is None  # the input has ended
    assert "Tools > Scripts ... [y/N] " in printed(out)


def test_nobody_there__no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert not Console(narrow("utf-8")).agrees("?")
    assert Console(narrow("utf-8")).choose("?", 2) is None
    assert Console(narrow("utf-8"), yes=True).agrees("?")
