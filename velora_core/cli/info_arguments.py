"""The arguments for title, category and tags, which several commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_info_arguments"]


def add_info_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take title, category and tags."""
    parser.add_argument("--title", metavar="TEXT", help="at most 140 characters")
    parser.add_argument("--category", metavar="NAME", help="a category's name or slug")
    tags = parser.add_mutually_exclusive_group()
    tags.add_argument(
        "--tag", action="append", metavar="TAG", help="repeat it for more; replaces all tags"
    )
    tags.add_argument("--clear-tags", action="store_true", help="remove all tags")
