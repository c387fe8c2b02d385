"""Builds the bundle: a zip that installs without network and without pip.

Usage: python3 install/build_bundle.py [FOLDER]

The zip has one folder with the script, its own packages, the pinned ones, the installer and the
documents with all that they link to, and `velora_app.json` if that is beside the script. pip can
install the command `velora` from it. Two builds of the same files are the same, byte for
byte.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from velora_install import libraries, payload
from velora_install.exit_codes import Failure

ROOT = Path(__file__).resolve().parent.parent
_MOMENT = (2020, 1, 1, 0, 0, 0)
_FILES = (
    "velora_obs.py",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "pyproject.toml",
    "install/install.py",
    "install/install.bat",
    "install/install.command",
    "install/requirements.txt",
    "tests/contract/velora-openapi.yaml",  # docs/velora-api.md is about it
)
_MEASURED = ("tests/benchmarks", "tests/faults", "tests/soak")
"""What was measured there, in Markdown, is what the documents link to."""
_FOLDERS = (*payload.PACKAGES, "docs", "install/velora_install")


def build(target: Path) -> Path:
    """Write the zip into the folder `target` and return its path; raise `Failure`."""
    version = payload.Source(ROOT).version
    name = "velora-obs-" + version
    path = target / (name + ".zip")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        packages = Path(temporary) / payload.LIBRARIES
        libraries.build(packages, libraries.choose([sys.executable]))
        files = list(_FILES)
        if payload.Source(ROOT).preset:  # of whoever hands this bundle out
            files.append(payload.PRESET)
        with zipfile.ZipFile(str(path), "w", zipfile.ZIP_DEFLATED) as archive:
            for relative in files:
                _add(archive, ROOT / relative, name + "/" + relative)
            for folder in _MEASURED:
                for path in sorted((ROOT / folder).glob("*.md")):
                    _add(archive, path, name + "/" + folder + "/" + path.name)
            for folder in _FOLDERS:
                _add_folder(archive, ROOT / folder, name + "/" + folder)
            _add_folder(archive, packages, name + "/" + payload.LIBRARIES)
    return path


def _add_folder(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            _add(archive, path, name + "/" + path.relative_to(folder).as_posix())


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    mode = 0o755 if path.suffix == ".command" else 0o600 if path.name == payload.PRESET else 0o644
    entry.external_attr = mode << 16
    archive.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    try:
        made = build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
    except Failure as failure:
        sys.exit(str(failure))
    print(f"The bundle is {made} ({made.stat().st_size / 1e6:.1f} MB).")
