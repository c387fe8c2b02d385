"""What the harness needs of the machine, and whether it is there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

__all__ = ["DEBIAN_PACKAGES", "available", "missing_packages"]

DEBIAN_PACKAGES: dict[str, str] = {
    "at-spi2-core": "/usr/libexec/at-spi-bus-launcher",
    "chromium": "/usr/bin/chromium",
    "chromium-driver": "/usr/bin/chromedriver",
    "dbus": "/usr/bin/dbus-daemon",
    "ffmpeg": "/usr/bin/ffprobe",
    "fish": "/usr/bin/fish",
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "gir1.2-secret-1": "/usr/lib/*/girepository-1.0/Secret-1.typelib",
    "gnome-keyring": "/usr/bin/gnome-keyring-daemon",
    "libgl1-mesa-dri": "/usr/lib/*/dri/*_dri.so",
    "libnginx-mod-rtmp": "/usr/lib/nginx/modules/ngx_rtmp_module.so",
    "nginx": "/usr/sbin/nginx",
    "obs-plugins": "/usr/lib/*/obs-plugins/obs-websocket.so",
    "obs-studio": "/usr/bin/obs",
    "openssl": "/usr/bin/openssl",
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "python3-pyqt6.qtwebengine": "/usr/lib/python3/dist-packages/PyQt6/QtWebEngineCore*.so",
    "xclip": "/usr/bin/xclip",
    "xdotool": "/usr/bin/xdotool",
    "xvfb": "/usr/bin/Xvfb",
    "zsh": "/usr/bin/zsh",
}
"""The Debian packages a test needs (the shells: of the command), and a file each is known by."""


def missing_packages() -> list[str]:
    """Return the packages that are not installed; ``apt-get install`` takes them as they are."""
    return [name for name, known_by in DEBIAN_PACKAGES.items() if not _exists(known_by)]


def available() -> str | None:
    """Return why a real OBS can't run here, in one sentence, or None when it can."""
    if not sys.platform.startswith("linux"):
        return "The tests against a real OBS run on Linux only."
    if shutil.which("apt-get") is None:
        return "The tests against a real OBS need Debian or Ubuntu."
    if missing := missing_packages():
        return f"Not installed: {' '.join(missing)} (apt-get install them)."
    return None


def _exists(pattern: str) -> bool:
    return next(iter(Path("/").glob(pattern.lstrip("/"))), None) is not None
