"""What ffmpeg is told to capture, in each system."""

from __future__ import annotations

import pytest

from velora_core.cli.capture import capture_arguments


@pytest.mark.parametrize(
    ("system", "camera", "microphone", "inputs"),
    [
        ("linux", None, None, {"x11grab": ":7", "lavfi": ""}),
        ("linux", "default", "default", {"v4l2": "/dev/video0", "pulse": "default"}),
        ("linux", "/dev/video2", None, {"v4l2": "/dev/video2", "lavfi": ""}),
        ("darwin", None, "default", {"avfoundation": "none:default"}),
        ("darwin", "FaceTime", None, {"avfoundation": "FaceTime:none", "lavfi": ""}),
        ("win32", None, "Mic", {"gdigrab": "desktop", "dshow": "audio=Mic"}),
        ("win32", "A camera", None, {"dshow": "video=A camera", "lavfi": ""}),
    ],
)
def test_capture__picture_first_then_sound(
    system: str, camera: str | None, microphone: str | None, inputs: dict[str, str]
) -> None:
    asked = capture_arguments(camera, microphone, system=system, environment={"DISPLAY": ":7"})
    assert asked.count("-i") == 2
    found = {
        kind: asked[asked.index("-i", place) + 1]
        for place, kind in enumerate(asked)
        if place and asked[place - 1] == "-f"
    }
    assert set(found) == set(inputs)
    for kind, device in inputs.items():
        assert device in found[kind]


def test_screen__without_a_name_is_the_first() -> None:
    assert ":0" in capture_arguments(None, None, system="linux", environment={})
