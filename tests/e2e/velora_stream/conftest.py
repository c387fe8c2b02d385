"""A simulated Velora, and a user who has signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.velora_stream.steps import KEY
from tests.simulator import Simulator


@pytest.fixture
def velora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator() as velora:
        velora.account.stream_key = KEY
        for name in ("HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(tmp_path / name))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        monkeypatch.setenv("VELORA_API_URL", velora.api_url)
        monkeypatch.setenv("VELORA_ACCESS_TOKEN", velora.issue_token())
        yield velora
