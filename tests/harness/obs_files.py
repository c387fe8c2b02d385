"""What an OBS has written: its profiles and scene collections, as they are on disk."""

from __future__ import annotations

import configparser
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from tests.harness.installation import ObsInstallation
from tests.harness.waiting import HarnessError, wait_until

__all__ = ["ObsFiles"]

T = TypeVar("T")


class ObsFiles:
    """The files of one OBS."""

    installation: ObsInstallation
    home: Path

    def _profile_folder(self, name: str) -> Path:
        return self._profile(name)[0]

    def _profile(self, name: str) -> tuple[Path, configparser.ConfigParser]:
        """Return a profile's folder, and its ``basic.ini``."""
        folder = self.installation.config_folder(self.home) / "basic" / "profiles"

        def find() -> tuple[Path, configparser.ConfigParser] | None:
            for candidate in folder.iterdir():
                with suppress(FileNotFoundError):
                    ini = _read_ini(candidate / "basic.ini")
                    if ini.get("General", "Name", fallback=candidate.name) == name:
                        return candidate, ini
            return None

        return _while_replaced(find, f"the profile {name!r} on disk")

    def service_json(self, profile: str = "Main") -> dict[str, Any] | None:
        """Return a profile's ``service.json``, or None when there is none."""
        path = self._profile_folder(profile) / "service.json"
        if not path.exists() and not path.with_name(path.name + ".bak").exists():
            return None
        return _while_replaced(lambda: _read_json(path), f"the service of {profile!r} on disk")

    def basic_ini(self, profile: str = "Main") -> dict[str, dict[str, str]]:
        """Return a profile's ``basic.ini``, by group."""
        _, ini = self._profile(profile)
        return {group: dict(ini.items(group)) for group in ini.sections()}

    def collection_json(self, name: str = "Main") -> dict[str, Any]:
        """Return a scene collection as it is on disk."""
        folder = self.installation.config_folder(self.home) / "basic" / "scenes"

        def read() -> dict[str, Any] | None:
            for path in folder.glob("*.json"):
                data = _read_json(path)
                if data.get("name", path.stem) == name:
                    return data
            return None

        return _while_replaced(read, f"the scene collection {name!r} on disk")

    def script_settings(self, script: str, collection: str = "Main") -> dict[str, Any]:
        """Return a script's settings as the scene collection on disk holds them.

        Args:
            script: the script's file name.
        """
        for entry in self.collection_json(collection)["modules"]["scripts-tool"]:
            if Path(entry["path"]).name == script:
                return dict(entry.get("settings") or {})
        raise HarnessError(f"the scene collection {collection!r} holds no script {script!r}")


def _while_replaced(read: Callable[[], T | None], what: str) -> T:
    """Return what `read` finds, once there is something.

    OBS puts the old file aside before the new one takes its name: for a moment there is none.
    """

    def there() -> T | None:
        with suppress(FileNotFoundError):
            return read()
        return None

    return wait_until(there, what=what)


def _read_json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    return data


def _read_ini(path: Path) -> configparser.ConfigParser:
    ini = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    ini.optionxform = str  # type: ignore[assignment,method-assign]
    ini.read_string(path.read_text(encoding="utf-8-sig"))
    return ini
