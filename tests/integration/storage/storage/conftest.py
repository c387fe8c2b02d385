"""The unit tests' keyring."""

from __future__ import annotations

from tests.unit.storage.storage.conftest import backend

__all__ = ["backend"]
