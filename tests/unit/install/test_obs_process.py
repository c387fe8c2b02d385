"""Whether OBS is running."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from velora_install.obs_process import obs_is_running


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ('"obs64.exe","1234","Console","1","300 K"', True),
        ('"notobs64.exe","1"', False),
        ("", False),
    ],
)
def test_running__windows(listed: str, found: bool) -> None:
    assert obs_is_running("Windows", lambda _: listed) is found


@pytest.mark.parametrize(
    ("listed", "found"),
    [("/sbin/launchd\n/Applications/OBS.app/Contents/MacOS/OBS\n", True), ("/usr/bin/OBSx", False)],
)
def test_running__macos(listed: str, found: bool) -> None:
    assert obs_is_running("Darwin", lambda _: listed) is found


def test_running__linux(tmp_path: Path) -> None:
    for number, name in (("1", "init"), ("20", "obs-browser"), ("x", "obs")):
        (tmp_path / number).mkdir()
        (tmp_path / number / "comm").write_text(name + "\n")
    assert not obs_is_running("Linux", processes=tmp_path)
    (tmp_path / "30").mkdir()
    (tmp_path / "30" / "comm").write_text("obs\n")
    assert not obs_is_running("Linux", processes=tmp_path)  # it has just ended
    (tmp_path / "30" / "environ").write_bytes(b"")  # it is ending
    assert not obs_is_running("Linux", processes=tmp_path)
    (tmp_path / "30" / "environ").write_bytes(b"A=1\0")
    assert obs_is_running("Linux", processes=tmp_path)
    (tmp_path / "30" / "environ").write_bytes(b"A=1\0HOME=/home/somebody/else\0")
    assert not obs_is_running("Linux", processes=tmp_path)
    (tmp_path / "30" / "environ").write_bytes(b"HOME=" + os.fsencode(Path.home()) + b"\0")
    assert obs_is_running("Linux", processes=tmp_path)


@pytest.mark.parametrize(
    ("comm", "variables", "found"),
    [
        # Model of a snap: snapd gives it a home of its own, and tells the real one.
        ("obs", "HOME={home}/snap/obs-studio/1302 SNAP_REAL_HOME={home}", True),
        ("obs", "HOME={home}/snap/obs-studio/1302", True),  # an older snapd
        ("obs", "HOME={home}/.snap/data/obs-studio/1302", True),  # its hidden folder
        ("obs", "HOME=/home/other/snap/obs-studio/1302 SNAP_REAL_HOME=/home/other", False),
        ("obs", "HOME={home}/snapshots", False),
        ("obs", "HOME={home}/", True),
        # Model of NixOS, where the program is wrapped.
        (".obs-wrapped", "HOME={home}", True),
        (".obs-wrapped", "HOME=/home/other", False),
    ],
)
def test_running__linux__snap_and_nixos(
    tmp_path: Path, comm: str, variables: str, found: bool
) -> None:
    (tmp_path / "30").mkdir()
    (tmp_path / "30" / "comm").write_text(comm + "\n")
    stated = variables.format(home=Path.home()).replace(" ", "\0")
    (tmp_path / "30" / "environ").write_bytes(os.fsencode(stated) + b"\0")
    assert obs_is_running("Linux", processes=tmp_path) is found


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ("HOME=/home/other", True),
        ("HOME=/home/third XDG_CONFIG_HOME=/home/other/.config", True),
        ("HOME=/home/other XDG_CONFIG_HOME=/home/other/cfg", False),
        ("HOME=/home/third", False),
    ],
)
def test_running__linux__with_the_settings_that_were_named(
    tmp_path: Path, variables: str, found: bool
) -> None:
    (tmp_path / "30").mkdir()
    (tmp_path / "30" / "comm").write_text("obs\n")
    (tmp_path / "30" / "environ").write_bytes(variables.replace(" ", "\0").encode())
    config = Path("/home/other/.config/obs-studio")
    assert obs_is_running("Linux", processes=tmp_path, config=config) is found
    assert not obs_is_running("Linux", processes=tmp_path)


@pytest.mark.parametrize(
    ("error", "found"),
    [(ProcessLookupError(3, "ending"), False), (PermissionError(13, "no"), True)],
)
def test_running__linux__what_does_not_show_its_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, found: bool
) -> None:
    def refuse(_: Path) -> bytes:
        raise error

    (tmp_path / "30").mkdir()
    (tmp_path / "30" / "comm").write_text("obs\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert obs_is_running("Linux", processes=tmp_path) is found
