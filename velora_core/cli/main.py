"""The command ``velora``: from its arguments to its exit code.

The command runs on a thread of its own, so that Ctrl-C can end it at any moment and still leave a
refresh of the sign-in the time to be stored; a second Ctrl-C shortens nothing of that.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from velora_core import __version__, messages
from velora_core.errors import Cancelled, InvalidInput, UnexpectedError, VeloraError
from velora_core.messages.program import Program, speak_for

from .arguments import make_parser
from .exit_codes import ExitCode, exit_code_of
from .interruption import Noted, Terminated
from .more_commands import MoreCommand
from .output import Output, OutputFailed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from .commands import Context

__all__ = ["main"]

_POLL_INTERVAL: Final = 0.1
"""Seconds between looks at whether the command has ended; on Windows only they let Ctrl-C in."""

_STORING_TIMEOUT: Final = 2.0
"""Seconds that an interrupted command waits for tokens that are on their way."""

_ENDING_TIMEOUT: Final = 8.0
"""Seconds that it may take to end what it has started, such as a stream."""

_ASKED_TO_END: Final[dict[int, ExitCode]] = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}


def main(arguments: Sequence[str] | None = None, *, more: Sequence[MoreCommand] = ()) -> int:
    """Run the command.

    Args:
        arguments: what stands behind ``velora``; the process's own by default.
        more: commands that come from elsewhere.

    Returns:
        The exit code; see `ExitCode`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        parsed = _parse(given, more)
        speak_for(Program.COMMAND_LINE)
        try:
            return _main(parsed, more)
        except ModuleNotFoundError as error:
            return _package_missing(parsed, more, error)
    except BrokenPipeError:
        _drop_output()
        return ExitCode.PIPE_CLOSED
    except OutputFailed as error:
        _drop_output()
        print(messages.message("cli.output_failed", reason=error), file=sys.stderr)  # noqa: T201
        return ExitCode.FAILED


def _parse(given: list[str], more: Sequence[MoreCommand]) -> argparse.Namespace:
    """Return what the arguments ask for; print what they ask to be told, and end."""
    ours, divider, theirs = given, False, list[str]()
    if given[:1] == ["stream"] and "--" in given:
        place = given.index("--")
        ours, divider, theirs = given[:place], True, given[place + 1 :]
    parser = make_parser(more, given=ours)
    parsed = parser.parse_args(ours)
    if parsed.command == "stream":
        parsed.ffmpeg = theirs
        captured = (parsed.screen, parsed.camera is not None)
        sources = (bool(parsed.input), divider, *captured)
        if sources.count(True) != 1 or (divider and not theirs):
            parser.error(messages.message("cli.stream_input"))
        if parsed.microphone is not None and not any(captured):
            parser.error(messages.message("cli.stream_microphone"))
    return parsed


def _drop_output() -> None:
    """Keep Python from complaining when it flushes what nobody takes any more."""
    with suppress(OSError, ValueError, AttributeError):  # there may be no output at all
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _package_missing(
    parsed: argparse.Namespace, more: Sequence[MoreCommand], error: ModuleNotFoundError
) -> int:
    """Say what to install; raise the error if it is none of what there is an extra for."""
    from velora_core.errors.missing_package import about_missing

    from .errors import PackageMissing

    extra = next((command.extra for command in more if command.name == parsed.command), "cli")
    sentence = about_missing(error.name, extra)
    if sentence is None:
        raise error
    Output(as_json=getattr(parsed, "json", False)).error(PackageMissing(sentence=sentence))
    return ExitCode.FAILED


