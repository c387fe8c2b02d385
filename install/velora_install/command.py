"""The command line: install, update, check, remove."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Callable, Sequence

from . import doctor, libraries, obs_settings, payload, places, pythons, scene_collections
from .console import Console
from .files import remove_half_written
from .outcome import Exit, Failure
from .running import obs_is_running

ROOT = Path(__file__).resolve().parent.parent.parent
_BACKUPS = "backup"
_CHECK_EVERY = 1.0  # seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    options = _parser().parse_args(arguments)
    console = Console(sys.stderr if options.json else None, yes=options.yes)
    try:
        return Command(options, console).run()
    except Failure as failure:
        console.say(str(failure), "bad")
        return failure.code
    except KeyboardInterrupt:
        console.say("Stopped. Run this again to go on.", "bad")
        return Exit.FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="install.py", description="Installs Velora for OBS for this user, or updates it."
    )
    add = parser.add_argument
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--uninstall", action="store_true", help="take it out again")
    what.add_argument("--check", action="store_true", help="say what is right and what isn't")
    add(
        "--forget",
        action="store_true",
        help="with --uninstall: forget sign-in, keys and settings, too",
    )
    add(
        "--config-dir",
        type=Path,
        metavar="FOLDER",
        help="OBS's folder obs-studio, if it isn't where OBS usually has it",
    )
    add(
        "--collection",
        action="append",
        metavar="NAME",
        help="only this scene collection; can be given several times",
    )
    add("--bundle", type=Path, metavar="ZIP", help="install from a bundle, without network")
    add("--wait", action="store_true", help="wait until OBS is closed")
    add("--allow-downgrade", action="store_true", help="replace a newer version")
    add("--offline", action="store_true", help="with --check: don't ask Velora")
    add("--json", action="store_true", help="with --check: for programs")
    add("--yes", action="store_true", help="answer every question with yes")
    return parser


class Command:
    """One run."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        """
        Args:
            options: what `_parser` makes of the command line.
            console: where to say things.
        """
        self._options = options
        self._console = console
        self._system = platform.system()
        if self._system not in ("Windows", "Darwin"):
            self._system = "Linux"

    def run(self) -> int:
        """Returns the exit code; raises `Failure`."""
        if self._options.forget and not self._options.uninstall:
            raise Failure("--forget goes with --uninstall.", Exit.USAGE)
        place = self._place()
        if self._options.check:
            return self._check(place)
        backups = place.data / _BACKUPS
        for folder in (place.config, place.scenes, backups, *backups.glob("*")):
            remove_half_written(folder)
        if self._options.uninstall:
            return self._uninstall(place)
        return self._install(place)

    # -- which OBS -------------------------------------------------------------------------

    def _place(self) -> places.Place:
        stated = self._options.config_dir
        if stated is not None:
            stated = Path(os.path.abspath(str(stated)))
            if not places.is_configuration(stated):
                raise Failure(
                    f"{stated} is not OBS's settings folder: give the folder obs-studio that has "
                    "basic in it.",
                    Exit.USAGE,
                )
            return places.at(stated, self._system, os.environ, Path.home())
        found = places.find(self._system, os.environ, Path.home(), places.program_from_registry)
        if not found:
            raise Failure(
                "No OBS was found for this user: start OBS once and close it, or say with "
                "--config-dir where its settings are.",
                Exit.NO_OBS,
            )
        if len(found) == 1:
            return found[0]
        for number, place in enumerate(found, 1):
            self._console.say(f"{number}. {place.name} in {place.config}")
        number = self._console.choose("There are several OBS. Which one?", len(found))
        if number is None:
            raise Failure("There are several OBS: say with --config-dir which one.", Exit.USAGE)
        return found[number - 1]

    def _python(self, place: places.Place) -> pythons.Python | None:
        """The Python that this OBS uses, or can be told to use."""
        if self._system == "Linux":
            program = pythons.of_linux() or shutil.which("python3")
            return pythons.probe(program) if program else None
        version = obs_settings.version(place.config) or (99, 0)
        fitting = [
            found
            for found in map(pythons.probe, pythons.candidates(self._system))
            if found
            and not pythons.unfit(found, version, self._system)
            and pythons.setting(found, self._system)
        ]
        stated = obs_settings.python_path(place.config)
        for found in fitting:
            if stated and pythons.setting(found, self._system) == stated.replace("\\", "/"):
                return found
        return fitting[0] if fitting else None

    # -- installing ------------------------------------------------------------------------

    def _install(self, place: places.Place) -> int:
        say = self._console.say
        with tempfile.TemporaryDirectory() as unpacked:
            source = self._source(Path(unpacked))
            there = payload.installed(place.script_folder)
            payload.ask_before_downgrade(
                source,
                there,
                self._options.allow_downgrade
                or self._console.agrees("A newer version is installed. Replace it?")
                if there and payload.older(source.version, there.version)
                else True,
            )
            python = self._python(place)
            running = self._wait_for_obs()
            say(f"Installing version {source.version} for {place.name} …")
            payload.install(
                source,
                place.script_folder,
                lambda folder: self._libraries(source, folder, python),
                lambda folder: _compile(folder, python),
                keep_old=running,
            )
        say(f"The files are in {place.script_folder}.", "good")
        if running:
            say(
                "OBS is running, so its scenes were left alone. Two clicks are left: in OBS, open "
                f"Tools → Scripts, press + and choose {place.script}.",
                "unsure",
            )
            return Exit.OBS_RUNNING
        self._register(place)
        self._set_python(place, python)
        say("Done. Start OBS, open Tools → Scripts, choose velora_obs.py and sign in.", "good")
        return Exit.DONE

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
        inside = [path.parent for path in unpacked.glob("*/" + places.SCRIPT_NAME)]
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

    def _wait_for_obs(self) -> bool:
        """Waits if that is wanted; says whether OBS is running."""
        if not obs_is_running(self._system):
            return False
        if not self._options.wait and not (
            self._console.can_ask
            and self._console.agrees("OBS is running. Close it; shall this wait for that?")
        ):
            return True
        self._console.say("Waiting until OBS is closed …")
        while obs_is_running(self._system):
            time.sleep(_CHECK_EVERY)
        return False

    def _register(self, place: places.Place) -> None:
        script = places.obs_path(place.script)
        collections = self._collections(place)
        if not collections:
            self._console.say(
                "OBS has no scene collection yet: start OBS once and close it, then run this "
                "again.",
                "unsure",
            )
        self._change(
            place,
            collections,
            lambda text: scene_collections.with_script(text, script, self._system),
            "The script is now in the scene collection “{}”.",
        )

    def _collections(self, place: places.Place) -> list[scene_collections.Collection]:
        found = scene_collections.read_all(place.scenes)
        wanted = self._options.collection
        if not wanted:
            return found
        unknown = set(wanted) - {one.name for one in found}
        if unknown:
            raise Failure(
                "There is no scene collection “{}”: there are {}.".format(
                    sorted(unknown)[0], ", ".join(f"“{one.name}”" for one in found)
                ),
                Exit.USAGE,
            )
        return [one for one in found if one.name in wanted]

    def _change(
        self,
        place: places.Place,
        collections: list[scene_collections.Collection],
        new_text: Callable[[str], str],
        sentence: str,
    ) -> None:
        backups = place.data / _BACKUPS / time.strftime("%Y-%m-%d_%H-%M-%S")
        for collection in collections:
            backup = backups / collection.path.name
            changed, problem = scene_collections.change(collection, new_text, backup)
            if changed:
                self._console.say(sentence.format(collection.name), "good")
            if problem:
                self._console.say(problem, "unsure")

    def _set_python(self, place: places.Place, python: pythons.Python | None) -> None:
        if self._system == "Linux" or obs_settings.python_path(place.config):
            return
        folder = pythons.setting(python, self._system) if python else None
        if python is None or folder is None:
            newest = pythons.newest_for(obs_settings.version(place.config) or (99, 0))
            self._console.say(
                "OBS needs a Python: install version {}.{} from python.org, then run this "
                "again.".format(*newest),
                "unsure",
            )
            return
        obs_settings.set_python_path(place.config, folder, place.data / _BACKUPS)
        self._console.say(f"OBS now uses {python.name}.", "good")

    # -- removing --------------------------------------------------------------------------

    def _uninstall(self, place: places.Place) -> int:
        if self._wait_for_obs():
            raise Failure(
                "OBS is running and would put the script back into its scenes: close OBS, then "
                "run this again.",
                Exit.OBS_RUNNING,
            )
        there = payload.installed(place.script_folder)
        script = places.obs_path(place.script)
        self._change(
            place,
            scene_collections.read_all(place.scenes),
            lambda text: scene_collections.without_script(text, script, self._system),
            "The script is out of the scene collection “{}”.",
        )
        self._change(
            place,
            scene_collections.read_backups(place.scenes),
            lambda text: scene_collections.without_script(text, script, self._system),
            "The script is out of OBS's own copy of “{}”.",
        )
        if self._options.forget:
            self._forget(place, there)
        if (place.data / _BACKUPS).exists():
            shutil.rmtree(str(place.data / _BACKUPS))
        removed = payload.remove(place.script_folder)
        self._console.say(
            "Velora for OBS is removed." if removed else "Velora for OBS was not installed.", "good"
        )
        return Exit.DONE

    def _forget(self, place: places.Place, there: payload.Installed | None) -> None:
        python = self._python(place)
        if (
            there is None
            or python is None
            or not doctor.run_core(place, self._system, there.parts, python, "forgetting")
        ):
            raise Failure(
                "Sign-in and settings could not be forgotten: press Sign out in the panel, then "
                "run this again without --forget."
            )
        self._console.say("Sign-in, keys and settings are forgotten.", "good")

    # -- checking --------------------------------------------------------------------------

    def _check(self, place: places.Place) -> int:
        checks = doctor.examine(
            place, self._system, self._python(place), online=not self._options.offline
        )
        bad = any(one.ok is False for one in checks)
        if self._options.json:
            print(
                json.dumps({"ok": not bad, "checks": [one._asdict() for one in checks]}, indent=1)
            )
        marks = {True: ("ok   ", "good"), False: ("WRONG", "bad"), None: ("?    ", "unsure")}
        for one in checks:
            mark, tone = marks[one.ok]
            self._console.say(f"{mark} {one.sentence}", tone)
        return Exit.FINDINGS if bad else Exit.DONE


def _compile(folder: Path, python: pythons.Python | None) -> None:
    """Bytecode for the Python that loads it: OBS's first start waits less."""
    if python is None or python.version == sys.version_info[:2]:
        compileall.compile_dir(str(folder), quiet=2)
        return
    subprocess.call(
        [python.path, "-m", "compileall", "-q", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
