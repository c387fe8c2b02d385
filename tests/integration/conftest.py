"""Tests of what needs sockets, processes of its own or long random walks, but no OBS.

They mirror the tree as the unit tests do, and use the same fixtures.
"""

from __future__ import annotations

from tests.unit.conftest import app, folder, host, make, opened, quick_typing, velora

__all__ = ["app", "folder", "host", "make", "opened", "quick_typing", "velora"]
