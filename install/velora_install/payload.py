"""The installed files: how they are laid out, put there, and taken away.

OBS remembers the path of `velora_obs.py`, so that stays. All else is in a folder named after its
version and contents, which `velora_obs.py` names in its line ``PARTS``. Replacing that one file is
a single step on every system: before it the old installation works, after it the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Callable, NamedTuple

from .config_dirs import FOLDER, SCRIPT_NAME
from .exit_codes import Exit, Failure
from .files import remove_half_written, write_whole

PARTS_PREFIX = "velora-"
LIBRARIES = "velora_lib"
PRESET = "velora_app.json"
PACKAGES = ("velora_core", "velora_hosts")
_MANIFEST = "manifest.json"
_STAGING = ".new-"
_PARTS_LINE = re.compile(r'^PARTS = "([^"\n]*)"', re.MULTILINE)
_VERSION_LINE = re.compile(r'^__version__ = "([^"\n]+)"', re.MULTILINE)


class Source(NamedTuple):
    """What is to be installed: a folder with the script and its packages, perhaps the libraries."""

    folder: Path

    @property
    def version(self) -> str:
        """The version in it; raises `Failure` when it is not complete."""
        try:
            text = (self.folder / PACKAGES[0] / "_version.py").read_text(encoding="utf-8")
        except OSError:
            text = ""
        found = _VERSION_LINE.search(text)
        needed = (SCRIPT_NAME, *PACKAGES)
        if not found or not all((self.folder / name).exists() for name in needed):
            raise Failure(
                "These files are not complete: download and unpack them again, then run this again."
            )
        return found.group(1)

    @property
    def preset(self) -> Path | None:
        """The app that whoever hands this out has registered; it may have a secret in it."""
        file = self.folder / PRESET
        return file if file.is_file() else None

    @property
    def bundled_libraries(self) -> Path | None:
        """The libraries that came with it."""
        folder = self.folder / LIBRARIES
        return folder if folder.is_dir() else None


class Installed(NamedTuple):
    """An installation.

    Attributes:
        folder: where `velora_obs.py` is.
        parts: the folder with the rest.
        version: of both.
        damaged: files that are missing or changed.
        configuration: OBS's folder that it was installed for; empty when that is not known.
        shared: version 0.1.0 may have installed it for other configurations as well.
    """

    folder: Path
    parts: Path
    version: str
    damaged: list[str]
    configuration: str = ""
    shared: bool = True


def installed(folder: Path) -> Installed | None:
    """Return what is installed in a folder, or None."""
    try:
        found = _PARTS_LINE.search((folder / SCRIPT_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not found or not found.group(1):
        return None
    parts = folder / found.group(1)
    try:
        manifest = json.loads((parts / _MANIFEST).read_text(encoding="utf-8"))
        files = dict(manifest["files"])
        version = str(manifest["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return Installed(folder, parts, "", [_MANIFEST])
    damaged = [name for name, digest in files.items() if _digest(parts / name) != digest]
    if manifest.get("script") != _script_digest(folder / SCRIPT_NAME):
        damaged.append(SCRIPT_NAME)
    configuration = str(manifest.get("configuration", ""))
    shared = not configuration or bool(manifest.get("shared"))
    return Installed(folder, parts, version, sorted(damaged), configuration, shared)


def installed_for(folder: Path) -> str | None:
    """Return the configuration of OBS for which a folder has something, if it says so."""
    there = installed(folder)
    return there.configuration if there else None


def install(
    source: Source,
    folder: Path,
    libraries: Callable[[Path], None],
    finish: Callable[[Path], None],
    *,
    keep_old: Callable[[], bool],
    configuration: str,
) -> Installed:
    """Put the files there; what was there works until the new one is complete.

    Args:
        source: what to install.
        folder: where `velora_obs.py` is to be.
        libraries: makes the folder of libraries at the path it is given.
        finish: is given the folder with all parts, before they come into use.
        keep_old: asked when the new one is there: OBS runs, and may still load something of the
            old one.
        configuration: OBS's folder that it is for.

    Raises:
        Failure: it isn't possible; what was there is as it was.
    """
    version = source.version
    before = installed(folder)
    shared = before is not None and before.shared
    staging = folder / (_STAGING + str(os.getpid()))
    made = [staging]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        for name in PACKAGES:
            shutil.copytree(str(source.folder / name), str(staging / name), ignore=ignored)
        libraries(staging / LIBRARIES)
        files = _digests(staging)
        script = (source.folder / SCRIPT_NAME).read_text(encoding="utf-8")
        name = PARTS_PREFIX + version + "-" + _short(files, script)
        manifest = {
            "version": version,
            "configuration": configuration,
            "shared": shared,
            "script": _text_digest(script),
            "files": files,
        }
        (staging / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        finish(staging)
        parts = folder / name
        if parts.exists():
            if _whole(parts, files) and _same_manifest(parts, staging):
                shutil.rmtree(str(staging))
            else:
                os.rename(str(parts), str(folder / (_STAGING + "damaged-" + str(os.getpid()))))
                os.rename(str(staging), str(parts))
        else:
            made.append(parts)
            os.rename(str(staging), str(parts))
        if source.preset:
            write_whole(folder / PRESET, source.preset.read_bytes(), 0o600)
        write_whole(folder / SCRIPT_NAME, _with_parts(script, name).encode("utf-8"))
        if not keep_old():
            _remove_parts(folder, but=name)
        _remove_leftovers(folder)
    except (Failure, OSError) as error:
        there = installed(folder)
        for path in made:  # which would go on filling a disk that is full
            if there is None or path != there.parts:
                shutil.rmtree(str(path), ignore_errors=True)
        if isinstance(error, Failure):
            raise
        raise Failure(
            f"The files can't be put into {folder} ({_reason(error)}): make room or give "
            "yourself access to it, then run this again."
        ) from None
    return Installed(folder, parts, version, [], configuration, shared)


def _reason(error: OSError) -> str:
    """Return why, in the system's words; a copied folder has such a word for each file."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        said = str(error.args[0][0][-1] if isinstance(error.args[0], list) else error)
        found = re.match(r"\[Errno -?\d+\] ([^:]+)", said)
        return found.group(1) if found else said
    return error.strerror or str(error)


