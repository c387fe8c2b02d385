"""What a script takes of the computer: memory, threads, processor, connections, requests."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.frames import NONE, OURS
from tests.benchmarks.scene import Scene
from tests.harness import Obs, Script

__all__ = ["Footprint", "Use", "measure_footprint"]

MINIMAL = "only imports requests"
_SETTLED = 20.0
_LIVE = 150.0
_MINIMAL_CODE = """\
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "velora_lib"))
import requests  # noqa: E402, F401


def script_description():
    return "Imports requests."
"""


class Use(NamedTuple):
    """What OBS used with a script in it, while nothing happened."""

    script: str
    mebibytes: float
    """Resident, at the end."""
    threads: int
    connections: int
    """To the API, open at the end."""
    cpu_seconds: float
    """In all that time, OBS's own drawing included."""
    wakeups: int | None
    """How often our thread was given the processor; None without one."""
    requests: int


class Footprint(NamedTuple):
    """Side by side, and then live."""

    idle: list[Use]
    live_seconds: float
    live_requests: int


def _wakeups(pid: int, thread: int) -> int:
    """Return how often the kernel has taken the processor from a thread."""
    status = Path(f"/proc/{pid}/task/{thread}/status").read_text()
    return sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)


def _connections(pid: int, port: int) -> int:
    """Return the TCP connections of a process to a port of this computer."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].rpartition(":")[2], 16) == port and fields[9] in inodes:
            found += 1
    return found


def measure_footprint(scene: Scene, seconds: float) -> Footprint:
    """Return three OBS side by side, left alone; then ours live.

    Args:
        seconds: how long they are left alone.
    """
    minimal = scene.measured.folder / "minimal.py"
    minimal.write_text(_MINIMAL_CODE)
    port = int(scene.velora.url.rpartition(":")[2])
    for script in (scene.ours, Script(minimal)):
        with scene.obs([script]):  # makes the bytecode, as the installer does
            time.sleep(1.0)
    with ExitStack() as stack:
        running: list[tuple[str, Obs]] = [
            (name, stack.enter_context(scene.obs(scripts)))
            for name, scripts in (
                (NONE, []),
                (MINIMAL, [Script(minimal)]),
                (OURS, [scene.ours]),
            )
        ]
        time.sleep(_SETTLED)
        scene.velora.journal.clear()
        worker = scene.measured.worker
        before = [
            (obs.usage(), _wakeups(obs.pid, worker) if name == OURS else None)
            for name, obs in running
        ]
        time.sleep(seconds)
        idle = []
        for (name, obs), (usage, wakeups) in zip(running, before, strict=True):
            now = obs.usage()
            idle.append(
                Use(
                    script=name,
                    mebibytes=now.resident_bytes / (1 << 20),
                    threads=len(now.threads),
                    connections=_connections(obs.pid, port),
                    cpu_seconds=now.cpu_seconds - usage.cpu_seconds,
                    wakeups=None if wakeups is None else _wakeups(obs.pid, worker) - wakeups,
                    requests=len(scene.velora.journal.find()) if name == OURS else 0,
                )
            )
        scene.velora.journal.clear()
        obs = running[-1][1]
        obs.start_stream()
        time.sleep(_LIVE)
        requests = len(scene.velora.journal.find())
        obs.stop_stream()
    return Footprint(idle, _LIVE, requests)
