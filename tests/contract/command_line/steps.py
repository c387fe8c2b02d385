"""Running the command against the simulator."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import SCOPES, Client, Simulator
from tests.tooling.environment import ROOT
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.cli.main import main
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

__all__ = [
    "KEY",
    "as_json",
    "command",
    "run",
    "signed_in",
]

KEY = "live_test_of_the_account"


def signed_in(velora: Simulator, folder: Path, left: float = 3600.0) -> str:
    """Store a sign-in as the OBS script does; return its refresh token."""
    registered = velora.register(Client())
    client = ClientCredentials(registered.client_id, Secret(registered.client_secret or ""))
    token = velora.issue_sign_in(expires_in=left)
    assert token.refresh
    tokens = Tokens(
        Secret(token.access), Secret(token.refresh), time.time() + left, frozenset(SCOPES)
    )
    grant = Grant(client, tokens, "Ada", 0.0)
    origin = velora.api_url.partition("/api/")[0]
    Storage(folder, None, origin=origin).save_sign_in(grant)
    return token.refresh


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def command(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "velora_core", *arguments],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **{"stdout": subprocess.PIPE, **more},
    )
