"""The faults: how each is brought about and ended, and what the streamer is told meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.gate import Gate
from tests.simulator import Fault, Simulator

__all__ = ["GATE", "NOTHING_SAID", "NO_LOOK", "ROWS", "TLS_GATE", "FaultCase", "FaultContext"]

NO_LOOK = "no look at the stream at all"
NOTHING_SAID = "no word and no request: it may be another platform's stream"
GATE, TLS_GATE = "gate", "gate with TLS"
_UNREACHABLE = "https://224.0.0.1"  # no connection leads there: "Network is unreachable"
_NO_SUCH_NAME = "https://velora.invalid"
_SIGN_IN_PAGE = ("*", "/oauth/authorize")
_TOKEN = ("*", "/oauth/token")
_DAY = 24 * 3600


@dataclass
class FaultContext:
    """What a fault can be made with."""

    velora: Simulator
    gate: Gate
    config: Path
    """The user's folder for configuration."""
    extra: Path
    """A folder that the Python in OBS finds modules in."""
    stack: ExitStack = field(default_factory=ExitStack)
    mounted: bool = False

    @property
    def folder(self) -> Path:
        """Where our settings are."""
        return self.config / "velora-obs"

    def mount(self) -> None:
        """Give our settings a small disk of their own; raise `OSError` where that can't be."""
        if self.mounted:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        command = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(self.folder)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            raise OSError("no disk can be mounted here (only root of the machine itself can)")
        self.mounted = True
        self.stack.callback(subprocess.run, ["umount", "--lazy", str(self.folder)], check=False)
        for name, content in kept.items():
            (self.folder / name).write_bytes(content)
            (self.folder / name).chmod(0o600)

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@dataclass(frozen=True)
class FaultCase:
    """A fault. `says` and the patterns in `at` are regular expressions for the sentence."""

    name: str
    begin: Callable[[FaultContext], None]
    end: Callable[[FaultContext], None]
    says: str = ""
    """What each moment that needs Velora says; empty: everything works all the same."""
    at: Mapping[str, str] = field(default_factory=dict)
    """Where a moment says something else."""
    transient: bool = False
    """Whether the info comes to Velora by itself, once the fault has ended while live."""
    origin: str = ""
    """Instead of the simulator's: `GATE`, `TLS_GATE`, or an address that leads nowhere."""
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long the fault lasts in the stream, at least."""
    slow: bool = False
    """Whether it takes minutes to go through."""
    clock: int = 0
    """Seconds by which this computer's clock is ahead."""
    signs_in_again: bool = False
    """Whether there is no way back but to sign in."""
    polled: bool = False
    """Whether Velora pushes nothing, and has to be asked how the stream stands."""

    @property
    def local(self) -> bool:
        """Whether this computer is at fault, and Velora is not."""
        return not self.says

    @property
    def lasting(self) -> bool:
        """Whether it can't end while OBS runs."""
        return self.origin not in ("", GATE) or self.signs_in_again

    @property
    def id(self) -> str:
        return "".join(item if item.isalnum() else "-" for item in self.name.lower()).strip("-")


def _api(
    name: str, says: str, fault: Callable[..., Fault], *, spares_token: bool = False, **more: object
) -> FaultCase:
    """Return a fault: the simulator answers every request so."""

    def begin(ground: FaultContext) -> None:
        faults = ground.velora.faults
        faults.add(Fault.latency(*_SIGN_IN_PAGE, 0))
        if spares_token:
            faults.add(Fault.latency(*_TOKEN, 0))
        faults.add(fault("*", ""))

    # The name is only for show, so signing in does not fail without it.
    if spares_token:
        more["at"] = {"sign-in": "Signed in as yourself"}
    return FaultCase(name, begin, lambda ground: ground.velora.faults.clear(), says, **more)  # type: ignore[arg-type]


def _token(
    name: str, says: str, fault: Callable[..., Fault], *, rotates: bool = True, **more: object
) -> FaultCase:
    """Return a fault: the access token has run out, and the token endpoint answers so."""

    def begin(ground: FaultContext) -> None:
        ground.velora.rotates = rotates
        ground.velora.tokens.expire_all()
        ground.velora.faults.add(fault(*_TOKEN))

    def end(ground: FaultContext) -> None:
        ground.velora.faults.clear()
        ground.velora.rotates = True

    return FaultCase(name, begin, end, says, **more)  # type: ignore[arg-type]


