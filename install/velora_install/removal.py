"""Takes the script out of one OBS."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from . import config_dirs, doctor, obs_python, payload, scene_collections
from .command_file import CommandFile
from .console import Console
from .docks import Docks
from .exit_codes import Exit, Failure
from .neighbours import Neighbours
from .obs_files import BACKUPS, ObsFiles, ObsStarted


class Removal:
    """One removal."""

    def __init__(self, options: argparse.Namespace, files: ObsFiles) -> None:
        """Change nothing yet.

        Args:
            options: of the command line.
            files: of the OBS that it is from.
        """
        self._options = options
        self._files = files
        self._place, self._system, self._console = files.place, files.system, files.console

    def run(self) -> int:
        """Remove it, and return the exit code; raise `Failure`."""
        self._files.wait_for_obs()
        others = Neighbours(self._place, self._system)
        if self._options.forget:
            _refuse_to_forget_for(others.with_the_same_secrets())
        there = payload.installed(self._place.script_folder)
        if there is None and self._place.former_script:
            there = payload.installed(self._place.former_script.parent)
        try:
            taken_out = self._take_out()
            Docks(self._options, self._files).take_out()
        except ObsStarted:
            raise Failure(
                "OBS is running and would put the script back into its scenes: close OBS, then "
                "run this again.",
                Exit.OBS_RUNNING,
            ) from None
        if self._options.forget and there:
            self._forget(there)
        removed = self._remove_files(others)
        remove_former(self._place, self._system, self._console)
        self._console.say(
            "Velora for OBS is removed."
            if removed or taken_out
            else "Velora for OBS was not installed.",
            "good",
        )
        if self._options.forget and not there:
            raise Failure(
                "Nothing is installed that could forget sign-in and settings: if that was not "
                "done before, install this again, then run this again."
            )
        return Exit.DONE

    def _take_out(self) -> bool:
        """Take the script out of all scene collections; say whether it was in any."""
        paths = (self._place.script, self._place.former_script)
        scripts = [config_dirs.obs_path(path) for path in paths if path]

        def without(text: str) -> str:
            for script in scripts:
                text = scene_collections.without_script(text, script, self._system)
            return text

        there = self._files.change_collections(
            scene_collections.read_all(self._place.scenes),
            without,
            "The script is out of the scene collection “{}”.",
        )
        copies = self._files.change_collections(
            scene_collections.read_backups(self._place.scenes),
            without,
            "The script is out of OBS's own copy of “{}”.",
        )
        if not (there.complete and copies.complete):
            raise Failure(
                "The script is still in what could not be changed, so its files stay: do what is "
                "said above, then run this again."
            )
        return there.any or copies.any

    def _remove_files(self, others: Neighbours) -> bool:
        """Remove what is installed, unless it is another OBS's as well."""
        there = payload.installed(self._place.script_folder)
        using = others.using(self._place.script)
        if using:
            self._console.say(
                f"The files in {self._place.script_folder} stay, because the OBS with its settings "
                f"in {using[0].config} uses them: run this for that one, too.",
                "unsure",
            )
            return False
        shared = there is not None and there.shared and _may_be_shared(self._place)
        if there and shared and not _gives_up(self._console, there.folder):
            return False
        CommandFile(self._place, self._system, self._console).remove()
        return _remove(self._place.data, self._place.script_folder)

    def _forget(self, there: payload.Installed) -> None:
        python = obs_python.find(self._place, self._system, Path.home()).python
        if python is None or not doctor.run_core(
            self._place, self._system, there.parts, python, "forgetting"
        ):
            raise Failure(
                "Sign-in and settings could not be forgotten: press Sign out in the panel, then "
                "run this again without --forget."
            )
        self._console.say("Sign-in, keys and settings are forgotten.", "good")


def remove_former(place: config_dirs.ObsConfigDir, system: str, console: Console) -> None:
    """Remove the files that an OBS had in common with others, once no other uses them."""
    former = place.former_script
    there = payload.installed(former.parent) if former else None
    if former is None or there is None or not there.shared:
        return
    using = Neighbours(place, system).using(former)
    if not using and _gives_up(console, there.folder):
        _remove(there.folder.parent, there.folder)


def _gives_up(console: Console, folder: Path) -> bool:
    """Return whether files may go that an OBS which nobody knows of may still use."""
    if console.agrees(
        f"An earlier version used the files in {folder} for every OBS. Has no other OBS of "
        "yours the script, and may they be removed?"
    ):
        return True
    console.say(
        f"The files in {folder} stay: an earlier version used them for every OBS. If no other "
        "OBS of yours has the script, remove that folder.",
        "unsure",
    )
    return False


def _refuse_to_forget_for(others: list[config_dirs.ObsConfigDir]) -> None:
    if others:
        raise Failure(
            f"{others[0].name} has the script, too, and may use the same sign-in and keys: run "
            "this without --forget, or take the script out there first.",
            Exit.USAGE,
        )


def _remove(data: Path, script_folder: Path) -> bool:
    """Remove the copies of what was changed, and all that is installed."""
    if (data / BACKUPS).exists():
        shutil.rmtree(str(data / BACKUPS))
    return payload.remove(script_folder)


def _may_be_shared(place: config_dirs.ObsConfigDir) -> bool:
    """Return whether version 0.1.0 has used this place's folder for others as well."""
    return not place.sandboxed and place.former_data is None
