"""The command line: which OBS is meant, and what is to be done for it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Sequence

from . import config_dirs, doctor, launcher, obs_python, pythons
from .arguments import parser
from .console import Console
from .exit_codes import Exit, Failure
from .files import remove_half_written
from .installation import ROOT, Installation
from .obs_files import ObsFiles
from .removal import Removal
from .run_lock import alone


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    options = parser().parse_args(arguments)
    console = Console(sys.stderr if options.json else None, yes=options.yes)
    try:
        return Command(options, console).run()
    except Failure as failure:
        console.say(str(failure), "bad")
        return failure.code
    except OSError as error:
        reason, file = error.strerror or type(error).__name__, error.filename or "a file"
        console.say(
            f"{file} can't be used ({reason}): make room or give yourself access to it, then run "
            "this again.",
            "bad",
        )
        return Exit.FAILED
    except KeyboardInterrupt:
        console.say("Stopped. Run this again to go on.", "bad")
        return Exit.FAILED


class Command:
    """One run."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        """Change nothing yet.

        Args:
            options: what `arguments.parser` makes of the command line.
            console: where to say things.
        """
        self._options = options
        self._console = console
        self._system = platform.system()
        if self._system not in ("Windows", "Darwin"):
            self._system = "Linux"

    def run(self) -> int:
        """Return the exit code; raise `Failure`."""
        if self._options.forget and not self._options.uninstall:
            raise Failure("--forget goes with --uninstall.", Exit.USAGE)
        if self._system == "Windows":
            _refuse_store_python(sys.executable, sys.base_prefix)
        place = self._place()
        if self._system == "Windows":  # however it is started, its files must be where OBS looks
            _refuse_store_python(os.path.realpath(str(place.data)))
        if self._options.check:
            return self._check(place)
        with alone(place.config, self._console.say):
            return self._change(place)

    def _change(self, place: config_dirs.ObsConfigDir) -> int:
        files = ObsFiles(place, self._system, self._console, wait=self._options.wait)
        backups = files.all_backups
        command = launcher.file_for(self._system, os.environ, Path.home())
        for folder in (place.config, place.scenes, backups, *backups.glob("*"), command.parent):
            remove_half_written(folder)
        if self._options.uninstall:
            return Removal(self._options, files).run()
        return Installation(self._options, files).run()

    # -- which OBS -------------------------------------------------------------------------

    def _place(self) -> config_dirs.ObsConfigDir:
        stated = self._options.config_dir
        if stated is not None:
            stated = Path(os.path.abspath(str(stated)))
            if not config_dirs.is_configuration(stated):
                raise Failure(
                    f"{stated} is not OBS's settings folder: give the folder obs-studio that has "
                    "basic in it.",
                    Exit.USAGE,
                )
            return config_dirs.at(stated, self._system, os.environ, Path.home())
        found = config_dirs.find(
            self._system, os.environ, Path.home(), config_dirs.program_from_registry
        )
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

    # -- checking --------------------------------------------------------------------------

    def _check(self, place: config_dirs.ObsConfigDir) -> int:
        checks = doctor.examine(
            place,
            self._system,
            obs_python.find(place, self._system, Path.home()),
            online=not self._options.offline,
        )
        bad = any(check.ok is False for check in checks)
        if self._options.json:
            print(
                json.dumps(
                    {"ok": not bad, "checks": [check._asdict() for check in checks]}, indent=1
                )
            )
        marks = {True: ("ok   ", "good"), False: ("WRONG", "bad"), None: ("?    ", "unsure")}
        for check in checks:
            mark, tone = marks[check.ok]
            self._console.say(f"{mark} {check.sentence}", tone)
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
