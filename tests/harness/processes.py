"""Processes that leave nothing behind: each is ended by its own id, with all it has started."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tests.harness.waiting import HarnessError, WaitTimeout, wait_until

__all__ = [
    "OwnedProcess",
    "ProcessUsage",
    "alive",
    "remove_scratch_dir",
    "scratch_dir",
    "system_environment",
]

_OWNER = "VELORA_HARNESS_OWNER"
_RUN = "VELORA_HARNESS_RUN"
_RUN_ID = uuid.uuid4().hex

# Cleans up when this interpreter is killed: it outlives it and sees its own input end.
_WARDEN = r"""
import os, shutil, signal, sys, time
marker, watched = sys.argv[1].encode(), set()
for line in sys.stdin:
    sign, what = line[0], line[1:].rstrip("\n")
    watched.add(what) if sign == "+" else watched.discard(what)
for force in (signal.SIGTERM, *[signal.SIGKILL] * 9):
    found = False
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
            with open(f"/proc/{pid}/environ", "rb") as environ:
                ours = marker in environ.read().split(b"\0")
            if fields[0] not in "ZX" and (ours or fields[3] in watched):
                os.kill(int(pid), force)
                found = True
        except OSError:
            pass
    if not found:
        break
    time.sleep(1)
for folder in watched:
    if folder.startswith("/"):
        shutil.rmtree(folder, ignore_errors=True)
"""


class _Warden:
    """Ends what is left of a test run whose interpreter was killed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._input: IO[str] | None = None
        self._process: subprocess.Popen[str] | None = None

    def watch(self, what: Path | int) -> bool:
        """See to it at the end: remove a folder, end the processes of a session.

        Returns:
            False when the end has come: nobody sees to it any more.
        """
        return self._send("+", what)

    def forget(self, what: Path | int) -> None:
        """Take note that it is gone already."""
        self._send("-", what)

    def _send(self, sign: str, what: Path | int) -> bool:
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _WARDEN, f"{_RUN}={_RUN_ID}"],
                    stdin=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
                self._input = self._process.stdin
                atexit.register(self._dismiss)
            if self._input is None or self._input.closed:
                return False
            self._input.write(f"{sign}{what}\n")
            self._input.flush()
            return True

    def _dismiss(self) -> None:
        if self._input is not None and self._process is not None:
            with self._lock, suppress(OSError):
                self._input.close()
            self._process.wait(timeout=20)


_warden = _Warden()


