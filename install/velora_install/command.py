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

from . import (
    chat_dock,
    doctor,
    libraries,
    obs_python,
    obs_settings,
    payload,
    places,
    pythons,
    scene_collections,
)
from .console import Console
from .files import remove_half_written
from .neighbours import Neighbours
from .outcome import Exit, Failure
from .running import obs_is_running

ROOT = Path(__file__).resolve().parent.parent.parent
_BACKUPS = "backup"
_CHECK_EVERY = 1.0  # seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    options = _parser().parse_args(arguments)
    console = Console(sys.stderr if options.json else None, yes=options.yes)
    try:
        return Command(options, console).run()
    except Failure as failure:
        console.say(str(failure), "bad")
        return failure.code
    except OSError as error:
        reason, file = error.strerror or type(error).__name__, error.filename or "a file"
        console.say(
            f"{file} can't be used ({reason}): give yourself access to it, then run this again.",
            "bad",
        )
        return Exit.FAILED
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
    add(
        "--replace-python",
        action="store_true",
        help="on Windows and macOS: if OBS can't load the Python it is told, tell it another",
    )
    add(
        "--chat-dock",
        metavar="CHANNEL",
        help="add this Velora channel's chat to OBS as a dock; --uninstall takes it out again",
    )
    add("--yes", action="store_true", help="answer every question with yes")
    return parser


class _ObsStarted(Exception):
    """OBS is running: it would overwrite what is changed now.

    Attributes:
        changed: whether something was changed already when that was seen.
    """

    def __init__(self, changed: bool) -> None:
        super().__init__()
        self.changed = changed


