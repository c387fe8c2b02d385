"""The unit tests' OBS with the script in it."""

from __future__ import annotations

from tests.unit.obs_script.conftest import *  # noqa: F403 - whichever fixtures it has
