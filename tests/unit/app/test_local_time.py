"""Date and time as this computer's user reads them."""

from __future__ import annotations

import locale
import sys
import time
from typing import Any

import pytest

from velora_core.app import local_time
from velora_core.app.local_time import LocalTime

NOW = 1764106145.0


def test_c__is_nobodys_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        monkeypatch.setenv("LC_ALL", "C")
    before = locale.setlocale(locale.LC_ALL)
    found = local_time.local_time(NOW)
    parts = time.localtime(NOW)
    if sys.platform == "linux":
        assert found == LocalTime(
            time.strftime("%Y-%m-%d", parts),
            time.strftime("%H:%M", parts),
            time.strftime("%A", parts),
        )
    assert all(found)
    assert locale.setlocale(locale.LC_ALL) == before  # of the whole process


def test_without_a_locale__iso(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> LocalTime:
        raise OSError

    monkeypatch.setattr(local_time, "_by_system", fail)
    parts = time.localtime(NOW)
    found = local_time.local_time(NOW)
    assert (found.date, found.time) == (
        time.strftime("%Y-%m-%d", parts),
        time.strftime("%H:%M", parts),
    )


def test_locale_that_is_not_installed__iso(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert local_time.local_time(NOW).date.count("-") == (2 if sys.platform == "linux" else 0)


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("%H:%M:%S", "%H:%M"),
        ("%T", "%H:%M"),
        ("%r", "%I:%M %p"),
        ("%H.%M.%S", "%H.%M"),
        ("%k,%M,%S", "%k,%M"),
        ("%OH:%OM:%OS", "%OH:%OM"),
        ("%H時%M分%S秒", "%H時%M分"),
        ("%H시 %M분 %S초", "%H시 %M분"),
        ("", "%H:%M"),
    ],
)
def test_time__has_no_seconds(pattern: str, shown: str) -> None:
    assert local_time._without_seconds(pattern, "%I:%M:%S %p") == shown
