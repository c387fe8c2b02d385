"""What can stand behind ``velora companion``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_core.cli.more_commands import MoreCommand

if TYPE_CHECKING:
    import argparse

    from velora_core.cli.output import Output

    from .software import Software

__all__ = ["COMPANION"]


def _host(text: str) -> Software:
    """Return the software in ``KIND`` or ``KIND=PLACE``."""
    import argparse

    from .kinds import KINDS

    kind, _, place = text.partition("=")
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise argparse.ArgumentTypeError(f"{kind!r} is no software that is known: {known}")
    try:
        return KINDS[kind](place)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{place!r} is no place where {kind} could be") from None


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from .kinds import KINDS, STANDARD

    parser.add_argument(
        "--host",
        type=_host,
        action="append",
        metavar="SOFTWARE",
        help=f"{', '.join(KINDS)} ({STANDARD} if not given); repeat it for more. "
        "obs=COMPUTER:PORT is an OBS elsewhere, other=NAME any other software",
    )
    parser.add_argument("--title", metavar="TEXT", help="at most 140 characters")
    parser.add_argument("--category", metavar="NAME", help="a category's name or slug")
    parser.add_argument("--tag", action="append", metavar="TAG", help="repeat it for more")
    parser.add_argument(
        "--protocol", choices=("rtmp", "srt", "whip"), help="which one configure uses"
    )
    parser.add_argument(
        "--from-obs",
        action="store_true",
        help="read the password in the settings of the OBS on this computer, without asking",
    )
    parser.add_argument(
        "--unencrypted",
        action="store_true",
        help="do not ask before the stream key goes to another computer unencrypted",
    )


def _run(parsed: argparse.Namespace, output: Output) -> int:
    from .command import companion

    return companion(parsed, output)


COMPANION: Final = MoreCommand(
    name="companion",
    help="set up OBS or other software, and send title, category and tags when it goes live",
    example='velora companion --host obs=studio-pc:4455 --title "Hello" --category minecraft',
    add_arguments=_add_arguments,
    run=_run,
    extra="companion",
)
