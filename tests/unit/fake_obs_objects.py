"""What OBS hands to a script, and what is behind it: plain objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Data", "Encoder", "Frontend", "Properties", "Property", "Source"]


class Data:
    """An obs_data_t."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.values = dict(values or {})
        self.defaults: dict[str, Any] = {}

    def get(self, name: str, missing: Any) -> Any:
        return self.values.get(name, self.defaults.get(name, missing))


class Property:
    """An obs_property_t."""

    def __init__(self, name: str, text: str, kind: str, callback: Any = None) -> None:
        self.name, self.text, self.kind, self.callback = name, text, kind, callback
        self.help: str | None = None
        self.info: int | None = None
        self.visible = self.enabled = True
        self.items: list[tuple[str, str]] = []
        self.content: Properties | None = None
        self.modified: Any = None


class Properties(list[Property]):
    """An obs_properties_t."""

    def find(self, name: str) -> Property | Any:
        """Return it, wherever it is, or None."""
        for item in self:
            found = item if item.name == name else item.content and item.content.find(name)
            if found:
                return found
        return None


class Source:
    """An obs_source_t."""

    def __init__(self, name: str, kind: str, **settings: Any) -> None:
        self.name, self.kind, self.settings = name, kind, Data(settings)
        self.updates = 0
        self.active, self.width = True, 0
        self.hooked: dict[str, str] | None = None  # what it says that it captures, if it says it


class Encoder:
    """An obs_encoder_t."""

    def __init__(self, kind: str, bitrate: int = 160, track: int = 0) -> None:
        self.kind, self.settings, self.track = kind, Data({"bitrate": bitrate}), track
        self.has_audio = False
        self.active = False
        self.updates = 0


class Frontend:
    """OBS's state."""

    def __init__(self) -> None:
        self.profile = "Main"
        self.scene: Source | None = Source("Scene", "scene")
        self.profile_folder: str | None = "/home/somebody/obs-studio/basic/profiles/Main"
        self.other_profiles = ["Other"]
        self.service_kind = "rtmp_common"
        self.service = Data({"server": "rtmp://other.test/app", "key": "live_test_other"})
        self.saved_services = 0
        self.live = False
        self.whip = True
        self.config = {("SimpleOutput", "StreamAudioEncoder"): "aac"}
        self.config_saves = 0
        self.saves = 0
        self.log: list[tuple[int, str]] = []
        self.callbacks: list[Callable[[int], None]] = []
        self.hotkeys: list[tuple[str, str, Any] | None] = []
        self.keys: dict[str, list[dict[str, Any]]] = {}
        self.has_output = True
        self.frames = 0
        self.audio_codecs: str | None = "aac"
        self.audio_encoder: Encoder | None = Encoder("CoreAudio_AAC")
        self.encoders: dict[str, Encoder] = {}  # of video, by OBS's name for it
        self.video_encoder: Encoder | None = None
        self.on_stop: list[Any] = []
        self.on_starting: list[Any] = []
        self.output_name = "simple_stream"
        self.output_address = 0x55A2
        self.refuses_start = False
        self.last_error: str | None = None
        self.forced_stops = 0
        self.on_rename: list[Any] = []
        self.sources: dict[str, Source] = {}

    def __int__(self) -> int:
        """Return where the stream's output is."""
        return self.output_address
