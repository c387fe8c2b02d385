"""The command `velora` against the simulator: signing in."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.command_line.steps import as_json, command, run
from tests.simulator import SCOPES, Client, Simulator
from velora_core.storage.storage import Storage


def answer(line: str, pages: list[requests.Response], **form: Any) -> None:
    """Answer Velora's page whose address is in a line, as a browser does."""
    found = re.search(r"http\S+", line)
    assert found, line
    query = dict(parse_qs(urlsplit(found[0]).query))
    pages.append(requests.post(found[0].partition("?")[0], data={**query, **form}, timeout=10))


def test_sign_in__and_the_obs_script_is_signed_in_too(
    velora: Simulator, port: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registered = velora.register(Client(redirect_uris=(f"http://localhost:{port}/",)))
    with command(
        "sign-in", "--no-browser", "--port", str(port), "--client-id", registered.client_id,
        "--client-secret", stdin=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write((registered.client_secret or "") + "\n")
        process.stdin.close()
        pages: list[requests.Response] = []
        answer(process.stderr.readline(), pages, answer="allow", allowed=list(SCOPES))
        out = process.stdout.read()
        assert process.wait(20) == 0
    assert "You are signed in to Velora as " in out
    assert "go back to the terminal" in pages[0].text
    origin = velora.api_url.partition("/api/")[0]
    assert Storage(folder, None, origin=origin).sign_in is not None
    assert run(capsys, "info")[0] == 0
    assert run(capsys, "sign-out")[0] == 0
    assert run(capsys, "info")[0] == 3


def test_sign_in__with_a_token(
    velora: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(velora.issue_token() + "\n"))
    code, data = as_json(capsys, "sign-in", "--with-token")
    assert code == 0
    assert data["signed_in"] is True
    assert run(capsys, "info")[0] == 0


def test_sign_in__without_an_app_says_how_to_get_one(
    velora: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "sign-in")
    assert code == 3
    assert "velora sign-in --client-id ID" in err
