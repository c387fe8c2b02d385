"""The page in an engine as old as the browser in OBS: what is most likely to need a newer one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.page import test_accessibility, test_connection, test_keyboard, test_layout, test_typing
from tests.page.conftest import Open
from tests.page.driver import PageBrowser
from tests.page.old_browser import OldBrowser

_AS_IN_CHROMIUM = (
    test_accessibility.test_news__are_announced,
    test_connection.test_hidden_page__keeps_no_connection,
    test_connection.test_opened_before_its_program__says_so_and_comes_by_itself,
    test_connection.test_other_version__comes_once_what_was_typed_has_arrived,
    test_connection.test_program__goes_and_comes_back,
    test_keyboard.test_category__is_searched_and_chosen,
    test_keyboard.test_focus__stays_where_a_button_was,
    test_keyboard.test_new_key__takes_two_steps_and_the_focus_follows,
    test_keyboard.test_other_fields__are_sent_as_what_they_are,
    test_keyboard.test_preset__is_applied_in_one_press,
    test_keyboard.test_tab__comes_by_everything_in_the_order_in_which_it_stands,
    test_keyboard.test_tags__are_added_and_taken_away,
    test_keyboard.test_tip__opens_with_the_focus_and_closes_by_escape,
    test_keyboard.test_token__goes_one_way,
    test_layout.test_page__fits_into_each_width,
    test_typing.test_typed__is_marked_until_it_is_sent_and_kept_without_the_program,
    test_typing.test_typing__is_not_overwritten_by_what_comes_meanwhile,
)
globals().update({test.__name__: test for test in _AS_IN_CHROMIUM})


@pytest.fixture(scope="module")
def chromium() -> Iterator[PageBrowser]:
    """Stand in for the browser of all other tests."""
    with OldBrowser() as browser:
        assert browser.version.startswith("102.")
        yield browser


@pytest.mark.parametrize("name", ["signed out", "managing", "live"])
def test_axe__finds_nothing(browser: PageBrowser, page: Open, name: str) -> None:
    page(name)
    browser.unfold()
    assert browser.axe() == []
