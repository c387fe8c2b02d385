"""A browser for all tests of the page, and a program that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.page.driver import PageBrowser
from tests.page.stand_in import StandIn
from tests.page.states import HITS, STATES

Open = Callable[..., StandIn]


@pytest.fixture(scope="session")
def chromium() -> Iterator[PageBrowser]:
    with PageBrowser() as browser:
        yield browser


@pytest.fixture
def browser(chromium: PageBrowser) -> Iterator[PageBrowser]:
    """The browser; whatever a test does, its page has no complaint and stays at home."""
    chromium.prefer("dark")
    chromium.complaints()
    yield chromium
    here = "/".join(chromium.url.split("/")[:3])
    assert all(address.startswith(here) for address in chromium.addresses())
    assert chromium.complaints() == []


@pytest.fixture
def page(browser: PageBrowser) -> Iterator[Open]:
    """Show the page in one of `STATES`; what stands behind it is returned."""
    with ExitStack() as stack:

        def show(name: str, *, width: int = 300) -> StandIn:
            stand_in = stack.enter_context(StandIn(STATES[name]))
            stand_in.hits = list(HITS)
            browser.show(stand_in.address, width=width)
            return stand_in

        yield show
