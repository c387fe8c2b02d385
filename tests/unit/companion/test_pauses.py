"""How long a link waits: hardly for what isn't there yet, longer and longer for another program."""

from __future__ import annotations

import pytest

from velora_hosts.companion.pauses import Pauses


def lengths(pauses: Pauses, count: int, *, absent: bool) -> list[float]:
    return [pauses.next(absent=absent) for _ in range(count)]


def test_not_there_yet__is_found_within_seconds_however_late_it_is_started() -> None:
    assert lengths(Pauses(here=True), 1000, absent=True)[-1] == 3.0
    assert lengths(Pauses(here=False), 1000, absent=True)[-1] == 10.0


@pytest.mark.parametrize("here", [True, False])
def test_another_program__is_asked_ever_less_often(here: bool) -> None:
    assert lengths(Pauses(here=here), 7, absent=False) == [1, 2, 4, 8, 15, 30, 30]


def test_another_program_has_gone__the_software_need_not_wait_for_that() -> None:
    pauses = Pauses(here=True)
    lengths(pauses, 10, absent=False)
    assert pauses.next(absent=True) == 1.0
    assert pauses.next(absent=False) == 1.0


def test_good_connection__begins_them_anew() -> None:
    pauses = Pauses(here=True)
    lengths(pauses, 10, absent=False)
    pauses.begin_anew()
    assert pauses.next(absent=False) == 1.0
