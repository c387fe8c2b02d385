"""One connection to OBS: it signs in, has requests answered, and hands events on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from velora_core.secret import Secret
from velora_hosts.companion.errors import SoftwareError
from velora_hosts.websocket.address import Address
from velora_hosts.websocket.connection import Endings, WireConnection
from velora_hosts.websocket.wire import Closed, Wire

from .errors import (
    ConnectionEnded,
    Kicked,
    NotObs,
    ObsBusy,
    ObsError,
    ObsRefused,
    ObsSilent,
    ObsTooOld,
    ObsUnreachable,
    PasswordMissing,
    PasswordWrong,
)
from .protocol import (
    KICKED,
    RPC_VERSION,
    SUBPROTOCOL,
    UNSUPPORTED_VERSION,
    WRONG_PASSWORD,
    Answer,
    Malformed,
    Op,
    Status,
    Subscription,
    answer_of,
    answers_of_batch,
    authentication,
    decode,
    encode,
    hello_of,
    object_in,
    text_in,
)
from .replacement import Request

__all__ = ["ANSWER_TIMEOUT", "SUBSCRIPTIONS", "Connection"]

SUBSCRIPTIONS: Final = (
    Subscription.GENERAL
    | Subscription.CONFIG
    | Subscription.SCENES
    | Subscription.INPUTS
    | Subscription.OUTPUTS
)

ANSWER_TIMEOUT: Final = 5.0
"""Seconds for an answer. OBS answers within milliseconds unless it is busy or hangs."""

_PATIENT: Final = ANSWER_TIMEOUT - 0.5
"""Seconds without a sign of OBS after which the connection is of no use."""

_BUSY_PAUSE: Final = 0.2  # seconds before OBS, which loads its scenes, is asked once more

_CLOSED_BY_OBS: Final[Mapping[int, type[ObsError]]] = {
    WRONG_PASSWORD: PasswordWrong,
    UNSUPPORTED_VERSION: ObsTooOld,
    KICKED: Kicked,
}
"""What it means when OBS closes a connection with a code of its own."""


class _Pending:
    """A request that waits for its answer."""

    def __init__(self, op: Op) -> None:
        self.op = op
        self.done = threading.Event()
        self.answers: list[Answer] | None = None  # stays so if the connection ends


class Connection(WireConnection):
    """From its opening to its end; another attempt is another one. `request` is for any thread."""

    endings = Endings(ObsUnreachable, ObsSilent, ConnectionEnded, NotObs)
    thread = "velora-obs"
    subprotocol = SUBPROTOCOL

    def __init__(
        self,
        address: Address,
        *,
        event: Callable[[str, Mapping[str, Any]], None],
        ended: Callable[[SoftwareError], None],
    ) -> None:
        """Create the connection; nothing is opened yet.

        Args:
            address: where OBS is.
            event: takes each event's type and data, on a thread of the connection.
            ended: told once, on that thread, why a connection that was open has ended; not after
                `close`.
        """
        super().__init__(address, ended)
        self._event = event
        self._pending: dict[str, _Pending] = {}
        self._last_id = 0
        self._over = threading.Event()
        self._hangs = False

    # -- opening ---------------------------------------------------------------------------

    def open(self, password: Callable[[], Secret | None]) -> None:
        """Connect, and sign in.

        Args:
            password: gives OBS's; asked only if OBS wants one. None when there is none.

        Raises:
            ObsUnreachable: nobody listens there.
            ObsSilent: whoever listens says nothing.
            NotObs: what answers is not OBS.
            PasswordMissing: OBS wants one.
            PasswordWrong: it is not this one.
            ObsTooOld: its protocol is another one.
            ConnectionEnded: it has ended meanwhile.
        """
        self._connect(lambda wire: self._sign_in(wire, password))

    def _sign_in(self, wire: Wire, password: Callable[[], Secret | None]) -> None:
        hello = hello_of(*decode(wire.receive()))
        if hello.rpc_version < RPC_VERSION:
            raise ObsTooOld(place=self._place)
        identify: dict[str, Any] = {
            "rpcVersion": RPC_VERSION,
            "eventSubscriptions": int(SUBSCRIPTIONS),
        }
        if hello.wants_password:
            secret = password()
            if secret is None:
                raise PasswordMissing(place=self._place)
            identify["authentication"] = authentication(secret, hello)
        wire.extend()  # whatever it took to know the password
        wire.send(encode(Op.IDENTIFY, identify))
        op, _ = decode(wire.receive())
        if op != Op.IDENTIFIED:
            raise Malformed

    def _meaning(self, error: Exception) -> SoftwareError:
        code = error.code if isinstance(error, Closed) else 0
        kind = ObsSilent if self._hangs else _CLOSED_BY_OBS.get(code)
        return kind(place=self._place) if kind else super()._meaning(error)

    # -- requests, from any thread ---------------------------------------------------------

    def request(
        self, name: str, data: Mapping[str, Any] | None = None, *, seconds: float = ANSWER_TIMEOUT
    ) -> dict[str, Any]:
        """Have OBS do something, and return what it answers.

        While OBS loads it says that it is not ready; it is then asked again until the time is over.

        Raises:
            ObsRefused: it says that it does not.
            ObsBusy: it was not ready in all that time.
            ObsSilent: it has not answered in that time; what was asked for may still happen. After
                `ANSWER_TIMEOUT` in which nothing came at all, the connection has ended, too.
            ConnectionEnded: there is no connection any more.
        """
        ends = time.monotonic() + seconds
        content = {"requestType": name, "requestData": dict(data or {})}
        while True:
            (answer,) = self._ask(Op.REQUEST, content, ends)
            if answer.code != Status.NOT_READY:
                return self._result(name, answer)
            if time.monotonic() + _BUSY_PAUSE >= ends or self._over.wait(_BUSY_PAUSE):
                raise ObsBusy(place=self._place)

    def batch(self, requests: Sequence[Request], *, seconds: float = ANSWER_TIMEOUT) -> None:
        """Have OBS do several things, one after the other, until one fails.

        They reach OBS in one message: all of them or none, whatever becomes of the connection.

        Raises:
            The same as `request`.
        """
        content = {
            "haltOnFailure": True,
            "requests": [
                {"requestType": name, "requestData": dict(data)} for name, data in requests
            ],
        }
        answers = self._ask(Op.BATCH, content, time.monotonic() + seconds)
        if not answers:
            raise NotObs(place=self._place)
        for (name, _), answer in zip(requests, answers, strict=False):
            if answer.code == Status.NOT_READY:
                raise ObsBusy(place=self._place)
            self._result(name, answer)
        if len(answers) != len(requests):
            raise NotObs(place=self._place)

    def _result(self, name: str, answer: Answer) -> dict[str, Any]:
        if answer.code != Status.SUCCESS:
            raise ObsRefused(place=self._place, request=name, code=answer.code)
        return dict(answer.data)

    def _ask(self, op: Op, content: Mapping[str, Any], ends: float) -> list[Answer]:
        pending = _Pending(op)
        with self._lock:
            if self._wire is None or self._over.is_set():
                raise ConnectionEnded(place=self._place)
            wire = self._wire
            self._last_id += 1
            name = str(self._last_id)
            self._pending[name] = pending
        try:
            wire.send(encode(op, {"requestId": name, **content}))
            asked = time.monotonic()
            if not pending.done.wait(max(0.0, ends - asked)):
                if ends - asked > _PATIENT and wire.heard < asked:
                    self._hangs = True  # nothing at all has come: another connection may do
                    wire.close()
                raise ObsSilent(place=self._place)
        except Closed:
            raise ConnectionEnded(place=self._place) from None
        finally:
            with self._lock:
                self._pending.pop(name, None)  # an answer that comes later belongs to nobody
        if pending.answers is None:
            raise ConnectionEnded(place=self._place)
        return pending.answers

    # -- the connection's own thread -------------------------------------------------------

    def _release(self) -> None:
        with self._lock:
            self._over.set()
            waiting = list(self._pending.values())
        for pending in waiting:
            pending.done.set()

    def _take(self, text: bytes) -> None:
        op, data = decode(text)
        if op == Op.EVENT:
            self._event(text_in(data, "eventType"), object_in(data, "eventData"))
            return
        if op not in (Op.ANSWER, Op.BATCH_ANSWER):
            return  # of a version to come
        with self._lock:
            pending = self._pending.get(text_in(data, "requestId"))
        if pending is None or pending.done.is_set():
            return
        expected = Op.BATCH_ANSWER if pending.op is Op.BATCH else Op.ANSWER
        if op != expected:
            raise Malformed
        batch = op == Op.BATCH_ANSWER
        pending.answers = answers_of_batch(data) if batch else [answer_of(data)]
        pending.done.set()
