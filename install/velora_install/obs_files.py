"""Changes OBS's own files, which OBS overwrites where it runs meanwhile."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, NamedTuple, Sequence

from . import config_dirs, scene_collections
from .console import Console
from .obs_process import obs_is_running

BACKUPS = "backup"
_CHECK_EVERY = 1.0  # seconds


class ObsStarted(Exception):
    """OBS is running: it would overwrite what is changed now.

    Attributes:
        changed: whether something was changed already when that was seen.
    """

    def __init__(self, changed: bool) -> None:
        super().__init__()
        self.changed = changed


class Changes(NamedTuple):
    """What became of scene collections that were to be changed.

    Attributes:
        any: whether any was changed.
        complete: whether each that can be read is now as it was to be.
    """

    any: bool
    complete: bool


class ObsFiles:
    """The files of one OBS: a copy is made before each change, and none is made while it runs."""

    def __init__(
        self, place: config_dirs.ObsConfigDir, system: str, console: Console, *, wait: bool
    ) -> None:
        """Change nothing yet.

        Args:
            place: which OBS.
            system: ``Windows``, ``Darwin`` or ``Linux``.
            console: where to say things.
            wait: wait until OBS is closed, without asking.
        """
        self.place = place
        self.system = system
        self.console = console
        self._wait = wait

    @property
    def all_backups(self) -> Path:
        """The folder of all copies."""
        return self.place.data / BACKUPS

    def backups(self) -> Path:
        """Return the folder of the copies that are made now."""
        return self.all_backups / time.strftime("%Y-%m-%d_%H-%M-%S")

    def obs_runs(self) -> bool:
        """Return whether this OBS is running."""
        return obs_is_running(self.system, config=self.place.config)

    def wait_for_obs(self) -> bool:
        """Wait until OBS is closed, if that is wanted; return whether it is running."""
        if not self.obs_runs():
            return False
        if not self._wait and not (
            self.console.can_ask
            and self.console.agrees("OBS is running. Close it; shall this wait for that?")
        ):
            return True
        self.console.say("Waiting until OBS is closed …")
        while self.obs_runs():
            time.sleep(_CHECK_EVERY)
        return False

    def change_collections(
        self,
        collections: Sequence[scene_collections.Collection],
        new_text: Callable[[str], str],
        sentence: str,
    ) -> Changes:
        """Change scene collections, and say for each what happened.

        Args:
            collections: which.
            new_text: makes the new content from the present one.
            sentence: says that it was changed, with a place for the collection's name.

        Raises:
            ObsStarted: OBS is running.
        """
        backups = self.backups()
        changed_any, complete = False, True
        for collection in collections:
            # Each time, and read anew: OBS may have been started since, or closed.
            self.refuse_while_obs_runs(changed_any)
            latest = scene_collections.read(collection.path)
            backup = backups / collection.path.name
            changed, problem = scene_collections.change(latest, new_text, backup)
            if changed:
                changed_any = True
                self.console.say(sentence.format(collection.name), "good")
            if problem:
                self.console.say(problem, "unsure")
                complete = complete and latest.text is None
        # What was written while it started it will overwrite.
        self.refuse_while_obs_runs(changed_any)
        return Changes(changed_any, complete)

    def refuse_while_obs_runs(self, changed: bool = False) -> None:
        """See to it that nothing is written that OBS overwrites.

        Args:
            changed: whether something was changed already.

        Raises:
            ObsStarted: OBS is running.
        """
        if self.obs_runs():
            raise ObsStarted(changed)