class Command:
    """One run."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        """Change nothing yet.

        Args:
            options: what `_parser` makes of the command line.
            console: where to say things.
        """
        self._options = options
        self._console = console
        self._system = platform.system()
        if self._system not in ("Windows", "Darwin"):
            self._system = "Linux"
        self._config: Path | None = None  # once it is known which OBS

    def run(self) -> int:
        """Return the exit code; raise `Failure`."""
        if self._options.forget and not self._options.uninstall:
            raise Failure("--forget goes with --uninstall.", Exit.USAGE)
        if self._system == "Windows":
            _refuse_store_python(sys.executable, sys.base_prefix)
        place = self._place()
        self._config = place.config
        if self._system == "Windows":  # however it is started, its files must be where OBS looks
            _refuse_store_python(os.path.realpath(str(place.data)))
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
        chosen = self._console.choose("There are several OBS. Which one?", len(found))
        if chosen is None:
            raise Failure("There are several OBS: say with --config-dir which one.", Exit.USAGE)
        return found[chosen - 1]

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
            found = obs_python.find(place, self._system, Path.home())
            self._wait_for_obs()
            say(f"Installing version {source.version} for {place.name} …")
            payload.install(
                source,
                place.script_folder,
                lambda folder: self._libraries(source, folder, found.python),
                lambda folder: _compile(folder, found.python),
                keep_old=self._obs_runs,
                configuration=str(place.config),
            )
        say(f"The files are in {place.script_folder}.", "good")
        try:
            self._register(place)
            usable = self._set_python(place, found)
            if usable:
                self._add_chat_dock(place)
        except _ObsStarted as started:
            say(
                "OBS was started meanwhile and saves its own settings over what was changed: close "
                "OBS, then run this again."
                if started.changed
                else self._what_is_left(place),
                "unsure",
            )
            return Exit.OBS_RUNNING
        self._leave_former(place)
        if not usable:
            say("OBS can't load the script until that is done.", "bad")
            return Exit.FINDINGS
        say("Done. Start OBS, open Tools → Scripts, choose velora_obs.py and sign in.", "good")
        return Exit.DONE

    def _what_is_left(self, place: places.Place) -> str:
        """Say what is left to do, as an OBS that runs saves its scenes over any change of them."""
        running = "OBS is running, so its scenes were left alone. "
        collections = scene_collections.read_all(place.scenes)

        def has(script: Path) -> bool:
            path = places.obs_path(script)
            return any(
                scene_collections.registered(one.text or "{}", path, self._system)
                for one in collections
            )

        if place.former_script and has(place.former_script):
            return running + "Close OBS, then run this again: its script gets a folder of its own."
        if has(place.script):
            return running + (
                "Two clicks are left: in OBS, open Tools → Scripts, choose velora_obs.py and press "
                "Reload."
            )
        return running + (
            f"Two clicks are left: in OBS, open Tools → Scripts, press + and choose {place.script}."
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

    def _obs_runs(self) -> bool:
        return obs_is_running(self._system, config=self._config)

    def _wait_for_obs(self) -> bool:
        """Wait if that is wanted; say whether OBS is running."""
        if not self._obs_runs():
            return False
        if not self._options.wait and not (
            self._console.can_ask
            and self._console.agrees("OBS is running. Close it; shall this wait for that?")
        ):
            return True
        self._console.say("Waiting until OBS is closed …")
        while self._obs_runs():
            time.sleep(_CHECK_EVERY)
        return False

    def _register(self, place: places.Place) -> None:
        self._check_obs()
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
    ) -> bool:
        """Change scene collections, and say for each what happened; raise `_ObsStarted`."""
        backups = self._backups(place)
        changed_any = False
        for collection in collections:
            # Each time, and read anew: OBS may have been started since, or closed.
            self._check_obs(changed_any)
            latest = scene_collections.read(collection.path)
            backup = backups / collection.path.name
            changed, problem = scene_collections.change(latest, new_text, backup)
            if changed:
                changed_any = True
                self._console.say(sentence.format(collection.name), "good")
            if problem:
                self._console.say(problem, "unsure")
        self._check_obs(changed_any)  # what was written while it started it will overwrite
        return changed_any

    def _check_obs(self, changed: bool = False) -> None:
        if self._obs_runs():
            raise _ObsStarted(changed)

    def _add_chat_dock(self, place: places.Place) -> None:
        """Add the channel's chat to OBS's docks, if that is wanted; raise `_ObsStarted`."""
        say = self._console.say
        channel = self._options.chat_dock or ""
        if not channel and not chat_dock.has(place.config):
            channel = self._console.answer(
                "Your channel's name on Velora, to have its chat in OBS as a dock (Enter for no "
                "dock):"
            )
            if channel.lower() in ("y", "yes", "n", "no"):  # it is no yes-or-no question
                channel = ""
        if not channel:
            return
        url = chat_dock.address(channel)
        if url is None:
            say(f"“{channel}” is no channel's name, so no dock was added.", "unsure")
            return
        self._check_obs()
        try:
            added = chat_dock.add(place.config, url, self._backups(place))
        except chat_dock.DocksUnreadable:
            say("OBS's list of docks can't be read, so it was left as it is.", "unsure")
            return
        except OSError as error:
            say(
                f"The chat can't be added to OBS's docks ({error.strerror or error}): give "
                f"yourself access to {error.filename or place.config}, then run this again.",
                "unsure",
            )
            return
        self._check_obs(True)
        if added:
            say(f"Your chat is in OBS under Docks → {chat_dock.TITLE} now.", "good")

    def _take_out_chat_dock(self, place: places.Place) -> None:
        try:
            if chat_dock.has(place.config):
                self._check_obs()
                chat_dock.remove(place.config, self._backups(place))
                self._check_obs(True)
        except OSError as error:
            self._console.say(
                f"The dock {chat_dock.TITLE} could not be taken out ({error.strerror or error}): "
                "remove it in OBS under Docks → Custom Browser Docks.",
                "unsure",
            )

    @staticmethod
    def _backups(place: places.Place) -> Path:
        return place.data / _BACKUPS / time.strftime("%Y-%m-%d_%H-%M-%S")

    def _set_python(self, place: places.Place, found: obs_python.ObsPython) -> bool:
        """Have OBS use a Python that it can load; say whether it does."""
        say = self._console.say
        if self._system == "Linux" or found.told:
            return True
        version = obs_settings.version(place.config) or (99, 0)
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
        self._check_obs()
        try:
            obs_settings.set_python_path(place.config, folder, place.data / _BACKUPS)
        except OSError as error:
            say(
                f"OBS can't be told to use {found.python.name} ({error.strerror or error}): give "
                f"yourself access to {error.filename or place.config}, then run this again.",
                "bad",
            )
            return False
        self._check_obs(True)
        say(f"OBS now uses {found.python.name}.", "good")
        return True

    # -- removing --------------------------------------------------------------------------

    def _uninstall(self, place: places.Place) -> int:
        self._wait_for_obs()
        others = Neighbours(place, self._system)
        if self._options.forget:
            _refuse_to_forget_for(others.with_the_same_secrets())
        there = payload.installed(place.script_folder)
        try:
            taken_out = self._take_out(place)
            self._take_out_chat_dock(place)
        except _ObsStarted:
            raise Failure(
                "OBS is running and would put the script back into its scenes: close OBS, then "
                "run this again.",
                Exit.OBS_RUNNING,
            ) from None
        if self._options.forget:
            self._forget(place, there)
        removed = self._remove_files(place, others)
        self._leave_former(place)
        self._console.say(
            "Velora for OBS is removed."
            if removed or taken_out
            else "Velora for OBS was not installed.",
            "good",
        )
        return Exit.DONE

    def _take_out(self, place: places.Place) -> bool:
        """Take the script out of all scene collections; say whether it was in any."""
        paths = [place.script, *([place.former_script] if place.former_script else [])]
        scripts = [places.obs_path(path) for path in paths]

        def without(text: str) -> str:
            for script in scripts:
                text = scene_collections.without_script(text, script, self._system)
            return text

        found = self._change(
            place,
            scene_collections.read_all(place.scenes),
            without,
            "The script is out of the scene collection “{}”.",
        )
        copies = self._change(
            place,
            scene_collections.read_backups(place.scenes),
            without,
            "The script is out of OBS's own copy of “{}”.",
        )
        return found or copies

    def _remove_files(self, place: places.Place, others: Neighbours) -> bool:
        """Remove what is installed, unless it is another OBS's as well."""
        there = payload.installed(place.script_folder)
        using = others.using(place.script)
        if using:
            self._console.say(
                f"The files in {place.script_folder} stay, because the OBS with its settings in "
                f"{using[0].config} uses them: run this for that one, too.",
                "unsure",
            )
            return False
        if there and there.shared and _may_be_shared(place) and not self._gives_up(there.folder):
            return False
        return _remove(place.data, place.script_folder)

    def _leave_former(self, place: places.Place) -> None:
        """Remove the files that an OBS had in common with others, once no other uses them."""
        former = place.former_script
        there = payload.installed(former.parent) if former else None
        if former is None or there is None or not there.shared:
            return
        using = Neighbours(place, self._system).using(former)
        if not using and self._gives_up(there.folder):
            _remove(there.folder.parent, there.folder)

    def _gives_up(self, folder: Path) -> bool:
        """Return whether files may go that an OBS which nobody knows of may still use."""
        if self._console.agrees(
            f"An earlier version used the files in {folder} for every OBS. Has no other OBS of "
            "yours the script, and may they be removed?"
        ):
            return True
        self._console.say(
            f"The files in {folder} stay: an earlier version used them for every OBS. If no other "
            "OBS of yours has the script, remove that folder.",
            "unsure",
        )
        return False

    def _forget(self, place: places.Place, there: payload.Installed | None) -> None:
        if there is None and place.former_script:
            there = payload.installed(place.former_script.parent)
        python = obs_python.find(place, self._system, Path.home()).python
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
            place,
            self._system,
            obs_python.find(place, self._system, Path.home()),
            online=not self._options.offline,
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


