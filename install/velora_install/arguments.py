"""The options of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(
        prog="install.py", description="Installs Velora for OBS for this user, or updates it."
    )
    add = reader.add_argument
    what = reader.add_mutually_exclusive_group()
    what.add_argument("--uninstall", action="store_true", help="take it out again")
    what.add_argument("--check", action="store_true", help="say what is right and what isn't")
    add(
        "--forget",
        action="store_true",
        help="with --uninstall: forget sign-in, keys and settings, too",
    )
    add(
        "--config-dir",
        type=Path,
        metavar="FOLDER",
        help="OBS's folder obs-studio, if it isn't where OBS usually has it",
    )
    add(
        "--collection",
        action="append",
        metavar="NAME",
        help="only this scene collection; can be given several times",
    )
    add("--bundle", type=Path, metavar="ZIP", help="install from a bundle, without network")
    add("--wait", action="store_true", help="wait until OBS is closed")
    add("--allow-downgrade", action="store_true", help="replace a newer version")
    add("--offline", action="store_true", help="with --check: don't ask Velora")
    add("--json", action="store_true", help="with --check: for programs")
    add(
        "--replace-python",
        action="store_true",
        help="on Windows and macOS: if OBS can't load the Python it is told, tell it another",
    )
    add(
        "--chat-dock",
        metavar="CHANNEL",
        help="add this Velora channel's chat to OBS as a dock; --uninstall takes it out again",
    )
    add(
        "--dock",
        action="store_true",
        help="add the panel to OBS as a dock, or let the dock in again; --uninstall takes it out",
    )
    add(
        "--command",
        action="store_true",
        help="have the command velora for terminals, too; --uninstall takes it out again",
    )
    add("--yes", action="store_true", help="answer every question with yes")
    return reader
