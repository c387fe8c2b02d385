"""Ctrl-C at every moment of every command: real processes, real signals, a simulated Velora.

Usage: python -m tests.soak.interrupts [--moments N]

A command is interrupted at its N-th call of a function, on whatever thread, so that its imports,
its request and its output all have their turn; and at N moments by the clock, as a user would. It
has to end with 130 (or to have ended before), without a trace, with nothing printed by halves and
nothing stored by halves; the sign-in has to be good afterwards. 50 moments take 15 minutes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.simulator import SCOPES, Client, Simulator
from tests.tooling.command import command_parser
from tests.tooling.environment import ROOT
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.secret import Secret
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore
from velora_core.storage.storage import Storage

__all__ = ["COMMANDS", "End", "Home"]

COMMANDS: Final = (
    ("--version",), ("completion", "bash"), ("status", "--json"), ("info", "--json"),
    ("setup", "--json"), ("set", "--title", "Hello", "--json"), ("categories", "--json"),
    ("regenerate-key", "--yes", "--json"), ("presets", "--json"),
    ("presets", "save", "New", "--title", "x", "--json"), ("presets", "delete", "Old", "--yes"),
    ("presets", "apply", "Old", "--json"), ("check", "--json"), ("watch", "--json"),
    ("sign-in", "--no-browser"), ("sign-out", "--json"),
    ("stream", "film", "--title", "Hello", "--json"),
)  # fmt: skip
"""What is interrupted."""
_ENDLESS: Final = ("watch", "sign-in", "stream")
"""Those that end only so."""
_FFMPEG: Final = f"""\
#!{sys.executable} -S
import os, sys
open(__file__ + ".runs", "a").write(f"{{os.getpid()}}\\n")
print("out_time_us=7000000", "progress=continue", sep="\\n", flush=True)
sys.stdin.readline()
"""
"""Streams until it is told to stop."""
_COUNTED: Final = """
import os, signal, sys, threading
moment, left = int(sys.argv.pop(1)), [0]
def count(frame, event, argument):
    if event == "call":
        left[0] += 1
        if left[0] == moment:
            os.kill(os.getpid(), signal.SIGINT)
from velora_hosts.command_line import start
threading.setprofile(count)
sys.setprofile(count)
try:
    sys.exit(start())
finally:
    sys.setprofile(None)
    if "VELORA_TEST_CALLS" in os.environ:
        open(os.environ["VELORA_TEST_CALLS"], "w").write(str(left[0]))
