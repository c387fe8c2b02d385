"""obs-websocket 5: what its messages look like. No network.

What comes from OBS is input like any other: each value is looked at before it is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any, Final, NamedTuple

from velora_core.secret import Secret
from velora_hosts.companion.untrusted import Malformed, object_from, object_in, text_in

__all__ = [
    "KICKED",
    "PORT",
    "RPC_VERSION",
    "SUBPROTOCOL",
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

PORT: Final = 4455
SUBPROTOCOL: Final = "obswebsocket.json"
RPC_VERSION: Final = 1
WRONG_PASSWORD: Final = 4009
UNSUPPORTED_VERSION: Final = 4010
KICKED: Final = 4011
"""Codes with which OBS closes a connection."""


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
    NOT_READY = 207
    OUTPUT_RUNNING = 500
    NOT_CREATED = 700


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
    found = object_from(text)
    op = found.get("op")
    if not isinstance(op, int) or isinstance(op, bool):
        raise Malformed
    return op, object_in(found, "d")


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
