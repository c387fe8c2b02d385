"""The other configurations of OBS that this user has: what they use is not taken from them."""

from __future__ import annotations

import os
from pathlib import Path

from . import config_dirs, payload, scene_collections


class Neighbours:
    """All configurations of this user but one."""

    def __init__(self, place: config_dirs.ObsConfigDir, system: str) -> None:
        """Find them all.

        Args:
            place: the one.
            system: ``Windows``, ``Darwin`` or ``Linux``.
        """
        self._place = place
        self._system = system
        known = config_dirs.known(
            system,
            os.environ,
            Path.home(),
            config_dirs.program_from_registry,
            payload.installed_for,
        )
        self._others = [
            other for other in known if not config_dirs.same_configuration(other, place, system)
        ]

    def using(self, script: Path) -> list[config_dirs.ObsConfigDir]:
        """Return those that load this script."""
        path = config_dirs.obs_path(script)
        return [
            other
            for other in self._others
            if any(
                scene_collections.may_have(collection, path, self._system)
                for collection in scene_collections.read_all(other.scenes)
            )
        ]

    def with_the_same_secrets(self) -> list[config_dirs.ObsConfigDir]:
        """Return those that have the script, and read sign-in and keys where this one does."""
        return [
            other
            for other in self._others
            if self._same_secrets(other)
            and (
                other in self.using(self._place.script)
                or (other.data != self._place.data and payload.installed(other.script_folder))
            )
        ]

    def _same_secrets(self, other: config_dirs.ObsConfigDir) -> bool:
        """Return whether both may use the same keyring or the same file."""
        place = self._place
        if other.sandboxed or place.sandboxed:
            return other.settings == place.settings
        return True
