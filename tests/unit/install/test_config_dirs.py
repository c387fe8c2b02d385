"""Where things are, on systems that this one isn't."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from velora_install import config_dirs


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
    (place,) = config_dirs.find("Windows", environment, home)
    assert place.config == config
    assert place.script == (home / "AppData" / "Local" / "velora-obs" / "script" / "velora_obs.py")
    assert config_dirs.find("Windows", {}, home) == [place]


def test_windows__portable_beside_the_usual_one(tmp_path: Path) -> None:
    obs_in(tmp_path / "AppData" / "Roaming" / "obs-studio")
    program = tmp_path / "OBS portable"
    obs_in(program / "config" / "obs-studio")
    found = config_dirs.find("Windows", {}, tmp_path, lambda: program)
    assert [item.name for item in found] == ["OBS Studio", "OBS Studio (portable)"]
    assert found[1].config == program / "config" / "obs-studio"
    # The same OBS, whether it is found or named.
    assert config_dirs.at(found[1].config, "Windows", {}, tmp_path).data == found[1].data


def test_macos(tmp_path: Path) -> None:
    support = tmp_path / "Library" / "Application Support"
    obs_in(support / "obs-studio")
    (place,) = config_dirs.find("Darwin", {}, tmp_path)
    assert place.scenes == support / "obs-studio" / "basic" / "scenes"
    assert place.script_folder == support / "velora-obs" / "script"


def test_linux__native_flatpak_and_snap(tmp_path: Path) -> None:
    obs_in(tmp_path / ".config" / "obs-studio")
    app = tmp_path / ".var" / "app" / "com.obsproject.Studio"
    obs_in(app / "config" / "obs-studio")
    snap = tmp_path / "snap" / "obs-studio"
    obs_in(snap / "current" / ".config" / "obs-studio")
    native, flatpak, snapped = config_dirs.find("Linux", {}, tmp_path)
    assert native.script_folder == tmp_path / ".local" / "share" / "velora-obs" / "script"
    assert native.settings == tmp_path / ".config"
    assert flatpak.script_folder == app / "data" / "velora-obs" / "script"
    assert flatpak.settings == app / "config"
    assert snapped.script_folder == snap / "common" / "velora-obs" / "script"
    # A snap may not read what is in hidden folders of the home folder.
    inside = snapped.script_folder.relative_to(tmp_path).parts
    assert not any(part.startswith(".") for part in inside)


def test_snap__new_and_old_folder__the_one_that_is_in_use(tmp_path: Path) -> None:
    snap = tmp_path / "snap" / "obs-studio"
    new = obs_in(snap / "common" / ".config" / "obs-studio")
    old = obs_in(snap / "current" / ".config" / "obs-studio")
    for folder, moment in ((old, 1000), (new, 2000)):
        (folder / "global.ini").touch()
        os.utime(folder / "global.ini", (moment, moment))
    (place,) = config_dirs.find("Linux", {}, tmp_path)
    assert place.config == new
    assert place.settings == snap / "common" / ".config"
    assert place.script_folder == snap / "common" / "velora-obs" / "script"
    (old / "logs").mkdir()
    (old / "logs" / "2026-01-01.txt").touch()
    os.utime(old / "logs" / "2026-01-01.txt", (3000, 3000))
    (place,) = config_dirs.find("Linux", {}, tmp_path)
    assert place.config == old
    assert place.settings == snap / "current" / ".config"
    assert config_dirs.at(new, "Linux", {}, tmp_path).name == "OBS Studio (Snap)"


def test_sandboxed__those_that_are(tmp_path: Path) -> None:
    for folder in (".config", "snap/obs-studio/common/.config", config_dirs.FLATPAK + "/config"):
        obs_in(tmp_path / folder / "obs-studio")
    found = {request.name: request.sandboxed for request in config_dirs.find("Linux", {}, tmp_path)}
    assert found == {
        "OBS Studio": False,
        "OBS Studio (Flatpak)": True,
        "OBS Studio (Snap)": True,
    }


@pytest.mark.parametrize("system", ["Windows", "Darwin", "Linux"])
def test_each_configuration__has_a_folder_of_its_own(tmp_path: Path, system: str) -> None:
    first, other = obs_in(tmp_path / "one" / "obs-studio"), obs_in(tmp_path / "two" / "obs-studio")
    native = config_dirs._native(system, {}, tmp_path)
    obs_in(native.config)
    found = [
        config_dirs.at(folder, system, {}, tmp_path) for folder in (native.config, first, other)
    ]
    assert len({place.data for place in found}) == 3
    assert found[0].former_data is None
    assert found[1].former_data == native.data
    # Always the same one, however the folder is named.
    (tmp_path / "link").symlink_to(tmp_path / "one")
    again = config_dirs.at(tmp_path / "link" / "obs-studio", system, {}, tmp_path)
    assert again.data == found[1].data


def test_named_folder__settings_beside_it_where_there_are_some(tmp_path: Path) -> None:
    config = obs_in(tmp_path / "other home" / ".config" / "obs-studio")
    assert config_dirs.at(config, "Linux", {}, tmp_path).settings == tmp_path / ".config"
    (config.parent / "velora-obs").mkdir()
    assert config_dirs.at(config, "Linux", {}, tmp_path).settings == config.parent


def test_linux__own_xdg_folders(tmp_path: Path) -> None:
    config = obs_in(tmp_path / "c" / "obs-studio")
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    (place,) = config_dirs.find("Linux", environment, tmp_path)
    assert place.config == config
    assert place.data == tmp_path / "d" / "velora-obs"


@pytest.mark.parametrize("system", ["Windows", "Darwin", "Linux"])
def test_no_obs__nothing_found(tmp_path: Path, system: str) -> None:
    assert config_dirs.find(system, {}, tmp_path) == []


def test_named_folder__is_recognized_or_counts_as_another_one(tmp_path: Path) -> None:
    app = tmp_path / ".var" / "app" / "com.obsproject.Studio"
    config = obs_in(app / "config" / "obs-studio")
    assert config_dirs.at(config, "Linux", {}, tmp_path).name == "OBS Studio (Flatpak)"
    other = obs_in(tmp_path / "stick" / "obs-studio")
    assert config_dirs.at(other, "Linux", {}, tmp_path).config == other


def test_path_forms() -> None:
    windows = PureWindowsPath(r"C:\Users\Jürgen 🎮\velora_obs.py")
    assert config_dirs.obs_path(windows) == "C:/Users/Jürgen 🎮/velora_obs.py"
    assert (
        config_dirs.obs_path(PurePosixPath("/home/a b/velora_obs.py")) == "/home/a b/velora_obs.py"
    )


@pytest.mark.parametrize(
    ("path", "other", "system", "same"),
    [
        (r"C:\A\b.py", "c:/a/B.py", "Windows", True),
        ("/A/b.py", "/a/b.py", "Darwin", True),
        ("/A/b.py", "/a/b.py", "Linux", False),
        ("/a/b.py", "/a/b.py", "Linux", True),
        ("/Users/J\u00fcrgen/v.py", "/Users/Ju\u0308rgen/v.py", "Darwin", True),
        ("/home/J\u00fcrgen/v.py", "/home/Ju\u0308rgen/v.py", "Linux", False),
    ],
)
def test_same_path(path: str, other: str, system: str, same: bool) -> None:
    assert config_dirs.same_path(path, other, system) is same


def test_macos__an_umlaut_in_two_spellings_is_one_configuration(tmp_path: Path) -> None:
    places = [
        config_dirs.at(tmp_path / name / "obs-studio", "Darwin", {}, tmp_path)
        for name in ("J\u00fcrgen", "Ju\u0308rgen")
    ]
    assert places[0].data == places[1].data


def test_registry__is_asked_only_where_there_is_one() -> None:
    assert config_dirs.program_from_registry() is None
