"""A folder without a keyring, and a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line.steps import KEY
from tests.ports import free_port
from tests.simulator import Simulator


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, velora: Simulator) -> Path:
    """Where the command keeps things; there is no keyring."""
    velora.account.stream_key = KEY
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("VELORA_API_URL", velora.api_url)
    monkeypatch.delenv("VELORA_ACCESS_TOKEN", raising=False)
    monkeypatch.delenv("VELORA_CLIENT_ID", raising=False)
    return tmp_path / "XDG_CONFIG_HOME" / "velora-obs"


@pytest.fixture
def token(velora: Simulator, monkeypatch: pytest.MonkeyPatch) -> str:
    issued: str = velora.issue_token()
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", issued)
    return issued


@pytest.fixture
def port() -> int:
    return free_port()
