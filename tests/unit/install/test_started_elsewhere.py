"""The installer is started in a folder with modules of somebody else's: none of them is run."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from velora_install import config_dirs, doctor, libraries, pythons
from velora_install.exit_codes import Failure

LOADED = "from pathlib import Path; Path(__file__).with_suffix('.loaded').touch()\n"


def test_started_elsewhere__no_module_of_that_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads, parts = tmp_path / "Downloads", tmp_path / "parts"
    downloads.mkdir()
    for name in ("json", "platform", "pip", "requests", "oauthlib", "truststore", "velora_core"):
        (downloads / f"{name}.py").write_text(LOADED)
    for name in doctor._MODULES:
        folder = parts if name.startswith("velora") else parts / "velora_lib"
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("")
    (parts / "velora_core" / "tried.py").write_text(
        "def main():\n    import json, requests\n    print(requests.__file__)\n"
    )
    monkeypatch.chdir(downloads)
    python = pythons.probe(sys.executable)
    assert python
    with suppress(Failure):  # this Python may have no pip
        libraries.choose([sys.executable])
    assert doctor._imports(parts, python).ok
    place = config_dirs.at(tmp_path, "Linux", {}, tmp_path)
    assert doctor.core_output(place, "Linux", parts, python, "tried")
    assert [path.name for path in downloads.glob("*.loaded")] == []
