"""The unit tests' application whose page is on."""

from __future__ import annotations

from tests.unit.web.conftest import _any_port, app, client

__all__ = ["_any_port", "app", "client"]
