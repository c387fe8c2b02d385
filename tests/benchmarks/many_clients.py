"""One process with many clients, for `outside_obs`: tokens on standard input, figures as JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from velora_core import VeloraClient

__all__ = ["KINDS"]

_THREADS = 32


def _resident() -> float:
    """Return the resident memory, in KiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def _session(token: str) -> Callable[[], object]:
    """Return what asks for the stream's info, with a session of its own."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    address = os.environ["VELORA_API_URL"] + "/stream/info"

    def ask() -> Any:
        answer = session.get(address, timeout=60)
        answer.raise_for_status()
        return answer.json()

    return ask


def _client(token: str) -> Callable[[], object]:
    """Return the same by a client."""
    return VeloraClient(token, application="benchmark/1.0").get_stream_info


KINDS = {"sessions": _session, "clients": _client}


def _measure(make: Callable[[str], Callable[[], object]], tokens: Sequence[str]) -> dict[str, Any]:
    make(tokens[0])()  # imports all that is needed
    before, began = _resident(), time.perf_counter()
    made = [make(token) for token in tokens]
    took, with_all = time.perf_counter() - began, _resident()
    began = time.perf_counter()
    with ThreadPoolExecutor(_THREADS) as pool:
        for answer in [pool.submit(ask) for ask in made]:
            answer.result()
    return {
        "made_ms": took / len(tokens) * 1000,
        "made_kib": (with_all - before) / len(tokens),
        "asked_s": time.perf_counter() - began,
        "asked_kib": (_resident() - before) / len(tokens),
    }


if __name__ == "__main__":
    json.dump(_measure(KINDS[sys.argv[1]], json.load(sys.stdin)), sys.stdout)
