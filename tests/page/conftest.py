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
def one_browser() -> Iterator[PageBrowser]:
    with PageBrowser() as browser:
        yield browser


@pytest.fixture
def browser(one_browser: PageBrowser) -> Iterator[PageBrowser]:
    """The browser; whatever a test does, its page has no complaint and stays at home."""
    one_browser.prefer("dark")
    one_browser.complaints()
    yield one_browser
    here = one_browser.url
    assert all(one.startswith(here) for one in one_browser.addresses())
    assert one_browser.complaints() == []


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
