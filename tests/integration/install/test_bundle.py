"""A bundle brings its packages along; the bytecode is for the Python that loads it."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from velora_install import installation, libraries, payload
from velora_install.exit_codes import Exit, Failure

from tests.unit.install.machine import (
    COMPILE,
    ROOT,
    Machine,
)


def make_bundle(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("velora-obs-9.0.0/velora_obs.py", 'PARTS = ""\n')
        archive.writestr("velora-obs-9.0.0/velora_core/_version.py", '__version__ = "9.0.0"\n')
        archive.writestr("velora-obs-9.0.0/velora_hosts/__init__.py", "")
        archive.writestr("velora-obs-9.0.0/velora_lib/requests.py", "bundled = True\n")


def test_bundle__needs_no_pip(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_pip(_: Any) -> str:
        raise Failure("This Python has no pip.")

    monkeypatch.setattr(libraries, "choose", no_pip)
    machine.collection()
    code, said = machine.run()
    assert code == Exit.FAILED
    assert "no pip" in said
    assert machine.scripts() == []
    make_bundle(tmp_path / "b.zip")
    assert machine.run("--bundle", str(tmp_path / "b.zip"))[0] == Exit.DONE
    there = payload.installed(machine.script.parent)
    assert there
    assert (there.parts / "velora_lib" / "requests.py").read_text() == "bundled = True\n"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense"])
def test_bundle__damaged(machine: Machine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    code, said = machine.run("--bundle", str(tmp_path / "b.zip"))
    assert code == Exit.FAILED
    assert "can't be read" in said


def test_compiled__for_the_python_that_loads_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "compile_for", COMPILE)
    monkeypatch.setattr(sys, "pycache_prefix", None)  # where a test run keeps its own
    machine.installs_from(ROOT)
    machine.collection()
    machine.run()
    there = payload.installed(machine.script.parent)
    assert there
    tag = f"cpython-{sys.version_info[0]}{sys.version_info[1]}"
    for module in ("velora_core/application", "velora_hosts/obs_script/script"):
        file = there.parts / module
        assert (file.parent / "__pycache__" / f"{file.name}.{tag}.pyc").exists()
