"""Commands that the command line gets from elsewhere: it knows no broadcasting software itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from .output import Output

__all__ = ["MoreCommand"]


class MoreCommand(NamedTuple):
    """One more command of ``velora``.

    Attributes:
        name: what is typed.
        help: what it does, in one line.
        example: a whole command line.
        add_arguments: gives a parser its arguments.
        run: runs it on the main thread; returns the exit code.
        extra: of ``velora-core``, which it needs (`EXTRAS` of `missing_package` has its packages).
    """

    name: str
    help: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Output], int]
    extra: str
