"""The unit tests' model of the software, with a companion that is connected to it."""

from __future__ import annotations

from tests.unit.meld_studio.conftest import *  # noqa: F403 - whichever fixtures it has
