"""`velora_core` as a package that other applications depend on: built, installed, used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from velora_core import __version__

ROOT = Path(__file__).parents[2]
USE = (
    "import velora_core, velora_core.api.client; "
    "from velora_core import VeloraClient; print(velora_core.__version__, velora_core.__file__)"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with wheel and sdist, made as a release would make them."""
    folder = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("velora_core", "velora_hosts"):
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    return folder


def test_wheel__has_the_core_and_what_needs_no_obs(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"velora_core-{__version__}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"velora_core", "velora_hosts", f"velora_core-{__version__}.dist-info"}
    assert "velora_hosts/companion/command.py" in names
    assert not any(name.startswith("velora_hosts/obs_script") for name in names)
    assert {"velora_core/py.typed", "velora_core/messages/en/panel.py"} <= set(names)
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "velora_core").rglob("*.py")}
    assert modules <= set(names)


def test_sdist__can_be_built_from(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    top = f"velora_core-{__version__}"
    assert {f"{top}/pyproject.toml", f"{top}/LICENSE", f"{top}/velora_core/api/client.py"} <= set(
        names
    )


def test_installed_into_an_empty_environment__works(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        check=True,
    )
    done = subprocess.run(
        [python, "-c", USE], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    version, _, file = done.stdout.strip().partition(" ")
    assert version == __version__
    assert str(tmp_path / "venv") in file
    assert packages(python) - {"pip", "setuptools"} == {
        *("velora-core", "requests", "certifi", "charset-normalizer", "idna", "urllib3"),
        "truststore",
    }
    asked = (
        "from velora_core import *; oauth = OAuth(Transport(), Endpoints.from_environment()); "
        "sign_in_with_browser(ClientCredentials('id', None), oauth)"
    )
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    assert f"run {python} -m pip install oauthlib." in done.stderr  # it has come as a file
    done = subprocess.run(
        [python.with_name("velora"), "info"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"run {python} -m pip install keyring oauthlib platformdirs." in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = subprocess.run(
        [python.with_name("velora"), "info", "--json"], capture_output=True, text=True, check=False
    )
    assert json.loads(done.stdout)["error"]["kind"] == "PackageMissing"


def packages(python: Path) -> set[str]:
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.partition("==")[0].lower().replace("_", "-") for line in done.stdout.split()}
