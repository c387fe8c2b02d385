"""Pictures of the screen."""

from __future__ import annotations

from pathlib import Path

from tests.harness.display import Display

__all__ = ["take_picture"]


def take_picture(
    display: Display, path: Path, *, area: tuple[int, int, int, int] | None = None
) -> Path:
    """Save what the screen shows as PNG.

    Args:
        area: x, y, width and height in pixels; the whole screen without it.
    """
    x, y, width, height = area or (0, 0, display.width, display.height)
    x, y = max(0, x), max(0, y)
    width, height = min(width, display.width - x), min(height, display.height - y)
    path.parent.mkdir(parents=True, exist_ok=True)
    display.run(
        *("ffmpeg", "-loglevel", "error", "-y", "-f", "x11grab", "-draw_mouse", "0"),
        *("-video_size", f"{width}x{height}", "-i", f"{display.name}+{x},{y}"),
        *("-frames:v", "1", "-update", "1", str(path)),
    )
    return path
