"""What Ctrl-C and another program's wish that this one ends do: it depends on what is being done.

A command that has nothing to bring to an end ends at once, one that waits for an answer is
interrupted there, and one that is at work is told, so that it can end in its own time. Whoever
started the command with Ctrl-C ignored, as ``nohup`` and background jobs do, still has it ignored.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # this comes first of all, and `typing` would take longer than the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType, TracebackType
    from typing import Any, Final

    Handler = Callable[[int, FrameType | None], Any]

__all__ = ["Noted", "Raised", "Terminated", "ignore_interrupts", "quit_on_interrupt"]

_EXIT_CODE: Final = 130


class Terminated(BaseException):
    """Another program wants this one to end."""


def quit_on_interrupt() -> None:
    """Have Ctrl-C end the process at once and without a trace, unless something else is set up."""
    _set({signal.SIGINT: lambda *_: os._exit(_EXIT_CODE)})


def ignore_interrupts() -> None:
    """Have nothing cut what ends after the first Ctrl-C; it has to have a time limit itself."""
    _set(dict.fromkeys((signal.SIGINT, signal.SIGTERM), signal.SIG_IGN))


class _Handled:
    """Signals are handled otherwise as long as this is used as a context manager."""

    def __init__(self, handlers: Mapping[signal.Signals, Handler]) -> None:
        self._handlers = handlers
        self._before: Mapping[signal.Signals, Any] = {}

    def __enter__(self) -> object:
        self._before = _set(self._handlers)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


class Raised(_Handled):
    """Has them raise `KeyboardInterrupt` and `Terminated` on the main thread."""

    def __init__(self) -> None:
        def terminate(*_: object) -> None:
            raise Terminated

        super().__init__({signal.SIGINT: signal.default_int_handler, signal.SIGTERM: terminate})


class Noted(_Handled):
    """Has them noted and nothing else: what runs then is to look at `first`."""

    def __init__(self) -> None:
        self.first: int | None = None
        """The number of the signal that came first."""

        def note(number: int, _: FrameType | None) -> None:
            if self.first is None:
                self.first = number

        super().__init__({signal.SIGINT: note, signal.SIGTERM: note})

    def __enter__(self) -> Noted:
        super().__enter__()
        return self


def _set(handlers: Mapping[signal.Signals, Any]) -> Mapping[signal.Signals, Any]:
    """Set handlers, but for what is ignored; return what was there before."""
    before: dict[signal.Signals, Any] = {}
    for number, handler in handlers.items():
        found = signal.getsignal(number)
        if found is signal.SIG_IGN:
            continue
        try:
            signal.signal(number, handler)
        except ValueError:  # not on the main thread, which alone gets signals
            break
        before[number] = signal.SIG_DFL if found is None else found
    return before
