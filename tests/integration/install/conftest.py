"""The unit tests' machine for the installer."""

from __future__ import annotations

from tests.unit.install.conftest import machine

__all__ = ["machine"]
