"""The screen that all tests in a real OBS share, and a world for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import harness
from tests.e2e.companion import KEY
from tests.e2e.world import World
from tests.harness import Display, RtmpIngest
from tests.simulator import Simulator
from tests.tooling import sharing

pytest_runtest_protocol = sharing.pytest_runtest_protocol


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failure comes with what OBS, the script and Velora did before it."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, World):
                report.sections.append(("what led there", value.history()))
                return


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there can't be a real OBS, each test says why it is skipped."""
    sharing.pytest_collection_modifyitems(items)
    reason = harness.available()
    if reason:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display


@pytest.fixture
def world(display: Display, tmp_path: Path) -> Iterator[World]:
    with World(display, tmp_path) as world:
        yield world


@pytest.fixture
def velora() -> Iterator[Simulator]:
    with Simulator() as velora:
        velora.account.stream_key = KEY
        yield velora


@pytest.fixture
def rtmp(velora: Simulator) -> Iterator[RtmpIngest]:
    publish, done = f"{velora.url}/_ingest/publish", f"{velora.url}/_ingest/publish_done"
    with RtmpIngest(on_publish=publish, on_publish_done=done) as rtmp:
        velora.account.rtmp_url = rtmp.url
        yield rtmp
