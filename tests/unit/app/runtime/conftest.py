"""A runtime between a fake software and its worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.app.runtime.steps import Cut
from tests.unit.fakes import FakeHost, wait_for
from velora_core.app.runtime import Runtime
from velora_core.app.state import State


@pytest.fixture
def hanging() -> Cut:
    return Cut()


@pytest.fixture
def runtime(host: FakeHost, hanging: Cut) -> Iterator[Runtime]:
    runtime = Runtime(host, interrupt=hanging.cut.set, state=State("first"))
    yield runtime
    hanging.cut.set()
    runtime.close()
    wait_for(lambda: not runtime.worker.alive)
