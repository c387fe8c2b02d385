"""What the command `velora` and the library cost, beside Python and requests themselves.

    .cache/venv-3.11/bin/python -m tests.benchmarks.outside_obs

It prints its tables; with --write it puts them into tests/benchmarks/OUTSIDE_OBS.md. It takes two
minutes. Leave the computer alone meanwhile.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.many_clients import KINDS
from tests.benchmarks.report import table
from tests.simulator import Simulator
from tests.tooling.command import command_parser
from tests.tooling.environment import ROOT

__all__ = ["COMPANION", "RESULT", "main"]

RESULT = Path(__file__).with_name("OUTSIDE_OBS.md")
COMPANION = "## The companion, beside a real OBS"
"""What `companion_costs.py` has written begins with it, and stays."""
_MANY = 1000
_WATCHED = 20.0  # seconds of an idle `velora watch`
_MIB = 1024.0  # what `ru_maxrss` and /proc count in, in a MiB
_ASKS = (
    "import os, requests; "
    "requests.get(os.environ['VELORA_API_URL'] + '/stream/info', timeout=10, "
    "headers={'Authorization': 'Bearer ' + os.environ['VELORA_ACCESS_TOKEN']}).json()"
)
_VELORA = ("-m", "velora_hosts")
_CASES: Mapping[str, tuple[str, ...]] = {
    "`python -c pass`": ("-c", "pass"),
    '`python -c "import requests"`': ("-c", "import requests"),
    '`python -c "import keyring"`': ("-c", "import keyring"),
    "requests, and the same request": ("-c", _ASKS),
    "`velora --version`": (*_VELORA, "--version"),
    "`velora info`": (*_VELORA, "info"),
}
_QUIET = 0.5  # load average of a computer that does nothing else
_BUSY = " The computer was busy with other work as well: on a quiet one all of it is\nfaster."
_ABOUT = """\
# What the command and the library cost

Made by `python -m tests.benchmarks.outside_obs --write`: Python {python}, requests {requests},
{system}, {cores} cores, {when} UTC; load average of the system {before:.2f} before and {after:.2f}
after.{busy} Velora is simulated, on the same computer.

## The command

Each case is a process of its own, {repeat} × by turns, with Python's bytecode there; the median
counts. The ratio is that of the processor's time, which a busy computer changes least. *Most
memory* is the resident memory's peak.

{commands}
`velora info` takes {requests_of_info} request, and {own:.0f} ms ({own_processor:.0f} ms of the
processor) more than the same request made with requests alone. The token is in
`VELORA_ACCESS_TOKEN`; with a sign-in the keyring's library comes to it.

`velora watch` on a channel where nothing happens, {watched:.0f} s after its first line: resident
memory {watch_memory:.1f} MiB. Requests for the stream's info until that line: {watch_asked}; after
it: {watch_polls}.

## {many} clients in one process

A `VeloraClient` for each of {many} users, each with a token, a session and a connection of its own,
beside as many `requests.Session`s; then one request for each, from 32 threads. The simulated Velora
answers on the same cores. Most of a client is its TLS context, which trusts what the system trusts;
a session has none until it needs one, and both ask by HTTP here.