def _refuse_store_python(*paths: str) -> None:
    if not any(map(pythons.of_store, paths)):
        return
    other = next(iter(pythons.candidates("Windows")), None)
    script = ROOT / "install" / "install.py"
    remedy = (
        f'run this instead: "{other}" "{script}"'
        if other
        else "install version 3.12 from python.org, then start install.bat again"
    )
    raise Failure(
        "This is the Microsoft Store's Python, whose files Windows keeps where OBS can't see them: "
        f"{remedy}."
    )


def _refuse_to_forget_for(others: list[places.Place]) -> None:
    if others:
        raise Failure(
            f"{others[0].name} has the script, too, and may use the same sign-in and keys: run "
            "this without --forget, or take the script out there first.",
            Exit.USAGE,
        )


def _remove(data: Path, script_folder: Path) -> bool:
    """Remove the copies of what was changed, and all that is installed."""
    if (data / _BACKUPS).exists():
        shutil.rmtree(str(data / _BACKUPS))
    return payload.remove(script_folder)


def _may_be_shared(place: places.Place) -> bool:
    """Return whether version 0.1.0 has used this place's folder for others as well."""
    return not place.sandboxed and place.former_data is None


def _compile(folder: Path, python: pythons.Python | None) -> None:
    """Make the bytecode for the Python that loads it, so that OBS's first start waits less."""
    if python is None or python.version == sys.version_info[:2]:
        compileall.compile_dir(str(folder), quiet=2)
        return
    subprocess.call(
        [python.path, "-m", "compileall", "-q", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