def _main(parsed: argparse.Namespace, more: Sequence[MoreCommand]) -> int:
    output = Output(as_json=getattr(parsed, "json", False))
    if parsed.command == "completion":
        from .completion import script

        output.say(script(parsed.shell, more).rstrip("\n"))
        return ExitCode.OK
    from importlib.util import find_spec

    if find_spec("keyring") is None:  # or who has signed in by OBS would count as nobody
        raise ModuleNotFoundError(name="keyring")
    try:
        for command in more:
            if command.name == parsed.command:
                return command.run(parsed, output)
        return _run(parsed, output, _before(parsed, output))
    except VeloraError as error:
        output.error(error)
        return exit_code_of(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Terminated:
        return ExitCode.TERMINATED


def _before(parsed: argparse.Namespace, output: Output) -> Mapping[str, str]:
    """Ask for what the arguments leave open; raise `InvalidInput` when nothing is to be done."""
    if parsed.command == "sign-in":
        from .sign_in import ask_for_secrets

        return ask_for_secrets(parsed)
    if parsed.command == "set":
        given = (parsed.title, parsed.category, parsed.tag)
        if given == (None, None, None) and not parsed.clear_tags:
            raise InvalidInput("cli.nothing_to_set")
    if parsed.command == "regenerate-key" and not parsed.yes:
        from .confirmation import confirm

        confirm(
            output,
            question=messages.message("cli.regenerate_sure"),
            unasked=messages.message("cli.regenerate_unasked"),
            kept=messages.message("status.regenerate_kept"),
        )
    if parsed.command == "presets" and parsed.action == "delete":
        from .presets import ask_before_deleting

        return ask_before_deleting(parsed, output)
    return {}


def _run(parsed: argparse.Namespace, output: Output, typed: Mapping[str, str]) -> int:
    from velora_core.api.cancellation import CallRegistry
    from velora_core.app.session import Session

    from .commands import COMMANDS, Context
    from .reporter import TerminalReporter

    calls = CallRegistry()
    reporter = TerminalReporter(output)
    session = Session(
        os.environ,
        reporter,
        calls,
        application=f"velora-cli/{__version__}",
        **_without_keyring(parsed.command),
    )
    context = Context(parsed, session, output, reporter, typed)
    command: Callable[[Context], int]
    if parsed.command == "sign-in":
        from .sign_in import sign_in

        command = sign_in
    elif parsed.command == "stream":
        from .stream import stream

        command = stream
    elif parsed.command == "presets":
        from .presets import presets

        command = presets
    elif parsed.command == "watch":
        from .watch import watch

        command = watch
    else:
        command = COMMANDS[parsed.command]
    outcome: list[int | BaseException] = []
    ended = threading.Event()  # a thread whose join is interrupted counts as ended, and isn't

    def run() -> None:
        try:
            _in_session(context, command, outcome)
        finally:
            ended.set()

    with Noted() as asked:
        try:
            threading.Thread(target=run, name="velora-command", daemon=True).start()
            while asked.first is None and not ended.wait(_POLL_INTERVAL):
                pass
        finally:
            reporter.stop()
            session.close()
            calls.wait_stored(_STORING_TIMEOUT)
            ended.wait(_ENDING_TIMEOUT)
    if asked.first is not None:
        return _ASKED_TO_END[asked.first]
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _without_keyring(command: str) -> dict[str, Any]:
    """Return what keeps a session from asking for a sign-in that does not count."""
    from velora_core.app.session import TOKEN_VARIABLE
    from velora_core.storage.storage import default_folder

    if command in ("sign-in", "sign-out") or not os.environ.get(TOKEN_VARIABLE, "").strip():
        return {}
    return {"folder": default_folder(), "read_only": True}


def _in_session(
    context: Context, command: Callable[[Context], int], outcome: list[int | BaseException]
) -> None:
    """Run a command and note how it ended. On a thread of its own."""
    try:
        outcome.append(_code(context, command))
    except (BrokenPipeError, ModuleNotFoundError, OutputFailed) as error:
        outcome.append(error)


def _code(context: Context, command: Callable[[Context], int]) -> int:
    """Run a command and say what went wrong; return its exit code."""
    try:
        if context.arguments.command != "presets":  # which opens it where that is needed
            context.session.open()
        return command(context)
    except Cancelled:
        return ExitCode.INTERRUPTED
    except VeloraError as error:
        context.output.error(error)
        return exit_code_of(error)
    except (BrokenPipeError, ModuleNotFoundError, OutputFailed):
        raise
    except Exception as error:  # a bug: its text might hold anything
        context.output.error(UnexpectedError(kind=type(error).__name__))
        return ExitCode.FAILED
