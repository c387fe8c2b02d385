"""The command's arguments, with help and examples."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final, NoReturn

from velora_core import __version__
from velora_core.messages import message as sentence

from .info_arguments import add_info_arguments
from .more_commands import MoreCommand
from .output import Output, told_apart
from .preset_arguments import add_preset_arguments

__all__ = ["COMMANDS", "SHELLS", "make_parser"]

SHELLS: Final = ("bash", "zsh", "fish", "powershell")

_EXIT_CODES: Final = """\
exit codes:
  0    done
  1    it did not work, and trying the same again won't help
  2    the arguments make no sense; nothing was sent
  3    nobody is signed in, or a permission is missing
  4    Velora can't be reached or has a problem: try again later
  130  stopped by Ctrl-C
"""

_EXAMPLES: Final = """\
examples:
  velora sign-in
  velora set --title "Speedrun, any percent" --category minecraft --tag english --tag cozy
  velora watch --json
  echo "$TOKEN" | velora sign-in --with-token

"""

COMMANDS: Final = {
    "sign-in": "sign in with Velora in the browser, or with an access token",
    "sign-out": "delete the sign-in from this computer",
    "status": "show who is signed in, and whether the channel is live",
    "setup": "show where to stream to",
    "info": "show the channel's title, category and tags",
    "set": "change the channel's title, category and tags",
    "categories": "list categories, or search all of them",
    "presets": "list, apply and change the presets of title, category and tags",
    "regenerate-key": "make a new stream key; the old one stops working",
    "stream": "stream a file, or what ffmpeg can read, to Velora",
    "watch": "show the live status as it changes, until Ctrl-C",
    "check": "test every step to Velora",
    "completion": "print the completion script for a shell",
}
"""The commands, and what each does."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as JSON where that is asked for, and else where the help is."""

    given: Sequence[str] = ()
    commands: Container[str] = ()

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print at once, where a failure can still be told: Python's own end has other words."""
        if file is sys.stdout is not None:
            with told_apart():
                print(message, end="", file=file, flush=True)
        else:
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        if "--json" in self.given:
            report = {"kind": "UsageError", "message": message, "transient": False}
            Output(as_json=True).result({"error": report})
            self.exit(2)
        self.print_usage(sys.stderr)
        named = self.given[0] if self.given and self.given[0] in self.commands else None
        help_is = sentence("cli.help_commands" if named is None else "cli.help_of", command=named)
        self.exit(2, f"velora: {message}\n{help_is}\n")


