"""Modules that are imported when something of them is used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from velora_core.storage.deferred_modules import deferred


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module that has imported another one and not used it yet."""
    (tmp_path / "hardly_used.py").write_text("VALUE = 3\n")
    (tmp_path / "its_user.py").write_text("import hardly_used\ndef use(): return hardly_used.VALUE")
    monkeypatch.syspath_prepend(str(tmp_path))
    with deferred("hardly_used", "sys"):
        yield import_module("its_user")
    for name in ("hardly_used", "its_user"):
        sys.modules.pop(name, None)


def test_module__is_imported_when_it_is_used(user: Any) -> None:
    assert user.use() == 3
    assert import_module("hardly_used").VALUE == 3


def test_module__that_is_there_stays(user: Any) -> None:
    assert sys.modules["sys"] is sys


def test_module__that_another_thread_has_imported_meanwhile_stays(user: Any) -> None:
    stands_for_it = user.hardly_used
    assert sys.modules.pop("hardly_used") is stands_for_it
    imported = import_module("hardly_used")
    assert user.use() == 3
    assert sys.modules["hardly_used"] is imported


def test_module__is_nobody_elses_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hardly_used.py").write_text("VALUE = 3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with deferred("hardly_used"):
        kept: Any = import_module("hardly_used")
    assert "hardly_used" not in sys.modules
    assert kept.VALUE == 3
    assert sys.modules.pop("hardly_used") is not kept
