"""obs-websocket 5: what its messages look like. No network.

What comes from OBS is input like any other: each value is looked at before it is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any, Final, NamedTuple, NoReturn

from velora_core.secret import Secret

__all__ = [
    "KICKED",
    "RPC_VERSION",
    "UNSUPPORTED_VERSION",
    "WRONG_PASSWORD",
    "Answer",
    "Hello",
    "Malformed",
    "Op",
    "Status",
    "Subscription",
    "answer_of",
    "answers_of_batch",
    "authentication",
    "decode",
    "encode",
    "hello_of",
    "object_in",
    "text_in",
]

RPC_VERSION: Final = 1
WRONG_PASSWORD: Final = 4009
UNSUPPORTED_VERSION: Final = 4010
KICKED: Final = 4011
"""Codes with which OBS closes a connection."""

_DEEPEST: Final = 24
_LONGEST_NUMBER: Final = 24


class Op(IntEnum):
    """What a message is; other numbers are none of ours."""

    HELLO = 0
    IDENTIFY = 1
    IDENTIFIED = 2
    EVENT = 5
    REQUEST = 6
    ANSWER = 7
    BATCH = 8
    BATCH_ANSWER = 9


class Subscription(IntFlag):
    """The kinds of events; those that are not asked for don't come."""

    GENERAL = 1
    CONFIG = 1 << 1
    SCENES = 1 << 2
    INPUTS = 1 << 3
    OUTPUTS = 1 << 6


class Status(IntEnum):
    """How a request went, as far as it matters here."""

    SUCCESS = 100
    UNKNOWN_REQUEST = 204
    NOT_READY = 207
    OUTPUT_RUNNING = 500
    NO_SUCH_THING = 600


class Malformed(ValueError):
    """A message that OBS would not send. It has no text: the message may hold secrets."""


class Hello(NamedTuple):
    """What OBS says first."""

    rpc_version: int
    challenge: str = ""
    salt: str = ""

    @property
    def wants_password(self) -> bool:
        """Whether it asks for a password."""
        return bool(self.challenge)


class Answer(NamedTuple):
    """What became of a request.

    Attributes:
        code: a `Status`, or another number of the protocol's.
        data: what OBS answers; secret where the request is about the streaming service.
    """

    code: int
    data: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Answer({self.code}, {len(self.data)} values)"


def authentication(password: Secret, hello: Hello) -> str:
    """Return what proves that the password is known, for this connection alone."""
    secret = _digest(password.reveal() + hello.salt)
    return _digest(secret + hello.challenge)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode(errors="replace")).digest()).decode()


def encode(op: Op, data: Mapping[str, Any]) -> str:
    """Return a message."""
    return json.dumps({"op": int(op), "d": data})


def decode(text: bytes) -> tuple[int, Mapping[str, Any]]:
    """Return the kind of a message, and what is in it.

    Raises:
        Malformed: it is none of OBS's.
    """
    try:
        found = json.loads(text, parse_constant=_refuse, parse_int=_whole, parse_float=_real)
    except (ValueError, RecursionError):
        raise Malformed from None
    _refuse_depth(found)
    if not isinstance(found, dict):
        raise Malformed
    op = found.get("op")
    if not isinstance(op, int) or isinstance(op, bool):
        raise Malformed
    return op, object_in(found, "d")


def _refuse(_: str) -> NoReturn:
    raise Malformed


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:  # Python takes its time for a number of a million digits
        raise Malformed
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Malformed
    return value


def _refuse_depth(value: object) -> None:
    """Raise `Malformed` for what is nested deeper than any message of OBS's."""
    level: list[object] = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for value_inside in level:
            if isinstance(value_inside, dict):
                below += value_inside.values()
            elif isinstance(value_inside, list):
                below += value_inside
        if not below:
            return
        level = below
    raise Malformed


def object_in(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object in a message, empty when it is not there; raises `Malformed`."""
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed
    return value


def text_in(data: Mapping[str, Any], name: str) -> str:
    """Return a text in a message, empty when it is not there; raises `Malformed`."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed
    return value


def hello_of(op: int, data: Mapping[str, Any]) -> Hello:
    """Return what OBS says first; raises `Malformed`."""
    version = data.get("rpcVersion")
    if op != Op.HELLO or not isinstance(version, int):
        raise Malformed
    asked = object_in(data, "authentication")
    hello = Hello(version, text_in(asked, "challenge"), text_in(asked, "salt"))
    if bool(hello.challenge) != bool(hello.salt) or not (hello.challenge + hello.salt).isascii():
        raise Malformed
    return hello


def answer_of(data: Mapping[str, Any]) -> Answer:
    """Return what became of a request; raises `Malformed`."""
    status = object_in(data, "requestStatus")
    code, done = status.get("code"), status.get("result")
    if not isinstance(code, int) or not isinstance(done, bool):
        raise Malformed
    if done is not (code == Status.SUCCESS):
        raise Malformed
    return Answer(code, object_in(data, "responseData"))


def answers_of_batch(data: Mapping[str, Any]) -> list[Answer]:
    """Return what became of each request of a batch, in their order; raises `Malformed`."""
    results = data.get("results")
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise Malformed
    return [answer_of(result) for result in results]
