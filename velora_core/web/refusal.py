"""A request that is not served, and what is answered to it."""

from __future__ import annotations

from http import HTTPStatus

from velora_core.messages import message

__all__ = ["Refusal"]


class Refusal(Exception):
    """What is wrong with a request: a status, and a sentence for people."""

    def __init__(self, status: HTTPStatus, name: str, /, **values: object) -> None:
        """Create the refusal.

        Args:
            status: of the answer.
            name: of its sentence.
            values: for the sentence.
        """
        super().__init__(name)
        self.status = status
        self.sentence = message(name, **values)
