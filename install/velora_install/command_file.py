"""The command ``velora`` of one OBS's installation: offered, kept up to date, and taken out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import config_dirs, launcher, pythons
from .console import Console

_QUESTION = "Do you want the command velora for terminals, too? [y/N]"


class CommandFile:
    """The command, as an installation has it."""

    def __init__(self, place: config_dirs.ObsConfigDir, system: str, console: Console) -> None:
        """Change nothing yet.

        Args:
            place: the OBS whose installation it starts.
            system: ``Windows``, ``Darwin`` or ``Linux``.
            console: where to say things.
        """
        self._place, self._system, self._console = place, system, console
        self._file = launcher.file_for(system, os.environ, Path.home())

    def bring_up_to_date(self, parts: Path, python: pythons.Python | None, *, wanted: bool) -> None:
        """Have it start these parts, if it is wanted or was there for this installation before.

        Args:
            parts: the folder with the installed packages.
            python: what OBS runs scripts with; None where it was not found.
            wanted: somebody has asked for it.
        """
        if wanted or launcher.is_of(self._file, self._place.script_folder):
            self._put(parts, python, say_so=wanted)

    def offer(self, parts: Path, python: pythons.Python | None) -> None:
        """Ask whether it is wanted, unless there is one; whoever says yes to all wants none.

        Args:
            parts: the folder with the installed packages.
            python: what OBS runs scripts with; None where it was not found.
        """
        if launcher.exists(self._file):
            return
        if self._console.answer(_QUESTION).lower() in ("y", "yes"):
            self._put(parts, python, say_so=True)

    def remove(self) -> None:
        """Take it out, if it is this installation's."""
        try:
            if launcher.remove(self._file, self._place.script_folder):
                self._console.say("The command velora is removed.", "good")
        except OSError as error:
            self._console.say(
                f"{self._file} can't be removed ({error.strerror or error}): remove it yourself.",
                "unsure",
            )

    def _put(self, parts: Path, python: pythons.Python | None, *, say_so: bool) -> None:
        say = self._console.say
        program = self._program(python)
        if program is None:
            say(
                "The command velora needs Python {}.{} or later: start this with a newer Python "
                "for it.".format(*pythons.OLDEST),
                "unsure",
            )
            return
        try:
            launcher.put(self._file, self._system, program, parts, os.environ)
        except launcher.Foreign:
            say(
                f"There is another {self._file} already, which was left as it is: remove it, then "
                "run this again with --command.",
                "unsure",
            )
            return
        except OSError as error:
            say(
                f"{self._file} can't be written ({error.strerror or error}): make room or give "
                "yourself access to it, then run this again with --command.",
                "unsure",
            )
            return
        if say_so:
            say(f"Type {launcher.to_type(self._file, os.environ)} --help in a terminal.", "good")

    def _program(self, python: pythons.Python | None) -> str | None:
        """Return the Python for it: OBS's own where it can be run, for which all is compiled."""
        if python is not None and not self._place.sandboxed and python.version >= pythons.OLDEST:
            return python.path
        return sys.executable if sys.version_info[:2] >= pythons.OLDEST else None
