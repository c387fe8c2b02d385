"""What the tests of the script share."""

from __future__ import annotations

from tests.unit.obs_script.test_script import obs, script, sources

__all__ = ["obs", "script", "sources"]
