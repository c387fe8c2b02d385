"""What to do about a Python package that is missing; it depends on how this one came here."""

from __future__ import annotations

from typing import Final

from velora_core.messages import message

__all__ = ["EXTRAS", "NEEDED", "about_missing"]

NEEDED: Final = {"requests": "requests", "truststore": "truststore", "urllib3": "urllib3"}
"""What everything but OBS's UI thread needs: modules, and the packages that have them."""

_CLI: Final = {"keyring": "keyring", "oauthlib": "oauthlib", "platformdirs": "platformdirs"}

EXTRAS: Final = {
    "sign-in": {"oauthlib": "oauthlib"},
    "cli": _CLI,
    "companion": {**_CLI, "websocket": "websocket-client"},
}
"""What each extra of ``velora-core`` needs beside that."""


def about_missing(module: str | None, extra: str) -> str | None:
    """Return what to do about a module that could not be imported.

    Args:
        module: its name.
        extra: of ``velora-core``, for what was to be done.

    Returns:
        None for a module that no package has which this one needs: that is a bug.
    """
    import sys
    from importlib.util import find_spec

    packages = {**NEEDED, **EXTRAS[extra]}
    top = (module or "").partition(".")[0]
    if top not in packages:
        return None
    name = packages[top]
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python3"
    if _from_an_index():
        return message("error.extra_missing", name=name, python=python, extra=extra)
    missing = [
        package for other, package in packages.items() if other == top or find_spec(other) is None
    ]
    if _managed():
        systems = " ".join(f"python3-{package}" for package in missing)
        return message("error.packages_managed", name=name, packages=systems)
    return message("error.packages_missing", name=name, python=python, packages=" ".join(missing))


def _from_an_index() -> bool:
    """Return whether pip has this very package from an index, and so would have its extras."""
    from importlib import metadata
    from pathlib import Path

    here = Path(__file__).resolve()
    try:
        found = metadata.distribution("velora-core")
        own = Path(str(found.locate_file("velora_core/errors/missing_package.py"))).resolve()
    except (metadata.PackageNotFoundError, OSError):  # it lies in a folder
        return False
    return own == here and found.read_text("direct_url.json") is None


def _managed() -> bool:
    """Return whether the system's own package manager has this Python, and pip would refuse."""
    import sys
    import sysconfig
    from pathlib import Path

    marker = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    return sys.prefix == sys.base_prefix and marker.exists()
