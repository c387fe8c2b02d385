"""What goes into a bundle, without the packages themselves."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import build_bundle
import pytest
from velora_install import libraries

from tests.unit.install.machine import small_source

APP = '{"client_id": "c", "client_secret": "test_secret"}'


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = small_source(tmp_path / "source", "1.0.0")
    for name in build_bundle._FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    monkeypatch.setattr(build_bundle, "ROOT", folder)
    monkeypatch.setattr(libraries, "choose", lambda _: sys.executable)
    monkeypatch.setattr(libraries, "build", lambda target, _: target.mkdir())
    return folder


def test_distributors_app__is_bundled(source: Path, tmp_path: Path) -> None:
    name = "velora-obs-1.0.0/velora_app.json"
    with zipfile.ZipFile(build_bundle.build(tmp_path / "without")) as archive:
        assert name not in archive.namelist()
    (source / "velora_app.json").write_text(APP)
    with zipfile.ZipFile(build_bundle.build(tmp_path / "with")) as archive:
        assert archive.read(name).decode() == APP
        assert archive.getinfo(name).external_attr >> 16 == 0o600
