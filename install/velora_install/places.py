"""Where OBS keeps its configuration, and where this script goes, on each system."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Callable, Mapping, NamedTuple

SCRIPT_NAME = "velora_obs.py"
FOLDER = "velora-obs"

FLATPAK = ".var/app/com.obsproject.Studio"
SNAP = "snap/obs-studio"


class Place(NamedTuple):
    """One configuration of OBS.

    Attributes:
        name: for people.
        config: OBS's folder ``obs-studio``, with ``basic`` in it.
        data: the folder of ours; on Windows and macOS the settings are in it, too.
        settings: the folder in which this OBS's programs keep their settings (ours below it).
    """

    name: str
    config: Path
    data: Path
    settings: Path

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


def obs_path(path: PurePath) -> str:
    """A path as OBS writes it: with forward slashes, on Windows too."""
    return path.as_posix()


def same_path(one: str, other: str, system: str) -> bool:
    """Whether two paths in OBS's files mean the same file on `system`."""
    if system == "Windows":
        one, other = one.replace("\\", "/").lower(), other.replace("\\", "/").lower()
    elif system == "Darwin":
        one, other = one.lower(), other.lower()
    return one == other


def is_configuration(folder: Path) -> bool:
    """Whether OBS has written here."""
    return any((folder / name).exists() for name in ("global.ini", "user.ini", "basic"))


def find(
    system: str,
    environment: Mapping[str, str],
    home: Path,
    program: Callable[[], Path | None] = lambda: None,
) -> list[Place]:
    """All configurations of OBS that this user has.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        environment: the process's.
        home: the user's folder.
        program: tells where OBS itself is, for a portable one.
    """
    return [
        place
        for place in _possible(system, environment, home, program)
        if is_configuration(place.config)
    ]


def at(config: Path, system: str, environment: Mapping[str, str], home: Path) -> Place:
    """The place with this configuration, which the user has named."""
    for place in _possible(system, environment, home, lambda: None):
        if place.config == config:
            return place
    native = _native(system, environment, home)
    return native._replace(name="OBS Studio in " + str(config), config=config)


def _folder(environment: Mapping[str, str], variable: str, otherwise: Path) -> Path:
    stated = environment.get(variable, "")
    return Path(stated) if stated else otherwise


def _native(system: str, environment: Mapping[str, str], home: Path) -> Place:
    if system == "Windows":
        roaming = _folder(environment, "APPDATA", home / "AppData" / "Roaming")
        local = _folder(environment, "LOCALAPPDATA", home / "AppData" / "Local")
        return Place("OBS Studio", roaming / "obs-studio", local / FOLDER, local)
    if system == "Darwin":
        support = home / "Library" / "Application Support"
        return Place("OBS Studio", support / "obs-studio", support / FOLDER, support)
    config = _folder(environment, "XDG_CONFIG_HOME", home / ".config")
    data = _folder(environment, "XDG_DATA_HOME", home / ".local" / "share")
    return Place("OBS Studio", config / "obs-studio", data / FOLDER, config)


def _possible(
    system: str,
    environment: Mapping[str, str],
    home: Path,
    program: Callable[[], Path | None],
) -> list[Place]:
    native = _native(system, environment, home)
    places = [native]
    if system == "Linux":
        app = home / FLATPAK
        config = app / "config"
        flatpak = Place(
            "OBS Studio (Flatpak)", config / "obs-studio", app / "data" / FOLDER, config
        )
        # A snap may not read hidden folders, ours must not be in one.
        snap = home / SNAP
        config = snap / "current" / ".config"
        snapped = Place(
            "OBS Studio (Snap)", config / "obs-studio", snap / "common" / FOLDER, config
        )
        places += [flatpak, snapped]
    if system == "Windows":
        folder = program()
        if folder is not None:
            config = folder / "config" / "obs-studio"
            places.append(native._replace(name="OBS Studio (portable)", config=config))
    return places


def program_from_registry() -> Path | None:
    """Where OBS's own installer has put it, on Windows."""
    try:
        import winreg
    except ImportError:
        return None
    try:
        return Path(winreg.QueryValue(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\OBS Studio"))
    except OSError:
        return None
