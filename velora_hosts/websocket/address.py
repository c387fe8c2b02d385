"""Where a software is: computer and port."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["Address"]

_THIS_COMPUTER: Final = ("127.0.0.1", "::1", "localhost")
"""The first is also what the last is taken for: else one software could be two, by two names, and
on Windows each attempt by `localhost` would wait two seconds for `::1`."""


class Address(NamedTuple):
    """Computer and port of a websocket server."""

    computer: str
    port: int

    @classmethod
    def parse(cls, text: str, port: int) -> Address:
        """Return the address in a text such as ``studio-pc``, ``studio-pc:4455`` or ``[::1]:4455``.

        Args:
            text: what is left out of it is this computer's, or the usual port.
            port: the usual one of the software.

        Raises:
            ValueError: it is none.
        """
        computer, given = text.strip(), ""
        if computer.startswith("["):
            computer, bracket, rest = computer[1:].partition("]")
            if not bracket or (rest and not rest.startswith(":")) or not computer:
                raise ValueError
            given = rest[1:]
        elif computer.count(":") == 1:
            computer, _, given = computer.partition(":")
        if any(
            letter.isspace() or letter in "/@?#\\" or not letter.isprintable()
            for letter in computer
        ):
            raise ValueError
        number = port
        if given:
            number = int(given) if given.isascii() and given.isdigit() else 0
        if not 0 < number < 65536:
            raise ValueError
        if computer.lower() in ("", _THIS_COMPUTER[-1]):
            computer = _THIS_COMPUTER[0]
        return cls(computer, number)

    @property
    def is_this_computer(self) -> bool:
        """Whether nothing that is sent there leaves this computer, by what is written alone."""
        return self.computer.lower() in _THIS_COMPUTER

    def __str__(self) -> str:
        computer = f"[{self.computer}]" if ":" in self.computer else self.computer
        return f"{computer}:{self.port}"
