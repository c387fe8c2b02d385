"""How an installation ends: exit codes, and the failure that carries one."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    """The command line, or a question that nobody is there to answer."""
    NO_OBS = 3
    OBS_RUNNING = 4
    """The files are there, and what OBS would overwrite was left for later."""
    FINDINGS = 5
    """Something is left to mend: a check found it, OBS has no Python that it can load, or a scene
    collection could not be changed."""


class Failure(Exception):
    """One sentence: what is wrong, and what to do about it."""

    def __init__(self, sentence: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.code = code
