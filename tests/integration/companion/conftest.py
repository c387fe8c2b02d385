"""A model of OBS, and a home of its own for the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.companion.session import Session
from tests.unit.fakes import TOKEN, FakeVelora
from tests.unit.model_obs import ModelObs


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep out of the developer's own settings, in which a companion may be running."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)


@pytest.fixture
def obs(velora: FakeVelora) -> Iterator[ModelObs]:
    with ModelObs() as obs:
        yield obs


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    return Session(monkeypatch)
