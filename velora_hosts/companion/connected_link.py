"""A link over one connection after the other, whose events come on the connection's thread."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from .link import Link
from .untrusted import Malformed

if TYPE_CHECKING:
    from .errors import SoftwareError

__all__ = ["ConnectedLink"]

_MAX_WAITING: Final = 2000  # events: who sends more than can be handled is another program


class _Connection(Protocol):
    def close(self) -> None:
        """End it."""


C = TypeVar("C", bound=_Connection)


class ConnectedLink(Link, Generic[C]):
    """A link that has a connection, or none; what an earlier one still tells is not heard."""

    _connection: C | None = None

    @property
    def connected(self) -> bool:
        """Whether the software can be asked now."""
        return self._connection is not None

    def _shut(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            self._disconnected()

    @abstractmethod
    def _disconnected(self) -> None:
        """Note that the connection has ended."""

    # -- the connection's thread -----------------------------------------------------------

    def _queue(self, connection: C, handle: Callable[[], None]) -> None:
        """Have an event handled on the link's thread; raises `Malformed` if too many wait."""
        if self._turns.qsize() > _MAX_WAITING:
            raise Malformed
        self.post(lambda: self._handle_of(connection, handle))

    def _note_end(self, connection: C, error: SoftwareError) -> None:
        """Lose the connection, unless it is not in use any more."""
        self.post(lambda: self._handle_of(connection, lambda: self._lose(error)))

    # -- the link's own thread again -------------------------------------------------------

    def _handle_of(self, connection: C, handle: Callable[[], None]) -> None:
        if connection is self._connection:
            handle()
