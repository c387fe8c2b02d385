"""Where OBS keeps its configuration, and where this script goes, on each system."""

from __future__ import annotations

import hashlib
import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Callable, Mapping, NamedTuple

SCRIPT_NAME = "velora_obs.py"
FOLDER = "velora-obs"

_OTHER = "obs-"

FLATPAK = ".var/app/com.obsproject.Studio"
SNAP = "snap/obs-studio"
_SNAP_NAME = "OBS Studio (Snap)"


class ObsConfigDir(NamedTuple):
    """One configuration of OBS.

    Attributes:
        name: for people.
        config: OBS's folder ``obs-studio``, with ``basic`` in it.
        data: the folder of ours; on Windows and macOS the settings are in it, too.
        settings: the folder in which this OBS's programs keep their settings (ours below it).
        sandboxed: it sees neither this system's keyring nor its Python.
    """

    name: str
    config: Path
    data: Path
    settings: Path
    sandboxed: bool = False

    @property
    def script_folder(self) -> Path:
        """All that is installed."""
        return self.data / "script"

    @property
    def script(self) -> Path:
        """What OBS loads."""
        return self.script_folder / SCRIPT_NAME

    @property
    def scenes(self) -> Path:
        """The scene collections."""
        return self.config / "basic" / "scenes"

    @property
    def former_data(self) -> Path | None:
        """Where version 0.1.0 had put what now has a folder of its own; None for the usual OBS.

        That folder belongs to the usual OBS, which had to share it.
        """
        return self.data.parent if self.data.name.startswith(_OTHER) else None

    @property
    def former_script(self) -> Path | None:
        """What an OBS that was set up by version 0.1.0 loads."""
        return self.former_data / "script" / SCRIPT_NAME if self.former_data else None


def obs_path(path: PurePath) -> str:
    """Return a path as OBS writes it: with forward slashes, on Windows too."""
    return path.as_posix()


def same_path(path: str, other: str, system: str) -> bool:
    """Return whether two paths in OBS's files mean the same file on `system`."""
    if system == "Windows":
        path, other = path.replace("\\", "/").lower(), other.replace("\\", "/").lower()
    elif system == "Darwin":
        path, other = _folded(path), _folded(other)
    return path == other


def is_configuration(folder: Path) -> bool:
    """Return whether OBS has written here."""
    return any((folder / name).exists() for name in ("global.ini", "user.ini", "basic"))


def find(
    system: str,
    environment: Mapping[str, str],
    home: Path,
    program: Callable[[], Path | None] = lambda: None,
) -> list[ObsConfigDir]:
    """Return all configurations of OBS that this user has.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        environment: the process's.
        home: the user's folder.
        program: tells where OBS itself is, for a portable one.
    """
    found = [
        place
        for place in _possible(system, environment, home, program)
        if is_configuration(place.config)
    ]
    snaps = [place for place in found if place.name == _SNAP_NAME]
    in_use = max(snaps, key=lambda place: _last_used(place.config), default=None)
    return [place for place in found if place not in snaps or place is in_use]


def at(config: Path, system: str, environment: Mapping[str, str], home: Path) -> ObsConfigDir:
    """Return the place with this configuration, which the user has named."""
    for place in _possible(system, environment, home, lambda: None):
        if _real(place.config, system) == _real(config, system):
            return place
    return _other(_native(system, environment, home), config, system)


def known(
    system: str,
    environment: Mapping[str, str],
    home: Path,
    program: Callable[[], Path | None],
    installed_for: Callable[[Path], str | None],
) -> list[ObsConfigDir]:
    """Return all configurations that can be known of.

    Those are the ones of `find`, those that a snap has left, and those that were named when this
    was installed for them.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        environment: the process's variables.
        home: the user's home folder.
        program: finds OBS's own program, on Windows.
        installed_for: tells for which configuration something is installed in a folder.
    """
    found = _possible(system, environment, home, program)
    native = _native(system, environment, home)
    if system == "Linux":
        usual = native._replace(config=home / ".config" / "obs-studio", settings=home / ".config")
        found.append(usual)
    for folder in sorted(native.data.glob(_OTHER + "*")):
        config = installed_for(folder / "script")
        if config:
            found.append(_other(native, Path(config), system))
    different = {_real(place.config, system): place for place in reversed(found)}
    return [place for place in different.values() if is_configuration(place.config)]