def remove(folder: Path) -> bool:
    """Take out all that `install` has put there; say whether there was anything."""
    there = (folder / SCRIPT_NAME).exists() or bool(_parts(folder))
    ours = [folder, folder.parent]
    if folder.parent.parent.name == FOLDER:
        ours.append(folder.parent.parent)
    try:
        # The script first: OBS must not find one without its parts.
        for path in [
            folder / SCRIPT_NAME,
            *_parts(folder),
            folder / "__pycache__",
            folder / PRESET,
        ]:
            _remove(path)
        _remove_leftovers(folder)
        for emptied in ours:
            if emptied.is_dir() and not any(emptied.iterdir()):
                emptied.rmdir()
    except OSError as error:
        raise Failure(
            f"The files in {folder} can't be removed ({error.strerror or error}): close what uses "
            "them, then run this again."
        ) from None
    return there


def older(version: str, than: str) -> bool:
    """Return whether a version is older than another one."""
    return _numbers(version) < _numbers(than)


def ask_before_downgrade(source: Source, there: Installed | None, allowed: bool) -> None:
    """Raise `Failure` when an older version would replace a newer one."""
    if there and there.version and older(source.version, there.version) and not allowed:
        raise Failure(
            f"Version {there.version} is installed and this is the older {source.version}: run "
            "this again with --allow-downgrade if you want that.",
            Exit.USAGE,
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _with_parts(script: str, name: str) -> str:
    return _PARTS_LINE.sub(f'PARTS = "{name}"', script, count=1)


def _short(files: dict[str, str], script: str) -> str:
    whole = json.dumps([files, script], sort_keys=True).encode("utf-8")
    return hashlib.sha256(whole).hexdigest()[:10]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _text_digest(script: str) -> str:
    return hashlib.sha256(_with_parts(script, "").encode("utf-8")).hexdigest()


def _script_digest(path: Path) -> str:
    return _text_digest(path.read_text(encoding="utf-8"))


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    # One that can't be read now must not count as changed later.
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
    }


def _whole(parts: Path, files: dict[str, str]) -> bool:
    return all(_digest(parts / name) == digest for name, digest in files.items())


def _same_manifest(folder: Path, other: Path) -> bool:
    return _digest(folder / _MANIFEST) == _digest(other / _MANIFEST)


def _parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob(PARTS_PREFIX + "*") if path.is_dir())


def _remove_parts(folder: Path, but: str) -> None:
    for path in _parts(folder):
        if path.name != but:
            # Renamed first: half a folder must not look like a whole one.
            gone = folder / (_STAGING + "old-" + path.name)
            os.rename(str(path), str(gone))
            _remove(gone)


def _remove_leftovers(folder: Path) -> None:
    """Remove what an interrupted run has left."""
    for path in folder.glob(_STAGING + "*"):
        _remove(path)
    remove_half_written(folder)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(str(path))
    elif path.exists():
        path.unlink()
