"""What tests of the service setup share."""

from __future__ import annotations

from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service

__all__ = [
    "AAC",
    "custom",
    "protocol",
]

AAC = AudioEncoders("aac", "ffmpeg_aac")


def protocol(app: Application, name: str) -> None:
    app.settings = StreamSettings(protocol=name)


def custom(number: int) -> Service:
    return Service("rtmp_custom", {"server": f"rtmp://{number}.test", "key": f"live_test_{number}"})
