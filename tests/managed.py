"""What runs beside a test, from the `with` to its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Managed"]


class Managed(ABC):
    """A context manager that is started when it is entered and stopped when it is left."""

    @abstractmethod
    def start(self) -> None:
        """Start it; return once it can be used."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it and all it has started; nothing is left behind."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
