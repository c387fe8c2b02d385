"""Where things are, on systems that this one isn't."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from velora_install import places


def obs_in(folder: Path) -> Path:
    (folder / "basic" / "scenes").mkdir(parents=True)
    return folder


def test_windows(tmp_path: Path) -> None:
    home = tmp_path / "Jürgen Müller 🎮"
    config = obs_in(home / "AppData" / "Roaming" / "obs-studio")
    environment = {
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
    }
    (place,) = places.find("Windows", environment, home)
    assert place.config == config
    assert place.script == (home / "AppData" / "Local" / "velora-obs" / "script" / "velora_obs.py")
    assert places.find("Windows", {}, home) == [place]


def test_windows__portable_beside_the_usual_one(tmp_path: Path) -> None:
    obs_in(tmp_path / "AppData" / "Roaming" / "obs-studio")
    program = tmp_path / "OBS portable"
    obs_in(program / "config" / "obs-studio")
    found = places.find("Windows", {}, tmp_path, lambda: program)
    assert [one.name for one in found] == ["OBS Studio", "OBS Studio (portable)"]
    assert found[1].config == program / "config" / "obs-studio"


def test_macos(tmp_path: Path) -> None:
    support = tmp_path / "Library" / "Application Support"
    obs_in(support / "obs-studio")
    (place,) = places.find("Darwin", {}, tmp_path)
    assert place.scenes == support / "obs-studio" / "basic" / "scenes"
    assert place.script_folder == support / "velora-obs" / "script"


def test_linux__native_flatpak_and_snap(tmp_path: Path) -> None:
    obs_in(tmp_path / ".config" / "obs-studio")
    app = tmp_path / ".var" / "app" / "com.obsproject.Studio"
    obs_in(app / "config" / "obs-studio")
    snap = tmp_path / "snap" / "obs-studio"
    obs_in(snap / "current" / ".config" / "obs-studio")
    native, flatpak, snapped = places.find("Linux", {}, tmp_path)
    assert native.script_folder == tmp_path / ".local" / "share" / "velora-obs" / "script"
    assert native.settings == tmp_path / ".config"
    assert flatpak.script_folder == app / "data" / "velora-obs" / "script"
    assert flatpak.settings == app / "config"
    assert snapped.script_folder == snap / "common" / "velora-obs" / "script"
    # A snap may not read what is in hidden folders of the home folder.
    inside = snapped.script_folder.relative_to(tmp_path).parts
    assert not any(part.startswith(".") for part in inside)


def test_linux__own_xdg_folders(tmp_path: Path) -> None:
    config = obs_in(tmp_path / "c" / "obs-studio")
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    (place,) = places.find("Linux", environment, tmp_path)
    assert place.config == config
    assert place.data == tmp_path / "d" / "velora-obs"


@pytest.mark.parametrize("system", ["Windows", "Darwin", "Linux"])
def test_no_obs__nothing_found(tmp_path: Path, system: str) -> None:
    assert places.find(system, {}, tmp_path) == []


def test_named_folder__is_recognized_or_counts_as_another_one(tmp_path: Path) -> None:
    app = tmp_path / ".var" / "app" / "com.obsproject.Studio"
    config = obs_in(app / "config" / "obs-studio")
    assert places.at(config, "Linux", {}, tmp_path).name == "OBS Studio (Flatpak)"
    other = obs_in(tmp_path / "stick" / "obs-studio")
    assert places.at(other, "Linux", {}, tmp_path).config == other


def test_path_forms() -> None:
    windows = PureWindowsPath(r"C:\Users\Jürgen 🎮\velora_obs.py")
    assert places.obs_path(windows) == "C:/Users/Jürgen 🎮/velora_obs.py"
    assert places.obs_path(PurePosixPath("/home/a b/velora_obs.py")) == "/home/a b/velora_obs.py"


@pytest.mark.parametrize(
    ("one", "other", "system", "same"),
    [
        (r"C:\A\b.py", "c:/a/B.py", "Windows", True),
        ("/A/b.py", "/a/b.py", "Darwin", True),
        ("/A/b.py", "/a/b.py", "Linux", False),
        ("/a/b.py", "/a/b.py", "Linux", True),
    ],
)
def test_same_path(one: str, other: str, system: str, same: bool) -> None:
    assert places.same_path(one, other, system) is same


def test_registry__is_asked_only_where_there_is_one() -> None:
    assert places.program_from_registry() is None
