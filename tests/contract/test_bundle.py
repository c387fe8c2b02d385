"""The bundle that a release ships: built from the pinned packages, installed without pip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from velora_core import __version__

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
IMPORTS = "import requests, oauthlib, keyring, platformdirs, truststore, urllib3"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, str(ROOT / "install" / "build_bundle.py"), str(folder)],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.zip")
    return path


def test_bundle__has_all_and_nothing_compiled(bundle: Path) -> None:
    top = f"velora-obs-{__version__}"
    assert bundle.name == f"{top}.zip"
    names = zipfile.ZipFile(bundle).namelist()
    assert {
        f"{top}/velora_obs.py",
        f"{top}/velora_core/application.py",
        f"{top}/velora_hosts/obs_script/script.py",
        f"{top}/velora_lib/requests/__init__.py",
        f"{top}/install/install.py",
        f"{top}/install/install.bat",
        f"{top}/install/velora_install/command.py",
        f"{top}/LICENSE",
    } <= set(names)
    compiled = (".so", ".pyd", ".dylib", ".dll", ".pyc")
    assert [name for name in names if name.endswith(compiled)] == []


def test_bundle__has_what_its_documents_link_to(bundle: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(bundle).extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    documents = [file for file in folder.rglob("*.md") if "velora_lib" not in file.parts]
    assert {folder / "README.md", folder / "docs" / "guide.md"} <= set(documents)
    missing = [
        (document.name, link)
        for document in documents
        for link in LINK.findall(document.read_text(encoding="utf-8"))
        if "://" not in link and not (document.parent / link.partition("#")[0]).exists()
    ]
    assert missing == []


def test_bundle__has_all_that_pip_needs_for_the_command(bundle: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(bundle).extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    asked = ["--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist"), str(folder)]
    subprocess.run([sys.executable, "-m", "build", *asked], check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {"velora_core", "velora_hosts"} == {top for top in tops if "dist-info" not in top}


def test_bundle__has_a_command_that_needs_no_pip(bundle: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(bundle).extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    done = subprocess.run(
        [sys.executable, "-S", "-m", "velora_hosts", "info"],  # without the packages of this Python
        cwd=folder,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "You are not signed in to Velora: run velora sign-in.\n"
    assert done.returncode == 3


def test_bundle__installs_without_pip_and_network_and_its_packages_load(
    bundle: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(bundle).extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    scenes = tmp_path / "home" / ".config" / "obs-studio" / "basic" / "scenes"
    scenes.mkdir(parents=True)
    (scenes / "Main.json").write_text('{"name": "Main"}')
    python = str(Path(sys.base_prefix) / "bin" / "python3")  # not the tests' own environment
    done = subprocess.run(
        [python, str(folder / "install" / "install.py"), "--yes"],
        env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Getting the Python packages" not in done.stdout
    script = tmp_path / "home" / ".local" / "share" / "velora-obs" / "script"
    (parts,) = script.glob("velora-*")
    code = (
        f"import sys; sys.path.insert(0, {str(parts / 'velora_lib')!r}); {IMPORTS}; "
        "print(requests.__file__)"
    )
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert str(parts) in loaded.stdout