def _events(name: str, fault: Callable[..., Fault], *, slow: bool = False) -> FaultCase:
    """Nothing but the event stream is wrong, so that the stream is polled and all is as it was."""

    def begin(ground: FaultContext) -> None:
        ground.velora.faults.add(fault("GET", "/events/stream"))

    return FaultCase(
        name, begin, lambda ground: ground.velora.faults.clear(), polled=True, slow=slow
    )


def _short_lives(seconds: float) -> FaultCase:
    """Velora closes the event stream as it does each hour, but ever so soon."""

    def set_lifetime(ground: FaultContext, lifetime: float | None) -> None:
        ground.velora.events.lifetime = lifetime

    return FaultCase(
        f"event stream: closes every {seconds:g} s",
        lambda ground: set_lifetime(ground, seconds),
        lambda ground: set_lifetime(ground, None),
    )


def _gate(name: str, says: str, begin: Callable[[Gate], None], *, slow: bool = False) -> FaultCase:
    def end(ground: FaultContext) -> None:
        ground.gate.open()

    return FaultCase(
        name, lambda ground: begin(ground.gate), end, says, transient=True, origin=GATE, slow=slow
    )


def _status(status: int, **headers: str) -> Callable[..., Fault]:
    body = json.dumps({"message": "Simulated."}).encode()

    def make(method: str, path: str) -> Fault:
        return Fault.answer(method, path, body, status=status, headers=headers)

    return make


def _refusal(error: str, status: int) -> Callable[..., Fault]:
    body = json.dumps({"error": error}).encode()
    return lambda method, path: Fault.answer(method, path, body, status=status)


def _body(body: bytes, kind: str = "application/json") -> Callable[..., Fault]:
    return lambda method, path: Fault.answer(method, path, body, kind=kind)


def _nothing(_: FaultContext) -> None:
    """Begun before the start, or not to be ended before OBS is."""


def _away(name: str, origin: str, says: str) -> FaultCase:
    """Return an address for the whole life of this OBS; the next one has the right one again."""
    host = origin.rpartition("//")[2].strip("[]")
    direct = {"no_proxy": f"127.0.0.1,localhost,::1,{host}"}
    return FaultCase(name, _nothing, _nothing, says, origin=origin, environment=direct)


def _fill(ground: FaultContext) -> None:
    ground.mount()
    with suppress(OSError), (ground.folder / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)


def _make_room(ground: FaultContext) -> None:
    (ground.folder / "filler").unlink()


def _read_only(ground: FaultContext) -> None:
    ground.mount()
    ground.remount("ro")


def _corrupt(ground: FaultContext) -> None:
    ground.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (ground.folder / "known.json").write_bytes(b'{"addresses": [[[\xff\x00')
    (ground.folder / "secrets.json").write_bytes(os.urandom(4000))


_LOCKED = """
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Keyring(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        raise KeyringLocked("locked")

    set_password = delete_password = get_password
"""


def _lock_keyring(ground: FaultContext) -> None:
    (ground.extra / "locked_keyring.py").write_text(_LOCKED)


def _clock(seconds: int) -> Callable[[FaultContext], None]:
    def begin(ground: FaultContext) -> None:
        ground.velora.access_lifetime = 600
        (ground.extra / "sitecustomize.py").write_text(
            f"import time\n_now = time.time\ntime.time = lambda: _now() + {seconds}\n"
        )

    return begin


_GREETING = b'event: connected\ndata: {"channelUsername": "streamer"}\n\n'
_UNCLEAR = "sign-in service gave no clear answer"
_NO_ANSWER = "Velora did not answer in time"
_NOT_VELORA = "did not come from Velora \\(no JSON\\)"
_NO_TOKEN = "does not accept your access token|has ended your sign-in"

