"""Packages that lie beside this one are used, after those of Python's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from velora_core.cli import bundled_packages


def test_bundled_packages__come_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "velora_core" / "cli" / "bundled_packages.py"
    monkeypatch.setattr(bundled_packages, "__file__", str(file))
    monkeypatch.setattr(sys, "path", ["own"])
    bundled_packages.use_bundled_packages()
    assert sys.path == ["own"]
    (tmp_path / "velora_lib").mkdir()
    bundled_packages.use_bundled_packages()
    assert sys.path == ["own", str(tmp_path / "velora_lib")]