def same_configuration(place: ObsConfigDir, other: ObsConfigDir, system: str) -> bool:
    """Return whether two configurations are one."""
    return _real(place.config, system) == _real(other.config, system)


def programs(place: ObsConfigDir, system: str, home: Path, program: Path | None) -> list[Path]:
    """Return where OBS's own program may be, on Windows and macOS.

    Args:
        place: whose.
        system: ``Windows``, ``Darwin`` or ``Linux``.
        home: the user's home folder.
        program: what `program_from_registry` says.
    """
    if system == "Windows":
        roots = [place.config.parent.parent, *([program] if program else [])]
        return [root / "bin" / "64bit" / "obs64.exe" for root in roots]
    inside = "Applications/OBS.app/Contents/MacOS/OBS"
    return [Path("/") / inside, home / inside] if system == "Darwin" else []


def _other(native: ObsConfigDir, config: Path, system: str) -> ObsConfigDir:
    """Return the place of a configuration that OBS has elsewhere; it gets a folder of its own."""
    key = hashlib.sha256(_real(config, system).encode("utf-8", "surrogateescape")).hexdigest()[:10]
    # One that was started with another XDG_CONFIG_HOME has its settings beside OBS's; a portable
    # one has them where all programs have them.
    beside = system == "Linux" and (config.parent / FOLDER).is_dir()
    return native._replace(
        name="OBS Studio in " + str(config),
        config=config,
        data=native.data / (_OTHER + key),
        settings=config.parent if beside else native.settings,
    )


def _real(config: Path, system: str) -> str:
    path = os.path.realpath(str(config)).replace("\\", "/")
    if system == "Darwin":
        return _folded(path)
    return path if system == "Linux" else path.lower()


def _folded(path: str) -> str:
    """Return a path as macOS compares them: an umlaut may be one character or two."""
    return unicodedata.normalize("NFC", path).lower()


def _last_used(config: Path) -> float:
    """When an OBS has written here last."""
    times = [0.0]
    for pattern in ("*.ini", "logs/*", "basic/scenes/*.json"):
        for path in config.glob(pattern):
            with suppress(OSError):
                times.append(path.stat().st_mtime)
    return max(times)


def _folder(environment: Mapping[str, str], variable: str, otherwise: Path) -> Path:
    stated = environment.get(variable, "")
    return Path(stated) if stated else otherwise


def _native(system: str, environment: Mapping[str, str], home: Path) -> ObsConfigDir:
    if system == "Windows":
        roaming = _folder(environment, "APPDATA", home / "AppData" / "Roaming")
        local = _folder(environment, "LOCALAPPDATA", home / "AppData" / "Local")
        return ObsConfigDir("OBS Studio", roaming / "obs-studio", local / FOLDER, local)
    if system == "Darwin":
        support = home / "Library" / "Application Support"
        return ObsConfigDir("OBS Studio", support / "obs-studio", support / FOLDER, support)
    config = _folder(environment, "XDG_CONFIG_HOME", home / ".config")
    data = _folder(environment, "XDG_DATA_HOME", home / ".local" / "share")
    return ObsConfigDir("OBS Studio", config / "obs-studio", data / FOLDER, config)


def _possible(
    system: str,
    environment: Mapping[str, str],
    home: Path,
    program: Callable[[], Path | None],
) -> list[ObsConfigDir]:
    native = _native(system, environment, home)
    possible = [native]
    if system == "Linux":
        app = home / FLATPAK
        config = app / "config"
        flatpak = ObsConfigDir(
            "OBS Studio (Flatpak)", config / "obs-studio", app / "data" / FOLDER, config, True
        )
        possible.append(flatpak)
        snap = home / SNAP
        for config in (snap / "common" / ".config", snap / "current" / ".config"):  # new, old
            # A snap may not read hidden folders, ours must not be in one.
            data = snap / "common" / FOLDER
            possible.append(ObsConfigDir(_SNAP_NAME, config / "obs-studio", data, config, True))
    if system == "Windows":
        folder = program()
        if folder is not None:
            config = folder / "config" / "obs-studio"
            portable = _other(native, config, system)
            possible.append(portable._replace(name="OBS Studio (portable)"))
    return possible


def program_from_registry() -> Path | None:
    """Return where OBS's own installer has put it, on Windows."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        return Path(winreg.QueryValue(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\OBS Studio"))
    except OSError:
        return None