def make_parser(
    more: Sequence[MoreCommand] = (), *, given: Sequence[str] | None = None
) -> argparse.ArgumentParser:
    """Return the parser for everything behind ``velora``.

    Args:
        more: commands that come from elsewhere.
        given: what stands there; those of them that its first word doesn't name need not be ready
            then.
    """
    helps = {**COMMANDS, **{another.name: another.help for another in more}}
    _Parser.given, _Parser.commands = given or (), helps
    described = {
        **_DESCRIBED,
        **{another.name: (another.example, another.add_arguments) for another in more},
    }
    parser = _Parser(
        prog="velora",
        description="Velora for the command line. It uses the sign-in of Velora for OBS on this "
        "computer, and keeps its own there.",
        epilog=_EXAMPLES + _EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"velora {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    named = None
    if given and (given[0] in helps or given[0] == "--version"):
        named = given[0]
    for name, text in helps.items():
        # Each takes milliseconds; the help that shows them all is not for whoever names one.
        if named is not None and name != named:
            continue
        example, add_arguments = described[name]
        made = commands.add_parser(
            name,
            help=text,
            description=text[:1].upper() + text[1:] + ".",
            epilog=f"example{'s' * (chr(10) in example)}:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in COMMANDS and name != "completion":
            made.add_argument("--json", action="store_true", help="print JSON, for programs")
        if name in COMMANDS or given is None or name == named:
            add_arguments(made)
    return parser


def _nothing(_: argparse.ArgumentParser) -> None:
    pass


def _sign_in(command: argparse.ArgumentParser) -> None:
    command.add_argument("--client-id", metavar="ID", help="of your app at developer.velora.tv")
    command.add_argument(
        "--client-secret", action="store_true", help="ask for the app's client secret"
    )
    command.add_argument(
        "--port",
        type=_port,
        default=None,
        metavar="N",
        help="of your app's redirect URI http://localhost:N/",
    )
    command.add_argument(
        "--without-approval",
        action="store_true",
        help="ask only for what needs no approval of your app by Velora",
    )
    command.add_argument("--no-browser", action="store_true", help="only print the address to open")
    command.add_argument(
        "--with-token",
        action="store_true",
        help="read an access token from standard input instead of using the browser",
    )


def _setup(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--show-key", action="store_true", help="print the stream key, which is a secret"
    )


def _stream(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "input",
        nargs="?",
        metavar="FILE",
        help="a file or an address; instead of it, --screen, --camera, or ffmpeg's own input "
        "arguments after --",
    )
    command.add_argument("--screen", action="store_true", help="stream this computer's screen")
    command.add_argument(
        "--camera",
        metavar="NAME",
        help="stream a camera; default is the first one, except on Windows, where each has a name",
    )
    command.add_argument(
        "--microphone",
        metavar="NAME",
        help="with --screen or --camera, which are silent without it; default as for a camera",
    )
    command.add_argument("--loop", action="store_true", help="begin the file again when it ends")
    command.add_argument(
        "--protocol", choices=("rtmp", "srt", "whip"), default="rtmp", help="rtmp if not given"
    )
    command.add_argument(
        "--bitrate",
        type=_bitrate,
        default=4500,
        metavar="KBIT",
        help="of the picture, in kbit/s (4500 if not given)",
    )
    add_info_arguments(command)


def _categories(command: argparse.ArgumentParser) -> None:
    command.add_argument("--search", metavar="TEXT", help="two characters or more")
    command.add_argument(
        "--limit", type=_count, metavar="N", help="categories at most (25 hits if not given)"
    )


def _regenerate_key(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--show-key", action="store_true", help="print the new key")


def _watch(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--every",
        type=_seconds,
        default=25,
        metavar="S",
        help="seconds between two looks while Velora pushes nothing (25 if not given, 5 at least)",
    )


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--protocol",
        choices=("rtmp", "srt", "whip"),
        default="rtmp",
        help="whose ingest is tested (rtmp if not given)",
    )


def _completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=SHELLS)


def _bitrate(text: str) -> int:
    return _number(text, 100, 50_000)


def _port(text: str) -> int:
    return _number(text, 1024, 65535)


def _count(text: str) -> int:
    return _number(text, 1, 100)


def _seconds(text: str) -> int:
    return _number(text, 5, 3600)


def _number(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
    return number


_DESCRIBED: Final[Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]]] = {
    "sign-in": ("velora sign-in --client-id velora_0123456789abcdef", _sign_in),
    "sign-out": ("velora sign-out", _nothing),
    "status": ("velora status", _nothing),
    "setup": ("velora setup --show-key", _setup),
    "info": ("velora info --json", _nothing),
    "set": ('velora set --title "Hello" --category minecraft --tag english', add_info_arguments),
    "stream": (
        'velora stream film.mp4 --title "Film night"\n'
        "  velora stream --screen --microphone default\n"
        "  velora stream --protocol srt -- -f v4l2 -i /dev/video0 -f alsa -i default",
        _stream,
    ),
    "categories": ("velora categories --search zelda", _categories),
    "presets": (
        "velora presets save Evening\n  velora presets apply Evening",
        add_preset_arguments,
    ),
    "regenerate-key": ("velora regenerate-key --yes", _regenerate_key),
    "watch": ("velora watch --json", _watch),
    "check": ("velora check --protocol srt", _check),
    "completion": (
        "velora completion bash >> ~/.bashrc\n"
        "  velora completion zsh >> ~/.zshrc\n"
        "  velora completion fish > ~/.config/fish/completions/velora.fish\n"
        "  velora completion powershell | Out-String | Invoke-Expression",
        _completion,
    ),
}
"""An example of each command, and what adds its arguments."""
