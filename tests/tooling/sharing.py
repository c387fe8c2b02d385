"""Files of tests that two runs of pytest in the same OBS share: each is left to who comes first.

Both names are hooks of pytest: a `conftest.py` imports them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["FOLDER", "FROM_END", "pytest_collection_modifyitems", "pytest_runtest_protocol"]

FOLDER = "VELORA_TEST_FILES"
"""The variable with the folder in which runs say what they have taken; without it all is run."""
FROM_END = "VELORA_TEST_FROM_END"
"""The variable with which a run begins with the last of these files."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Leave a test out whose file is another run's."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    claim = Path(folder) / "-".join(item.path.relative_to(item.config.rootpath).parts)
    us = str(os.getpid())
    try:
        with claim.open("x") as file:
            file.write(us)
    except FileExistsError:
        if claim.read_text() != us:
            # What pytest kept for this test, and the one after it does not need.
            item.session._setupstate.teardown_exact(nextitem)
            return True  # as good as run: that is reported there
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have one run begin with the longest file and one with the shortest, so that they meet.

    Whoever comes to a file last has nobody's help with it, which had better be one that is short.
    How long its text is tells that well enough. The tests of each file stay in their order, and so
    do folders: what is told apart by its folder, such as the faults, comes after the rest.
    """
    if not os.environ.get(FOLDER):
        return
    files = list(dict.fromkeys(item.path for item in items))
    folders = list(dict.fromkeys(file.parent for file in files))
    files.sort(key=lambda file: (folders.index(file.parent), -file.stat().st_size))
    if os.environ.get(FROM_END):
        files.reverse()
    items.sort(key=lambda item: files.index(item.path))
