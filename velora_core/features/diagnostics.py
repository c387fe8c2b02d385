"""Diagnostics along the whole path to Velora, each check with its remedy.

As a program (``python -m velora_core.features.diagnostics``) it prints the result as JSON. Nothing
secret is in it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from velora_core.api.cancellation import CallRegistry
from velora_core.app.account import TokenOrigin
from velora_core.app.session import Session
from velora_core.app.state import State, StatusLevel
from velora_core.auth.scopes import SCOPES
from velora_core.errors import (
    Cancelled,
    Forbidden,
    NotSignedIn,
    ProtocolNotOffered,
    SignInError,
    TokenMalformed,
    TokenRunOut,
    VeloraError,
)
from velora_core.host.destination import (
    Destination,
    IngestAddresses,
    describe,
    goes_to_velora_tv,
    same_credential,
    velora_destination,
)
from velora_core.host.host import AccountNotice, LogLevel
from velora_core.messages import message
from velora_core.messages.program import Program, speak_for

from .encoder_check import advice, dislikes
from .encoder_check import in_words as encoder_in_words

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup
    from velora_core.host.encoder import Encoder

__all__ = ["Check", "InUse", "in_words", "main", "run_diagnostics"]

_INGEST_TIMEOUT: Final = 5.0  # seconds
_POLL_INTERVAL: Final = 0.05  # seconds between looks at whether to make room
_PORTS: Final = {"rtmp": 1935, "rtmps": 443, "http": 80, "https": 443}


class Check(NamedTuple):
    """One thing that was looked at.

    Attributes:
        name: ``api``, ``sign_in``, ``scopes``, ``setup``, ``ingest``, ``host``, ``account`` or
            ``encoder``.
        ok: None when it could not be found out.
        sentence: what was found, and what to do if it isn't right.
    """

    name: str
    ok: bool | None
    sentence: str


class InUse(NamedTuple):
    """How the broadcasting software was set up when it was asked.

    Attributes:
        host: what the software is called.
        profile: its name, as people know it.
        destination: where the stream goes; None when that can't be told.
        foreign: whether the key in it is known to be another platform's.
        notice: what a platform's connected account means for a start; None without a meaning.
        encoder: what streams are encoded with; None when that isn't known.
        by_plugin: whether a plugin sends the stream to Velora.
        suited: whether it is set to suit Velora while a stream goes there.
        fits_encoder: whether it can be.
    """

    host: str
    profile: str
    destination: Destination | None
    foreign: bool
    notice: AccountNotice | None
    encoder: Encoder | None = None
    suited: bool = False
    by_plugin: bool = False
    fits_encoder: bool = True


def run_diagnostics(
    session: Session, protocol: str = "rtmp", in_use: InUse | None = None
) -> tuple[Check, ...]:
    """Run diagnostics along the whole path to Velora, the software's settings included.

    Blocks: a few requests and one connection to the ingest, at most five seconds for the latter.

    Args:
        session: opened; what it is signed in with is what is checked.
        protocol: ``rtmp``, ``srt`` or ``whip``, whose ingest is looked for.
        in_use: None where there is no broadcasting software.

    Raises:
        Cancelled: the session was closed, or the job is to make room.
    """
    found = [_api(session)]
    setup = None
    if found[0].ok:
        found.append(_sign_in(session))
        found.append(_scopes(session))
        setup, check = _setup(session)
        found.append(check)
        if setup is not None:
            found.append(_ingest(session, setup, protocol))
    if in_use is not None and in_use.destination is not None:
        found.extend(_in_use(session, in_use, in_use.destination, setup))
    return tuple(found)


def in_words(checks: Sequence[Check]) -> tuple[str, StatusLevel]:
    """Return the checks in words, and how bad it is: an encoder that suits badly stops nobody.

    What is wrong comes first, what could not be checked last; no sentence comes twice.
    """
    wrong, right, unknown = (
        " ".join(dict.fromkeys(check.sentence for check in checks if check.ok is verdict))
        for verdict in (False, True, None)
    )
    words = wrong or message("check.not_wrong" if unknown else "check.all_right", sentences=right)
    if unknown:
        words += " " + message("check.unknown", sentences=unknown)
    failed = {check.name for check in checks if check.ok is False}
    if failed - {"encoder"}:
        return words, StatusLevel.ERROR
    return words, StatusLevel.WARNING if failed else StatusLevel.NORMAL


def _api(session: Session) -> Check:
    if session.credentials.token_origin is TokenOrigin.NONE:
        return Check("sign_in", False, str(session.reporter.state.account.missing))
    try:
        count = len(session.client().get_categories())
    except Cancelled:
        raise
    except TokenRunOut as error:  # no fault of anybody's
        return Check("sign_in", None, str(error))
    except (SignInError, NotSignedIn, TokenMalformed) as error:
        return Check("sign_in", False, str(error))
    except VeloraError as error:
        return Check("api", False, str(error))
    return Check("api", True, message("check.api", count=count))


def _sign_in(session: Session) -> Check:
    try:
        profile = session.client().get_profile()
    except Cancelled:
        raise
    except VeloraError as error:
        return Check("sign_in", False if isinstance(error, Forbidden) else None, str(error))
    if profile.streaming_enabled is False:
        return Check("sign_in", False, message("error.streaming_not_enabled"))
    name = " ".join(profile.display_name.split())
    return Check("sign_in", True, message("check.sign_in", name=name))


def _scopes(session: Session) -> Check:
    scopes = session.reporter.state.account.scopes
    if scopes is None:
        return Check("scopes", None, message("check.scopes_unknown"))
    missing = [scope for scope in SCOPES if scope not in scopes]
    if missing:
        return Check("scopes", False, message("account.scope_missing", scope=", ".join(missing)))
    return Check("scopes", True, message("check.scopes"))


def _setup(session: Session) -> tuple[StreamSetup | None, Check]:
    try:
        setup = session.client().get_stream_setup()
    except Cancelled:
        raise
    except VeloraError as error:
        return None, Check("setup", False, str(error))
    return setup, Check("setup", True, message("check.setup", key=setup.stream_key))


def _ingest(session: Session, setup: StreamSetup, protocol: str) -> Check:
    addresses = IngestAddresses.of(setup)
    url = {"srt": addresses.srt, "whip": addresses.whip_origin}.get(protocol, addresses.rtmp)
    if not url:
        sentence = str(ProtocolNotOffered(protocol=protocol.upper()))
        return Check("ingest", False, sentence)
    server = url.partition("://")[2].partition("/")[0]
    if protocol == "srt":  # no connection is made before the stream
        return Check("ingest", None, message("check.ingest_srt", server=server))
    reached = threading.Event()

    def reach() -> None:
        with suppress(OSError, ValueError, KeyError):
            address = urlsplit(url)
            host, port = address.hostname or "", address.port or _PORTS[address.scheme]
            socket.create_connection((host, port), timeout=_INGEST_TIMEOUT).close()
            reached.set()

    # Nothing ends a look-up of a name, and a stream that starts meanwhile must not wait for one.
    attempt = threading.Thread(target=reach, name="velora-ingest", daemon=True)
    attempt.start()
    while attempt.is_alive():
        attempt.join(_POLL_INTERVAL)
        session.reporter.raise_if_cancelled()
    if not reached.is_set():
        return Check("ingest", False, message("check.ingest_unreachable", server=server))
    return Check("ingest", True, message("check.ingest", server=server))


def _in_use(
    session: Session, in_use: InUse, destination: Destination, setup: StreamSetup | None
) -> Iterator[Check]:
    """Check whether a stream would go to Velora, and with which key."""

    def sentence(name: str) -> str:
        service = describe(destination)
        return message(name, host=in_use.host, profile=in_use.profile, service=service)

    own = (IngestAddresses.of(setup),) if setup else ()
    known = (*own, *session.velora_addresses)
    if not goes_to_velora_tv(destination) and not any(
        addresses.own(destination) for addresses in known
    ):
        if in_use.by_plugin:
            yield Check("host", None, sentence("check.by_plugin"))
        elif known or not destination.is_custom:
            yield Check("host", False, sentence("check.host_elsewhere"))
        else:
            yield Check("host", None, sentence("check.host_unknown"))
        return
    if in_use.foreign:
        yield Check("host", False, sentence("check.host_foreign_key"))
    elif setup is None:
        yield Check("host", None, sentence("check.host_key_unknown"))
    else:
        try:
            own_one = velora_destination(setup, destination.protocol)
        except ProtocolNotOffered as error:
            yield Check("host", False, str(error))
        else:
            right = same_credential(destination, own_one)
            name = "check.host" if right else "status.key_other"
            yield Check("host", right, sentence(name))
    if in_use.notice:
        yield Check("account", not in_use.notice.stops_start, in_use.notice.sentence)
    if in_use.encoder is not None:
        yield _encoder(in_use.encoder, in_use)


def _encoder(encoder: Encoder, in_use: InUse) -> Check:
    if dislikes(encoder, in_use.host):
        if in_use.suited:
            return Check("encoder", True, message("check.encoder_suited"))
        fits = in_use.fits_encoder
        return Check("encoder", False, advice(encoder, in_use.host, fits=fits))
    if None in (encoder.b_frames, encoder.keyframe_interval):
        return Check("encoder", None, message("check.encoder_unknown", host=in_use.host))
    return Check("encoder", True, message("check.encoder", settings=encoder_in_words(encoder)))


class _HeadlessRuntime:
    """The reporter where there is nothing but this program."""

    def __init__(self) -> None:
        self.state = State(status="")

    def message(self, name: str, /, **values: object) -> str:
        """Return a sentence; there is no software to be named."""
        return message(name, host="the software", **values)

    def change(self, **changes: Any) -> None:
        """Replace parts of the state."""
        self.state = self.state._replace(**changes)

    def show(self, sentence: str, tone: StatusLevel = StatusLevel.NORMAL) -> None:
        """Show nothing: there is no panel."""

    def log(self, severity: LogLevel, sentence: str) -> None:
        """There is no log."""

    def raise_if_cancelled(self) -> None:
        """Do nothing: nothing interrupts."""


def main() -> int:
    """Print the checks as JSON; return 0 when all is right."""
    speak_for(Program.PANEL)  # the installer asks, and its user goes on in OBS
    # What is kept is OBS's, which may be running.
    session = Session(
        os.environ,
        _HeadlessRuntime(),
        CallRegistry(),
        application="velora-check",
        read_only=True,
    )
    try:
        session.open()
        checks = run_diagnostics(session)
    except VeloraError as error:
        checks = (Check("api", False, str(error)),)
    finally:
        session.close()
    json.dump([check._asdict() for check in checks], sys.stdout)
    return 0 if all(check.ok is not False for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
