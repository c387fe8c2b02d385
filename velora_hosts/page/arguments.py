"""What can stand behind ``velora page``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_core.cli.more_commands import MoreCommand

if TYPE_CHECKING:
    import argparse

    from velora_core.cli.output import Output

__all__ = ["PAGE"]


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add none: all there is to say is said on the page."""
    del parser


def _run(parsed: argparse.Namespace, output: Output) -> int:
    from .command import page

    return page(parsed, output)


PAGE: Final = MoreCommand(
    name="page",
    help="open the page in your browser, from which you can stream without other software",
    example="velora page",
    add_arguments=_add_arguments,
    run=_run,
    extra="cli",
)
