"""Whether OBS is running: it would overwrite its scene collections with what it has in memory."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Callable, Sequence

_STARTING = 0.05  # seconds
_WINDOWS = ("obs64.exe", "obs32.exe")
_LINUX = ("obs", ".obs-wrapped")  # the latter on NixOS
_SNAPS = ("snap", ".snap/data")


def obs_is_running(
    system: str,
    run: Callable[[Sequence[str]], str] = lambda command: _run(command),
    processes: Path = Path("/proc"),
    *,
    config: Path | None = None,
) -> bool:
    """Return whether this user has an OBS running.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        run: gives a command's output.
        processes: where Linux lists them.
        config: OBS's folder; one that uses this counts as well, whatever its home folder.
    """
    if system == "Windows":
        listed = run(["tasklist", "/FO", "CSV", "/NH"])
        return any(f'"{name}"'.lower() in listed.lower() for name in _WINDOWS)
    if system == "Darwin":
        listed = run(["ps", "-axo", "comm="])
        return any(line.strip().endswith("/MacOS/OBS") for line in listed.splitlines())
    return any(_is_obs(entry, config) for entry in processes.iterdir() if entry.name.isdigit())


def _is_obs(entry: Path, config: Path | None) -> bool:
    try:
        mine = not hasattr(os, "getuid") or entry.stat().st_uid == os.getuid()
        if not mine or (entry / "comm").read_text(errors="replace").strip() not in _LINUX:
            return False
        # One that is ending has no variables any more, and writes nothing either; one that is just
        # being started has none yet.
        variables = (entry / "environ").read_bytes()
        if not variables:
            time.sleep(_STARTING)
            variables = (entry / "environ").read_bytes()
    except PermissionError:
        return True  # it does not show them
    except OSError:
        return False  # it has ended, or is about to
    if not variables:
        return False
    pairs = dict(variable.partition(b"=")[::2] for variable in variables.split(b"\0"))
    return _has_home(pairs, Path.home()) or (config is not None and _uses(pairs, config))


def _uses(pairs: dict[bytes, bytes], config: Path) -> bool:
    """Return whether an OBS with these variables has its settings in this folder."""
    base = pairs.get(b"XDG_CONFIG_HOME") or os.path.join(pairs.get(b"HOME", b""), b".config")
    its = os.path.realpath(os.path.join(os.fsdecode(base), "obs-studio"))
    return its == os.path.realpath(str(config))


def _has_home(pairs: dict[bytes, bytes], home: Path) -> bool:
    """Return whether a process is at home here: one with another home has other settings."""
    stated = pairs.get(b"SNAP_REAL_HOME") or pairs.get(b"HOME")
    if not stated:
        return True
    its = os.path.realpath(os.fsdecode(stated))
    # A snap has a home of its own in its user's.
    snaps = [os.path.join(os.path.realpath(str(home / snap)), "") for snap in _SNAPS]
    return its == os.path.realpath(str(home)) or any(map(its.startswith, snaps))


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
