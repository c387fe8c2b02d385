"""`velora_core.features.diagnostics` looks on while OBS may run, with the same sign-in."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import SCOPES, Client, Simulator
from tests.unit.storage.storage.contents import MemoryKeyring
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.features import diagnostics
from velora_core.secret import Secret
from velora_core.storage.storage import Storage
from velora_core.storage.system_keyring import Keyring


@pytest.fixture
def backend() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, velora: Simulator, backend: MemoryKeyring
) -> Path:
    monkeypatch.setenv("VELORA_API_URL", velora.api_url)
    monkeypatch.delenv("VELORA_ACCESS_TOKEN", raising=False)
    monkeypatch.setattr(
        "velora_core.storage.storage.default_folder", lambda: tmp_path / "velora-obs"
    )
    monkeypatch.setattr(
        "velora_core.storage.system_keyring.Keyring.detect", lambda **_: Keyring(backend)
    )
    return tmp_path / "velora-obs"


def stored(velora: Simulator, folder: Path, left: float, keyring: Keyring | None) -> str:
    """Keep a sign-in whose access token is good for `left` seconds; return the token."""
    velora.register(Client())
    token = velora.issue_sign_in(expires_in=left)
    assert token.refresh
    tokens = Tokens(
        Secret(token.access), Secret(token.refresh), time.time() + left, frozenset(SCOPES)
    )
    sign_in = Grant(ClientCredentials("test-client", Secret("test_secret")), tokens, "", 0.0)
    origin = velora.api_url.partition("/api/")[0]
    Storage(folder, keyring, origin=origin).save_sign_in(sign_in)
    return token.access


def everything(folder: Path, backend: MemoryKeyring) -> Any:
    files = {path.name: path.read_bytes() for path in folder.glob("**/*") if path.is_file()}
    return files, dict(backend.entries)


def check(capsys: Any) -> dict[str, tuple[bool | None, str]]:
    diagnostics.main()
    found = json.loads(capsys.readouterr().out)
    return {item["name"]: (item["ok"], item["sentence"]) for item in found}


@pytest.mark.parametrize("in_keyring", [True, False])
@pytest.mark.parametrize("state", ["good", "about_to_end", "ended", "refused"])
def test_check__renews_nothing_and_moves_nothing(
    velora: Simulator,
    folder: Path,
    backend: MemoryKeyring,
    capsys: Any,
    state: str,
    in_keyring: bool,
) -> None:
    left = {"good": 3600.0, "about_to_end": 5.0, "ended": -5.0, "refused": 3600.0}[state]
    # In the file although there is a keyring: it was closed then.
    access = stored(velora, folder, left, Keyring(backend) if in_keyring else None)
    if state == "refused":
        velora.tokens.expire(access)
    before = everything(folder, backend)
    found = check(capsys)
    if state in ("good", "about_to_end"):
        assert found["sign_in"][0] is True, found
    else:
        ok, sentence = found["sign_in"]
        assert ok is None
        assert "a check does not refresh it" in sentence
    assert everything(folder, backend) == before
    assert velora.journal.find("POST") == []
