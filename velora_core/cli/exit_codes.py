"""What the command's exit code says."""

from __future__ import annotations

from enum import IntEnum

from velora_core.errors import (
    Forbidden,
    InsufficientScope,
    InvalidInput,
    NotSignedIn,
    SignInError,
    StreamingNotEnabled,
    TokenMalformed,
    Unauthorized,
    VeloraError,
)

__all__ = ["ExitCode", "exit_code_of"]


class ExitCode(IntEnum):
    """The exit codes of ``velora``; they stay as they are."""

    OK = 0
    FAILED = 1
    """It did not work, and trying the same again won't help."""
    USAGE = 2
    """The arguments make no sense; nothing was sent."""
    SIGN_IN = 3
    """Nobody is signed in, or a permission is missing."""
    TRY_AGAIN = 4
    """Velora can't be reached, is busy or has a problem: later it may work."""
    INTERRUPTED = 130
    """Ctrl-C."""
    PIPE_CLOSED = 141
    """Who reads the output has gone."""
    TERMINATED = 143
    """Another program has ended this one."""


_SIGN_IN = (
    NotSignedIn,
    TokenMalformed,
    SignInError,
    Unauthorized,
    Forbidden,
    InsufficientScope,
    StreamingNotEnabled,
)


def exit_code_of(error: VeloraError) -> ExitCode:
    """Return the exit code for an error."""
    if error.transient:
        return ExitCode.TRY_AGAIN
    if isinstance(error, _SIGN_IN):
        return ExitCode.SIGN_IN
    if isinstance(error, InvalidInput):
        return ExitCode.USAGE
    return ExitCode.FAILED
