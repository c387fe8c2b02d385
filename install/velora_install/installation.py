"""Installs the script for one OBS, or updates it."""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import (
    config_dirs,
    doctor,
    libraries,
    obs_python,
    obs_settings,
    payload,
    pythons,
    scene_collections,
)
from .command_file import CommandFile
from .docks import Docks
from .exit_codes import Exit, Failure
from .obs_files import ObsFiles, ObsStarted
from .removal import remove_former

ROOT = Path(__file__).resolve().parent.parent.parent


class Installation:
    """One installation."""

    def __init__(self, options: argparse.Namespace, files: ObsFiles) -> None:
        """Change nothing yet.

        Args:
            options: of the command line.
            files: of the OBS that it is for.
        """
        self._options = options
        self._files = files
        self._place, self._system, self._console = files.place, files.system, files.console

    def run(self) -> int:
        """Install, and return the exit code; raise `Failure`."""
        say = self._console.say
        _refuse_what_obs_cannot_name(self._place.script)
        with tempfile.TemporaryDirectory() as unpacked:
            source = self._source(Path(unpacked))
            there = payload.installed(self._place.script_folder)
            payload.ask_before_downgrade(
                source,
                there,
                self._options.allow_downgrade
                or self._console.agrees("A newer version is installed. Replace it?")
                if there and payload.older(source.version, there.version)
                else True,
            )
            found = obs_python.find(self._place, self._system, Path.home())
            self._files.wait_for_obs()
            say(f"Installing version {source.version} for {self._place.name} …")
            put = payload.install(
                source,
                self._place.script_folder,
                lambda folder: self._libraries(source, folder, found.python),
                lambda folder: compile_for(folder, found.python),
                keep_old=self._files.obs_runs,
                configuration=str(self._place.config),
            )
        say(f"The files are in {self._place.script_folder}.", "good")
        command = CommandFile(self._place, self._system, self._console)
        command.bring_up_to_date(put.parts, found.python, wanted=self._options.command)
        try:
            registered, complete = self._register()
            usable = self._set_python(found)
            if usable:
                Docks(self._options, self._files).add_wanted()
        except ObsStarted as started:
            say(
                "OBS was started meanwhile and saves its own settings over what was changed: close "
                "OBS, then run this again."
                if started.changed
                else self._what_is_left(),
                "unsure",
            )
            return Exit.OBS_RUNNING
        if complete:
            remove_former(self._place, self._system, self._console)
        if not (usable and registered):
            say("OBS can't load the script until that is done.", "bad")
            return Exit.FINDINGS
        if not complete:
            say(
                "Not every scene collection has the script: do what is said above, then run this "
                "again.",
                "bad",
            )
            return Exit.FINDINGS
        command.offer(put.parts, found.python)
        say("Done. Start OBS, open Tools → Scripts, choose velora_obs.py and sign in.", "good")
        return Exit.DONE

    def _what_is_left(self) -> str:
        """Say what is left to do, as an OBS that runs saves its scenes over any change of them."""
        running = "OBS is running, so its scenes were left alone. "
        has, former = self._is_in_a_collection, self._place.former_script
        if former and has(former):
            return running + "Close OBS, then run this again: its script gets a folder of its own."
        if has(self._place.script):
            return running + (
                "Two clicks are left: in OBS, open Tools → Scripts, choose velora_obs.py and press "
                "Reload."
            )
        return running + (
            "Two clicks are left: in OBS, open Tools → Scripts, press + and choose "
            f"{self._place.script}."
        )

    def _source(self, unpacked: Path) -> payload.Source:
        bundle = self._options.bundle
        if bundle is None:
            return payload.Source(ROOT)
        try:
            with zipfile.ZipFile(str(bundle)) as archive:
                archive.extractall(str(unpacked))
        except (OSError, zipfile.BadZipFile) as error:
            raise Failure(
                f"The bundle {bundle} can't be read ({error}): download it again."
            ) from None
        inside = [path.parent for path in unpacked.glob("*/" + config_dirs.SCRIPT_NAME)]
        return payload.Source(inside[0] if inside else unpacked)

    def _libraries(
        self, source: payload.Source, folder: Path, python: pythons.Python | None
    ) -> None:
        ready = source.bundled_libraries
        if ready is not None:
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(str(ready), str(folder), ignore=ignored)
            return
        chosen = libraries.choose([sys.executable, *([python.path] if python else [])])
        self._console.say("Getting the Python packages (some 2 MB) …")
        libraries.build(folder, chosen)

    def _register(self) -> tuple[bool, bool]:
        """Put the script into the scene collections; say whether it is in any, and in each."""
        self._files.refuse_while_obs_runs()
        script = config_dirs.obs_path(self._place.script)
        collections = self._collections()
        if not collections:
            self._console.say(
                "OBS has no scene collection yet: start OBS once and close it, then run this "
                "again.",
                "unsure",
            )
        changes = self._files.change_collections(
            collections,
            lambda text: scene_collections.with_script(text, script, self._system),
            "The script is now in the scene collection “{}”.",
        )
        return self._is_in_a_collection(self._place.script), changes.complete

    def _is_in_a_collection(self, script: Path) -> bool:
        path = config_dirs.obs_path(script)
        return any(
            scene_collections.registered(collection.text or "{}", path, self._system)
            for collection in scene_collections.read_all(self._place.scenes)
        )

    def _collections(self) -> list[scene_collections.Collection]:
        found = scene_collections.read_all(self._place.scenes)
        wanted = self._options.collection
        if not wanted:
            return found
        unknown = set(wanted) - {collection.name for collection in found}
        if unknown:
            raise Failure(
                "There is no scene collection “{}”: there are {}.".format(
                    sorted(unknown)[0], ", ".join(f"“{collection.name}”" for collection in found)
                ),
                Exit.USAGE,
            )
        return [collection for collection in found if collection.name in wanted]

    def _set_python(self, found: obs_python.ObsPython) -> bool:
        """Have OBS use a Python that it can load; say whether it does."""
        say = self._console.say
        if self._system == "Linux" or found.told:
            return True
        version = obs_settings.version(self._place.config) or (99, 0)
        if found.problem:
            say(doctor.cannot_load(found) + ".", "bad")
        folder = found.python and pythons.setting(found.python, self._system, version)
        if found.python is None or folder is None:
            say(
                "OBS needs a Python: install version {}.{} from python.org, then run this "
                "again.".format(*pythons.newest_for(version)),
                "unsure",
            )
            return False
        if found.problem and not (
            self._options.replace_python
            or self._console.agrees(f"Shall OBS use {found.python.name} in {folder} instead?")
        ):
            say(
                f"Run this again with --replace-python to have OBS use {found.python.name} in "
                f"{folder}, or choose one in OBS under Tools → Scripts → Python Settings.",
                "unsure",
            )
            return False
        self._files.refuse_while_obs_runs()
        try:
            obs_settings.set_python_path(self._place.config, folder, self._files.all_backups)
        except OSError as error:
            say(
                f"OBS can't be told to use {found.python.name} ({error.strerror or error}): make "
                f"room or give yourself access to {error.filename or self._place.config}, then run "
                "this again.",
                "bad",
            )
            return False
        self._files.refuse_while_obs_runs(True)
        say(f"OBS now uses {found.python.name}.", "good")
        return True


def _refuse_what_obs_cannot_name(script: Path) -> None:
    try:
        str(script).encode("utf-8")
    except UnicodeEncodeError:
        raise Failure(
            f"OBS can't load a script from {script.parent}, whose name is not in UTF-8: rename the "
            "folder, or set XDG_DATA_HOME to another one, then run this again."
        ) from None


def compile_for(folder: Path, python: pythons.Python | None) -> None:
    """Make the bytecode for the Python that loads it, so that OBS's first start waits less."""
    if python is None or python.version == sys.version_info[:2]:
        compileall.compile_dir(str(folder), quiet=2)
        return
    subprocess.call(
        [python.path, "-m", "compileall", "-q", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=str(folder),
    )