ROWS = (
    _away("no network", _UNREACHABLE, "Velora can't be reached"),
    _away("DNS failure", _NO_SUCH_NAME, "The name velora.invalid can't be looked up"),
    _gate("refused", "Velora can't be reached", Gate.refuse),
    _gate("connect hangs", _NO_ANSWER, Gate.hang, slow=True),
    _api(
        "answers after 30 s",
        _NO_ANSWER,
        lambda method, path: Fault.latency(method, path, 30.0),
        transient=True,
        slow=True,
    ),
    _api("one byte a second", _NO_ANSWER, Fault.trickle, transient=True, slow=True),
    _api(
        "reset in the middle", "The connection to Velora broke", Fault.reset_in_body, transient=True
    ),
    _api("401", _NO_TOKEN, _status(401), spares_token=True),
    _api("403", "lacks the permission|Velora refused this", _status(403), spares_token=True),
    _api("404", "does not exist|has no category", _status(404), spares_token=True),
    _api(
        "429 with Retry-After",
        "received too many requests.*try again in \\d+ seconds",
        _status(429, **{"Retry-After": "7"}),
        transient=True,
    ),
    _api(
        "429 without Retry-After",
        "received too many requests",
        _status(429),
        at={"polling": NO_LOOK},
        transient=True,
    ),
    _api("500", "server problem \\(500\\)", _status(500), transient=True),
    _api(
        "503 for a minute, then fine",
        "server problem \\(503\\)",
        _status(503),
        transient=True,
        seconds=60.0,
        slow=True,
    ),
    _api("HTML with status 200", _NOT_VELORA, _body(b"<html>Wi-Fi login</html>", "text/html")),
    _api("200 with an empty body", _NOT_VELORA, _body(b"")),
    _api("50 MiB body", "larger than", _body(b'{"title": "' + b"x" * (50 << 20) + b'"}')),
    _api("deep JSON nesting", _NOT_VELORA, _body(b"[" * 500_000 + b"]" * 500_000)),
    _api("invalid UTF-8", _NOT_VELORA, _body(b'{"title": "\xff\xfe"}')),
    _api("wrong types", "was not as expected", _body(b'{"streamKey": 5, "title": [], "data": 1}')),
    _events("event stream: never answers", Fault.hang),
    _events(
        "event stream: one byte a second",
        lambda method, path: Fault.drip(method, path, b"event: connected" * 100),
    ),
    _events("event stream: closes at once", _body(_GREETING, "text/event-stream")),
    _short_lives(2.0),
    _events("event stream: junk", _body(os.urandom(4000) + b"\n\n", "text/event-stream")),
    _events(
        "event stream: 50 MiB without a line end",
        _body(_GREETING + b"data: " + b"x" * (50 << 20), "text/event-stream"),
    ),
    _token("token endpoint: 404", f"{_UNCLEAR} \\(404\\)", _status(404), transient=True),
    _token(
        "token endpoint: temporarily_unavailable",
        f"{_UNCLEAR} \\(400\\)",
        _refusal("temporarily_unavailable", 400),
        transient=True,
    ),
    _token(
        "token endpoint: invalid_client",
        "does not know this app",
        _refusal("invalid_client", 401),
    ),
    _token("token endpoint: hangs", _NO_ANSWER, Fault.hang, transient=True, slow=True),
    _token(
        "token endpoint: answers after 2 s",
        "",
        lambda method, path: Fault.latency(method, path, 2.0),
    ),
    # With tokens that rotate nobody could go on: the answer had the only one that is good.
    _token(
        "token endpoint: takes effect and says nothing",
        "The connection to Velora broke",
        lambda method, path: Fault.close(method, path, after=True),
        rotates=False,
        transient=True,
    ),
    FaultCase(
        "TLS with a bad certificate",
        lambda ground: ground.gate.open(certificate=True),
        _nothing,
        "The secure connection to 127.0.0.1 failed",
        origin=TLS_GATE,
    ),
    FaultCase("clock a day ahead", _clock(_DAY), _nothing, clock=_DAY),
    FaultCase("clock a day behind", _clock(-_DAY), _nothing, clock=-_DAY),
    FaultCase("disk full", _fill, _make_room),
    FaultCase(
        "settings folder read-only",
        _read_only,
        lambda ground: ground.remount("rw"),
    ),
    FaultCase(
        "corrupted stored state",
        _corrupt,
        _nothing,
        "Your sign-in can't be read because the file",
        # Without a sign-in and without addresses nothing tells that the stream goes to Velora.
        at={
            "sign-in": "Signed in as The Streamer",
            "going live": NOTHING_SAID,
            "polling": NOTHING_SAID,
            "presets": NOTHING_SAID,
        },
        signs_in_again=True,
    ),
    FaultCase(
        "keyring locked",
        _lock_keyring,
        _nothing,
        environment={"PYTHON_KEYRING_BACKEND": "locked_keyring.Keyring"},
    ),
    FaultCase(
        "keyring absent",
        _nothing,
        _nothing,
        environment={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    ),
)
