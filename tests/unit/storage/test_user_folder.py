"""Where a user's settings are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from velora_core.storage.user_folder import default_folder


def test_default_folder__is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if os.name == "posix":
        assert default_folder().name == "velora-obs"


@pytest.mark.parametrize("home", ["/home/somebody", "/home/somebody/", "", None])
@pytest.mark.parametrize("base", ["/elsewhere", " /elsewhere/ ", "relative", "", None])
def test_default_folder__linux__is_what_platformdirs_says(
    monkeypatch: pytest.MonkeyPatch, home: str | None, base: str | None
) -> None:
    import platformdirs

    monkeypatch.setattr(sys, "platform", "linux")
    for name, value in (("HOME", home), ("XDG_CONFIG_HOME", base)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    expected = Path(platformdirs.user_config_dir("velora-obs", appauthor=False, roaming=False))
    assert default_folder() == expected


def test_default_folder__linux__needs_no_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It would be memory of OBS's for nothing."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "velora-obs"


def test_default_folder__macos__the_same_from_a_terminal_and_from_the_dock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A model: only what the system is called."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    expected = tmp_path / "Library" / "Application Support" / "velora-obs"
    assert default_folder() == expected
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    assert default_folder() == expected
