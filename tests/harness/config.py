"""A fresh OBS configuration: profiles, scene collections, scripts and their settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness.installation import ObsInstallation, ini_text

__all__ = ["ObsConfig", "Profile", "SceneCollection", "Script"]


@dataclass(frozen=True)
class Script:
    """A script as a scene collection holds it."""

    path: Path
    """Its file."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What its panel holds, by property name. An editable list is a list of ``{"value": …}``."""


@dataclass(frozen=True)
class SceneCollection:
    """A scene collection: one scene, with a colour in it, and scripts."""

    name: str = "Main"
    scripts: Sequence[Script] = ()
    colour: int | None = 0xFFE0466C
    """The colour that fills the picture, as 0xAABBGGRR; None for a scene without any source.

    For a test that leaves the collection: OBS 32 now and then crashes when it does so and has a
    source in its list (the list's labels and the thread that destroys sources race).
    """


@dataclass(frozen=True)
class Profile:
    """A profile, small enough for several OBS on a slow machine; without `encoder` in Simple output
    mode."""

    name: str = "Main"
    width: int = 320
    """Pixels."""
    height: int = 180
    """Pixels."""
    fps: int = 30
    video_bitrate: int = 400
    """Kilobits per second."""
    preset: str = "ultrafast"
    """x264's preset."""
    encoder: Mapping[str, Any] | None = None
    """For the Advanced output mode with x264: what ``streamEncoder.json`` holds; None for the
    Simple one."""
    service: Mapping[str, Any] | None = None
    """What ``service.json`` holds (`type` and `settings`); None for no such file."""
    extra: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """More of ``basic.ini``, by group."""


@dataclass(frozen=True)
class ObsConfig:
    """Everything OBS finds when it starts. The first profile and collection are current."""

    profiles: Sequence[Profile] = (Profile(),)
    collections: Sequence[SceneCollection] = (SceneCollection(),)
    extra: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """More of ``global.ini`` or ``user.ini``, by group."""
    preview: bool = False
    """Whether the main window shows the picture; drawing that without a graphics card takes more
    of the processor than all else that an OBS does."""

    def write(self, installation: ObsInstallation, home: Path, *, websocket_port: int) -> None:
        """Write it below a home folder.

        Args:
            installation: the OBS that is to read it.
            websocket_port: where obs-websocket listens, without a password.
        """
        profile, collection = self.profiles[0], self.collections[0]
        sections = {
            "General": {
                # "FirstRun" says that there was one: no wizard.
                "FirstRun": "true",
                "ConfirmOnExit": "false",
                "EnableAutoUpdates": "false",
                "InfoIncrement": "1000000",
                **{f"Pre{version}Defaults": "false" for version in ("19", "21", "23", "24.1")},
            },
            "Basic": {
                "Profile": profile.name,
                "ProfileDir": profile.name,
                "SceneCollection": collection.name,
                "SceneCollectionFile": collection.name,
                "ConfigOnNewProfile": "false",
            },
            "BasicWindow": {"PreviewEnabled": "true" if self.preview else "false"},
        }
        for group, values in self.extra.items():
            sections.setdefault(group, {}).update(values)
        installation.write_user_config(home, sections=sections, websocket_port=websocket_port)
        basic = installation.config_folder(home) / "basic"
        for each in self.profiles:
            _write_profile(basic / "profiles" / each.name, each)
        (basic / "scenes").mkdir(parents=True, exist_ok=True)
        for item in self.collections:
            text = json.dumps(_collection_data(item, profile), indent=1)
            (basic / "scenes" / f"{item.name}.json").write_text(text)

    def script_folders(self) -> set[Path]:
        """Return the folders OBS has to see to load the scripts."""
        return {
            script.path.parent for collection in self.collections for script in collection.scripts
        }


def _write_profile(folder: Path, profile: Profile) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sections: dict[str, dict[str, str]] = {
        "General": {"Name": profile.name},
        "Output": {"Mode": "Simple"},
        "SimpleOutput": {
            "FilePath": str(folder),
            "VBitrate": str(profile.video_bitrate),
            "ABitrate": "64",
            "StreamEncoder": "x264",
            "UseAdvanced": "true",
            "Preset": profile.preset,
        },
        "Video": {
            "BaseCX": str(profile.width),
            "BaseCY": str(profile.height),
            "OutputCX": str(profile.width),
            "OutputCY": str(profile.height),
            "FPSType": "1",
            "FPSInt": str(profile.fps),
        },
    }
    if profile.encoder is not None:
        sections["Output"]["Mode"] = "Advanced"
        sections["AdvOut"] = {"Encoder": "obs_x264", "RecEncoder": "none", "TrackIndex": "1"}
        (folder / "streamEncoder.json").write_text(json.dumps(profile.encoder))
    for group, values in profile.extra.items():
        sections.setdefault(group, {}).update(values)
    (folder / "basic.ini").write_text(ini_text(sections))
    if profile.service is not None:
        (folder / "service.json").write_text(json.dumps(profile.service))


def _collection_data(collection: SceneCollection, profile: Profile) -> dict[str, Any]:
    unit, zero = {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}
    item = {
        "name": "Colour",
        "id": 1,
        "visible": True,
        "pos": zero,
        "scale": unit,
        "bounds": zero,
        "align": 5,
    }
    size = {"width": profile.width, "height": profile.height}
    colour = {
        "id": "color_source",
        "versioned_id": "color_source_v3",
        "name": "Colour",
        "settings": {"color": collection.colour, **size},
    }
    coloured = collection.colour is not None
    return {
        "name": collection.name,
        "current_scene": "Scene",
        "current_program_scene": "Scene",
        "scene_order": [{"name": "Scene"}],
        "sources": [
            *([colour] if coloured else []),
            {
                "id": "scene",
                "name": "Scene",
                "settings": {"id_counter": 1, "items": [item] if coloured else []},
            },
        ],
        "modules": {
            "scripts-tool": [
                {"path": str(script.path), "settings": dict(script.settings)}
                for script in collection.scripts
            ]
        },
    }
