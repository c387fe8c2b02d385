"""What a session needs of whoever runs it, and its credentials of a session: types only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from velora_core.host.host import LogLevel

from .state import State, StatusLevel

if TYPE_CHECKING:
    from velora_core.api.client import TokenSource, VeloraClient
    from velora_core.auth.oauth import OAuth
    from velora_core.secret import Secret

__all__ = ["Reporter", "VeloraApi"]


class Reporter(Protocol):
    """Takes what has changed and what there is to say; `Runtime` is one. From any thread."""

    @property
    def state(self) -> State:
        """What is shown now."""

    def message(self, name: str, /, **values: object) -> str:
        """Return a sentence in which the broadcasting software may be named."""

    def change(self, **changes: Any) -> None:
        """Replace parts of the state."""

    def show(self, sentence: str, tone: StatusLevel = StatusLevel.NORMAL) -> None:
        """Put a sentence for people into the status."""

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Have a line written into a log."""

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when what runs is to make room."""


class VeloraApi(Protocol):
    """How the credentials reach Velora."""

    def oauth(self) -> OAuth:
        """Return Velora's authorization server; raises `ApiUrlInvalid`."""

    def client_for(self, tokens: Secret | TokenSource) -> VeloraClient:
        """Return a client that uses these tokens; raises `ApiUrlInvalid`."""