{clients}
"""


# In a process of its own, because the peak of memory is also that of whoever starts the other one.
_STOPWATCH = """
import os, sys, time
began = time.perf_counter()
null = os.open(os.devnull, os.O_RDWR)
out = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)]
words = [sys.executable, *sys.argv[1:]]
child = os.posix_spawn(words[0], words, os.environ, file_actions=out)
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss, status)
"""


class _Run(NamedTuple):
    """One run of a command."""

    seconds: float
    processor: float
    """Seconds as well."""
    memory: float
    """MiB."""


def _run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> _Run:
    done = subprocess.run(
        [sys.executable, "-S", "-c", _STOPWATCH, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds, processor, memory, status = map(float, done.stdout.split())
    if status:
        raise SystemExit(f"{arguments} has failed")
    return _Run(seconds, processor, memory / _MIB)


def _commands(environment: Mapping[str, str], repeat: int) -> dict[str, list[_Run]]:
    runs: dict[str, list[_Run]] = {name: [] for name in _CASES}
    for arguments in _CASES.values():
        _run(arguments, environment)  # writes the bytecode
    for _ in range(repeat):
        for name, arguments in _CASES.items():
            runs[name].append(_run(arguments, environment))
    return runs


def _median(runs: list[_Run]) -> _Run:
    return _Run(*map(statistics.median, zip(*runs, strict=True)))


def _command_rows(runs: Mapping[str, list[_Run]]) -> Iterator[tuple[object, ...]]:
    plain = _median(next(iter(runs.values())))
    for name, found in runs.items():
        here = _median(found)
        yield (
            name,
            f"{here.seconds * 1000:.0f}",
            f"{here.processor * 1000:.0f}",
            f"{here.processor / plain.processor:.1f} ×",
            f"{here.memory:.1f}",
        )


class _Watched(NamedTuple):
    memory: float
    asked: int
    polls: int


def _watch(velora: Simulator, environment: Mapping[str, str]) -> _Watched:
    """Let `velora watch` idle."""
    velora.journal.clear()
    with subprocess.Popen(
        [sys.executable, *_VELORA, "watch", "--json", "--every", "5"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        asked = len(velora.journal.find("GET", "/stream/info"))
        time.sleep(_WATCHED)
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        polls = len(velora.journal.find("GET", "/stream/info")) - asked
        process.send_signal(signal.SIGINT)
    return _Watched(int(resident.split()[1]) / _MIB, asked, polls)


def _clients(velora: Simulator, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    tokens = json.dumps([velora.issue_token() for _ in range(_MANY)])
    found = {}
    for kind in KINDS:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.many_clients", kind],
            cwd=ROOT,
            env=environment,
            input=tokens,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found[kind] = json.loads(done.stdout)
    return found


def _client_rows(found: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[object, ...]]:
    units = {
        "made_ms": "made, ms each",
        "made_kib": "memory once made, KiB each",
        "asked_s": f"{_MANY} requests, s",
        "asked_kib": "memory with a connection each, KiB each",
    }
    plain, ours = (found[kind] for kind in KINDS)
    for name, words in units.items():
        ratio = ours[name] / plain[name] if plain[name] else float("nan")
        yield words, f"{plain[name]:.2f}", f"{ours[name]:.2f}", f"{ratio:.2f} ×"


@contextmanager
def _environment(velora: Simulator) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        kept = ("PATH", "LANG", "VIRTUAL_ENV")
        yield {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "HOME": folder,
            "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "VELORA_API_URL": velora.api_url,
            "VELORA_ACCESS_TOKEN": velora.issue_token(),
        }


def main() -> int:
    """Measure all of it, and print it."""
    import requests

    parser = command_parser("tests.benchmarks.outside_obs", __doc__)
    parser.add_argument("--repeat", type=int, default=15, help="of each command")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with Simulator() as velora, _environment(velora) as environment:
        runs = _commands(environment, options.repeat)
        velora.journal.clear()
        _run(_CASES["`velora info`"], environment)
        requests_of_info = len(velora.journal.find())
        watched = _watch(velora, environment)
        clients = _clients(velora, environment)
    info = _median(runs["`velora info`"])
    plain = _median(runs["requests, and the same request"])
    after = os.getloadavg()[0]
    text = _ABOUT.format(
        python=platform.python_version(),
        requests=requests.__version__,
        system=platform.freedesktop_os_release()["PRETTY_NAME"],
        cores=os.cpu_count(),
        when=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M"),
        before=before,
        after=after,
        busy=_BUSY if max(before, after - 1) > _QUIET else "",
        repeat=options.repeat,
        commands=table(["", "ms", "processor, ms", "", "most memory, MiB"], _command_rows(runs)),
        requests_of_info=requests_of_info,
        own=(info.seconds - plain.seconds) * 1000,
        own_processor=(info.processor - plain.processor) * 1000,
        watched=_WATCHED,
        watch_memory=watched.memory,
        watch_asked=watched.asked,
        watch_polls=watched.polls,
        many=_MANY,
        clients=table(["", "requests.Session", "VeloraClient", ""], _client_rows(clients)),
    )
    text = text.rstrip() + "\n"
    print(text)
    if options.write:
        written = RESULT.read_text(encoding="utf-8").partition(COMPANION)
        kept = "\n" + "".join(written[1:]) if written[1] else ""
        RESULT.write_text(text + kept, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
