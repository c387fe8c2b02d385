"""OBS's profile: what tells it from others, and what follows its new name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.fake_obspython import FakeObs
from tests.unit.obs_script.script import Script


def test_profile__is_told_by_its_folder(
    script: Script, obs: FakeObs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host = script.module._session.host
    obs.frontend.profile_folder = "../config/obs-studio/basic/profiles/Main"
    references = obs.references
    portable = host.profile()
    assert obs.references == references
    assert portable.id == str(Path("../config/obs-studio/basic/profiles/Main").resolve())
    assert (portable.name, portable.inherits) == ("Main", False)
    obs.frontend.profile_folder = f"{tmp_path}/obs-studio/basic/profiles/../profiles/Main/"
    native = host.profile()
    assert (native.id, native.inherits) == (f"{tmp_path}/obs-studio/basic/profiles/Main", True)


def test_profile__without_a_folder_counts_by_its_name_and_that_is_said_once(
    script: Script, obs: FakeObs
) -> None:
    obs.frontend.profile_folder = None
    host = script.module._session.host
    for _ in range(3):
        profile = host.profile()
        assert (profile.id, profile.name, profile.inherits) == ("Main", "Main", False)
    said = [text for _, text in obs.frontend.log if "in which folder its profile is" in text]
    assert len(said) == 1


def rename_profile(script: Script, obs: FakeObs, name: str, *, tells_before: bool) -> None:
    frontend = obs.frontend
    frontend.profile = name
    frontend.profile_folder = f"/home/somebody/obs-studio/basic/profiles/{name}"
    if tells_before:  # from 31 on
        script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_CHANGED)
    script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_RENAMED)


@pytest.mark.parametrize("tells_before", [True, False])
def test_profile_renamed__keeps_the_way_back(
    script: Script, obs: FakeObs, tells_before: bool
) -> None:
    panel = script.panel()
    script.press(panel, "configure")
    script.choose(panel, "section", "setup")
    for name in ("Second", "Third"):
        rename_profile(script, obs, name, tells_before=tells_before)
    script.press(panel, "refresh")
    assert panel.find("restore").visible
    obs.frontend.other_profiles = ["Third"]
    rename_profile(script, obs, "Fourth", tells_before=True)  # one that is still there: only chosen
    script.press(panel, "refresh")
    assert not panel.find("restore").visible


def test_profile__is_made_again_only_when_it_has_changed(script: Script, obs: FakeObs) -> None:
    host = script.module._session.host
    before = host.profile()
    assert host.profile() is before
    obs.frontend.profile_folder = "/elsewhere/basic/profiles/Main"
    assert host.profile().id == "/elsewhere/basic/profiles/Main"
    obs.frontend.profile = "Renamed"
    assert host.profile().name == "Renamed"
    obs.frontend.profile_folder = None
    assert host.profile() == ("Renamed", "Renamed", False)
