"""What can stand behind ``velora presets``."""

from __future__ import annotations

import argparse

from .info_arguments import add_info_arguments

__all__ = ["add_preset_arguments"]


def add_preset_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a parser take what can be done with presets; nothing lists them."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    parser.set_defaults(action="list")

    def action(name: str, what: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=what, description=what[:1].upper() + what[1:] + ".")
        # What stood before the action must not be undone by what doesn't stand behind it.
        made.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON"
        )
        return made

    action("list", "list the presets")
    _name(action("apply", "send a preset's title, category and tags to Velora"))
    save = action("save", "save what the channel has now, or what is given, as a preset")
    _name(save)
    save.add_argument(
        "--replace", action="store_true", help="replace the preset that has this name"
    )
    add_info_arguments(save)
    delete = action("delete", "delete a preset")
    _name(delete)
    delete.add_argument("--yes", action="store_true", help="do not ask")
    rename = action("rename", "give a preset another name")
    _name(rename)
    rename.add_argument("new_name", metavar="NEW-NAME")
    export = action("export", "write all presets into a file")
    export.add_argument("file", metavar="FILE")
    export.add_argument("--replace", action="store_true", help="replace the file if there is one")
    action("import", "take over the presets of such a file, all or none").add_argument(
        "file", metavar="FILE"
    )


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the preset's name, or its id")