"""
_TIMEOUT: Final = 30.0


class End(NamedTuple):
    """How an interrupted command ended.

    Attributes:
        code: its exit code.
        out: what it printed.
        err: what it complained about.
    """

    code: int
    out: str
    err: str

    @property
    def early(self) -> bool:
        """Whether Python itself was interrupted, before there was anything of ours."""
        return "Traceback" in self.err and "velora" not in self.err


class Home:
    """A user of the simulator, whose sign-in is to be refreshed, and who has a preset."""

    def __init__(self, velora: Simulator, folder: Path) -> None:
        self._velora = velora
        self._home = folder
        self._folder = folder / "config" / "velora-obs"
        self._origin = velora.api_url.partition("/api/")[0]
        registered = velora.register(Client())
        self._programs = folder / "programs"
        self._programs.mkdir()
        for name, text in (
            ("ffmpeg", _FFMPEG),
            ("ffprobe", "#!/bin/sh\necho '{\"streams\": [{}]}'\n"),
        ):
            (self._programs / name).write_text(text)
            (self._programs / name).chmod(0o700)
        self._client = ClientCredentials(
            registered.client_id, Secret(registered.client_secret or "")
        )

    def prepare(self) -> None:
        """Have the next command find the same as each before it."""
        token = self._velora.issue_sign_in(expires_in=0.0)
        assert token.refresh
        tokens = Tokens(Secret(token.access), Secret(token.refresh), time.time(), frozenset(SCOPES))
        storage = Storage(self._folder, None, origin=self._origin)
        storage.save_sign_in(Grant(self._client, tokens, "Ada", 0.0))
        store = PresetStore(self._folder)
        for preset in store.read():
            store.delete(preset.id)
        store.add("Old", PresetContent("Hello"))

    @property
    def environment(self) -> Mapping[str, str]:
        """A command's."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("VELORA_") and not name.lower().endswith("_proxy")
        }
        return {
            **kept,
            "HOME": str(self._home),
            "PATH": f"{self._programs}{os.pathsep}{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "VELORA_API_URL": self._velora.api_url,
            "VELORA_CLIENT_ID": self._client.client_id,
        }

    def at_call(self, arguments: tuple[str, ...], moment: int) -> End:
        """Interrupt a command at its N-th call of a function; not at all with 0."""
        with self._start("-c", _COUNTED, str(moment), *arguments) as process:
            return self._ended(process)

    def at_time(self, arguments: tuple[str, ...], seconds: float) -> End:
        """Interrupt a command after some seconds."""
        with self._start("-m", "velora_hosts", *arguments) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            return self._ended(process)

    def calls(self, arguments: tuple[str, ...]) -> tuple[int, int]:
        """Return how many calls a command makes, and its exit code.

        Those that would go on for ever are given five seconds.
        """
        file = self._home / "calls"
        file.unlink(missing_ok=True)
        with self._start("-c", _COUNTED, "0", *arguments, VELORA_TEST_CALLS=str(file)) as process:
            try:
                process.wait(5.0 if arguments[0] in _ENDLESS else _TIMEOUT)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
            end = self._ended(process)
        return int(file.read_text()), end.code

    def wrong(self, arguments: tuple[str, ...], end: End, natural: int = 0) -> Iterator[str]:
        """Say what is not as it has to be after an interrupted command.

        Args:
            arguments: the command.
            end: how it ended.
            natural: the exit code with which it ends when nobody interrupts it.
        """
        if end.early:
            return
        if end.code not in (0, 130, -signal.SIGINT, natural):
            yield f"it ended with {end.code}"
        allowed = "sign-in" in arguments  # says where to sign in
        if "Traceback" in end.err or "Exception" in end.err or (end.err and not allowed):
            yield f"it complained: {end.err}"
        if "--json" in arguments:
            try:
                for line in end.out.splitlines():
                    json.loads(line)
            except ValueError:
                yield f"it printed {end.out!r}"
        for file in self._folder.rglob("*"):
            if file.suffix == ".json":
                try:
                    json.loads(file.read_text(encoding="utf-8"))
                except ValueError:
                    yield f"{file.name} makes no sense"
        runs = self._programs / "ffmpeg.runs"
        for pid in runs.read_text().split() if runs.exists() else ():
            if Path(f"/proc/{pid}").exists():
                yield "ffmpeg still runs"
        runs.unlink(missing_ok=True)
        stored = Storage(self._folder, None, origin=self._origin).sign_in
        if stored is None:
            if "sign-out" not in arguments:
                yield "nobody is signed in any more"
            return
        refresh = stored.tokens.refresh
        if refresh is None or self._velora.tokens.find_refresh(refresh.reveal()) is None:
            yield "the sign-in that is stored no longer works"

    def _start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell's background job ignores Ctrl-C, and so would all that it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    @staticmethod
    def _ended(process: subprocess.Popen[str]) -> End:
        try:
            out, err = process.communicate(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return End(process.returncode, out, err)


@contextmanager
def _home() -> Iterator[Home]:
    with Simulator() as velora, tempfile.TemporaryDirectory() as folder:
        yield Home(velora, Path(folder))


def main() -> int:
    """Return the exit code: 1 where something was wrong."""
    parser = command_parser("tests.soak.interrupts", __doc__)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--only", help="one command, by its first word")
    given = parser.parse_args()
    found = tried = 0
    with _home() as home:
        for arguments in COMMANDS:
            if given.only and arguments[0] != given.only:
                continue
            home.prepare()
            all_calls, natural = home.calls(arguments)
            codes: dict[str, int] = {}
            for number in range(given.moments):
                share = (number + 1) / given.moments
                for how in ("call", "time"):
                    home.prepare()
                    if how == "call":
                        moment: float = max(1, round(all_calls * share))
                        end = home.at_call(arguments, int(moment))
                    else:
                        moment = 0.03 + 0.8 * share
                        end = home.at_time(arguments, moment)
                    tried += 1
                    code = "in Python's own start" if end.early else str(end.code)
                    codes[code] = codes.get(code, 0) + 1
                    for what in home.wrong(arguments, end, natural):
                        found += 1
                        print(f"{' '.join(arguments)}, {how} {moment:g}: {what}", flush=True)
            shown = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
            print(f"{' '.join(arguments)} ({all_calls} calls): {shown}", flush=True)
    print(f"{tried} moments, {found} of them wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