def scratch_dir(prefix: str) -> Path:
    """Return a new temporary folder that is gone after the run, even a killed one.

    Remove it earlier with `remove_scratch_dir`.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"velora-{prefix}-"))
    _warden.watch(folder)
    return folder


def remove_scratch_dir(folder: Path) -> None:
    """Remove a folder made by `scratch_dir`."""
    shutil.rmtree(folder, ignore_errors=True)
    _warden.forget(folder)


def system_environment(home: Path) -> dict[str, str]:
    """Return the environment a driven program starts from: nothing of the developer's own.

    Args:
        home: its home folder.
    """
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _process_ids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _stat_fields(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat from the third (state) on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _adopt_orphans() -> None:
    """Have what a driven program leaves behind become this process's children.

    The bus starts its services as orphans. Not every machine's first process reaps those.
    """
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def alive(pid: int) -> bool:
    """Return whether a process is there and not merely waiting to be reaped."""
    try:
        return _stat_fields(pid)[0] not in "ZX"
    except (OSError, IndexError):
        return False


class ProcessUsage:
    """Threads, descriptors, memory and processor time of a process, as the kernel counts them."""

    def __init__(
        self, *, threads: dict[int, str], descriptors: int, resident_bytes: int, cpu_seconds: float
    ) -> None:
        self.threads = threads
        self.descriptors = descriptors
        self.resident_bytes = resident_bytes
        self.cpu_seconds = cpu_seconds

    @classmethod
    def of(cls, pid: int) -> ProcessUsage:
        """Look at a process now."""
        root = Path(f"/proc/{pid}")
        threads: dict[int, str] = {}
        for task in (root / "task").iterdir():
            with suppress(OSError):
                threads[int(task.name)] = (task / "comm").read_text().strip()
        fields = _stat_fields(pid)
        resident_pages = int((root / "statm").read_text().split()[1])
        return cls(
            threads=threads,
            descriptors=len(os.listdir(root / "fd")),
            resident_bytes=resident_pages * os.sysconf("SC_PAGE_SIZE"),
            cpu_seconds=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        )

    def __repr__(self) -> str:
        return (
            f"ProcessUsage(threads={len(self.threads)}, descriptors={self.descriptors}, "
            f"resident_bytes={self.resident_bytes}, cpu_seconds={self.cpu_seconds:.2f})"
        )


class OwnedProcess:
    """A program started by a test, and everything that program starts."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        name: str | None = None,
        output: Path | None = None,
        stdin: int | None = subprocess.DEVNULL,
        stdout: int | None = None,
        stderr: int | None = None,
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> None:
        """Start it.

        Args:
            name: what failure messages call it.
            output: a file for standard output and error.
            stdout: instead of the file, such as `subprocess.PIPE`.
            stderr: instead of the file, such as `subprocess.STDOUT`.

        Raises:
            HarnessError: the test run is over.
        """
        _adopt_orphans()
        self.name = name or Path(command[0]).name
        self._marker = f"{_OWNER}={uuid.uuid4().hex}"
        owner_name, _, owner = self._marker.partition("=")
        log = output.open("ab") if output is not None else None
        try:
            self.popen = subprocess.Popen(
                list(command),
                env={**environment, owner_name: owner, _RUN: _RUN_ID},
                stdin=stdin,
                stdout=stdout if stdout is not None else (log or subprocess.DEVNULL),
                stderr=stderr if stderr is not None else (log or subprocess.DEVNULL),
                pass_fds=tuple(pass_fds),
                cwd=cwd,
                start_new_session=True,
                # Whoever started the tests in the background has had Ctrl-C ignored.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        finally:
            if log is not None:
                log.close()
        if not _warden.watch(self.pid):  # which is its session's number, too
            # A thread that starts anew what has ended would go on while the rest is being ended.
            self.popen.kill()
            self.popen.wait()
            raise HarnessError(f"{self.name} is not started: the test run is over")

    @property
    def pid(self) -> int:
        """The id of the program itself."""
        return self.popen.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.popen.poll()

    def family(self) -> set[int]:
        """Return the ids of all living processes that came from this one, itself included."""
        marker = self._marker.encode()
        parents: dict[int, int] = {}
        members: set[int] = set()
        for pid in _process_ids():
            try:
                fields = _stat_fields(pid)
                if fields[0] in "ZX":
                    continue
                parents[pid] = int(fields[1])
                session = int(fields[3])
                environment = Path(f"/proc/{pid}/environ").read_bytes()
            except (OSError, IndexError):
                continue
            if pid == self.pid or session == self.pid or marker in environment.split(b"\0"):
                members.add(pid)
        while True:
            children = {pid for pid, parent in parents.items() if parent in members} - members
            if not children:
                return members
            members |= children

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program itself, when it still runs."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)

    def wait(self, timeout: float) -> int | None:
        """Wait for its end. Returns the exit code, or None when it still runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.popen.wait(timeout)
        return None

    def stop(self, *, number: signal.Signals = signal.SIGTERM, timeout: float = 10.0) -> bool:
        """End the program and all that came from it. Returns whether it ended when asked.

        Args:
            number: the signal that asks it to end.
            timeout: seconds until it is killed.
        """
        family = self.family()
        self.send(number)
        willing = self.wait(timeout) is not None
        if not willing:
            self.popen.kill()
            self.popen.wait()
        members = family = {pid for pid in family | self.family() if pid != self.pid}
        for number_, timeout in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
            family = {pid for pid in family if alive(pid)}
            if not family:
                break
            for pid in family:
                with suppress(ProcessLookupError):
                    os.kill(pid, number_)
            remaining = family
            with suppress(WaitTimeout):
                wait_until(
                    lambda pids=remaining: not any(alive(pid) for pid in pids),  # type: ignore[misc]
                    what=f"the processes of {self.name} to end",
                    timeout=timeout,
                )
        for pid in members:
            _reap(pid)
        _warden.forget(self.pid)
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return willing

    def usage(self) -> ProcessUsage:
        """Return what the program itself uses now."""
        return ProcessUsage.of(self.pid)
