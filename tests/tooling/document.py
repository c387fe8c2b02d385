"""The documents that measurements write: always printed, and kept when that was asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["add_write_option", "publish"]


def add_write_option(parser: argparse.ArgumentParser, file: Path) -> None:
    """Let the command keep what it has measured."""
    parser.add_argument("--write", action="store_true", help=f"write {file.name}")


def publish(text: str, file: Path, *, write: bool) -> None:
    """Print a document, and put it into its file if that was asked for."""
    print(text)
    if write:
        file.write_text(text, encoding="utf-8")
