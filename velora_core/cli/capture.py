"""What ffmpeg is to be told to capture a screen, a camera and a microphone, in each system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

__all__ = ["DEFAULT", "capture_arguments"]

DEFAULT: Final = "default"
"""The device that the system takes where nobody chooses one."""

_RATE: Final = ("-framerate", "30")
# Players may wait for a sound that never comes.
_SILENCE: Final = ("-f", "lavfi", "-i", "anullsrc=sample_rate=48000:channel_layout=stereo")


def capture_arguments(
    camera: str | None,
    microphone: str | None,
    *,
    system: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
) -> list[str]:
    """Return ffmpeg's arguments for picture and sound of this computer.

    Args:
        camera: its name; None: the screen.
        microphone: its name; None: silence.
        system: as `sys.platform` has it.
        environment: which names the screen.
    """
    capture = {"win32": _windows, "darwin": _macos}.get(system, _linux)
    picture, sound = capture(camera, microphone, environment)
    return [*picture, *(sound if microphone is not None else _SILENCE)]


_Captured = tuple[list[str], list[str]]


def _linux(camera: str | None, microphone: str | None, environment: Mapping[str, str]) -> _Captured:
    screen = ["-f", "x11grab", *_RATE, "-i", environment.get("DISPLAY") or ":0"]
    device = "/dev/video0" if camera == DEFAULT else str(camera)
    picture = screen if camera is None else ["-f", "v4l2", *_RATE, "-i", device]
    return picture, ["-f", "pulse", "-i", str(microphone)]


def _macos(camera: str | None, microphone: str | None, _: Mapping[str, str]) -> _Captured:
    device = "Capture screen 0" if camera is None else camera
    picture = ["-f", "avfoundation", *_RATE, "-i", f"{device}:none"]
    return picture, ["-f", "avfoundation", "-i", f"none:{microphone}"]


def _windows(camera: str | None, microphone: str | None, _: Mapping[str, str]) -> _Captured:
    screen = ["-f", "gdigrab", *_RATE, "-i", "desktop"]
    picture = screen if camera is None else ["-f", "dshow", "-i", f"video={camera}"]
    return picture, ["-f", "dshow", "-i", f"audio={microphone}"]
