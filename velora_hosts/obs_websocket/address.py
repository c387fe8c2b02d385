"""Where an OBS is: computer and port."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["DEFAULT_PORT", "Address"]

DEFAULT_PORT: Final = 4455
_THIS_COMPUTER: Final = ("127.0.0.1", "::1", "localhost")


class Address(NamedTuple):
    """Computer and port of an OBS's websocket server."""

    computer: str = "127.0.0.1"
    port: int = DEFAULT_PORT

    @classmethod
    def parse(cls, text: str) -> Address:
        """Return the address in a text such as ``studio-pc``, ``studio-pc:4455`` or ``[::1]:4455``.

        What is left out is this computer's, or OBS's own default.

        Raises:
            ValueError: it is none.
        """
        computer, port = text.strip(), ""
        if computer.startswith("["):
            computer, bracket, rest = computer[1:].partition("]")
            if not bracket or (rest and not rest.startswith(":")) or not computer:
                raise ValueError
            port = rest[1:]
        elif computer.count(":") == 1:
            computer, _, port = computer.partition(":")
        if any(
            letter.isspace() or letter in "/@?#\\" or not letter.isprintable()
            for letter in computer
        ):
            raise ValueError
        number = DEFAULT_PORT
        if port:
            number = int(port) if port.isascii() and port.isdigit() else 0
        if not 0 < number < 65536:
            raise ValueError
        return cls(computer or cls().computer, number)

    @property
    def is_this_computer(self) -> bool:
        """Whether nothing that is sent there leaves this computer, by what is written alone."""
        return self.computer.lower() in _THIS_COMPUTER

    def __str__(self) -> str:
        computer = f"[{self.computer}]" if ":" in self.computer else self.computer
        return f"{computer}:{self.port}"
