"""The page's own files: a fixed list, so that no path leads anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = ["content_type", "page_files"]

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def page_files() -> dict[str, Path]:
    """Return each file by its path in the page's address."""
    files = {f"/{file.name}": file for file in FOLDER.glob("*") if file.suffix in _TYPES}
    index = files.pop("/index.html", None)
    return {**files, "/": index} if index else files


def content_type(file: Path) -> str:
    """Return what a file is."""
    return _TYPES[file.suffix]
