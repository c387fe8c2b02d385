"""OBS's password: kept in the keyring, read in OBS's own settings, or asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.messages import message
from velora_core.secret import Secret
from velora_hosts.websocket.address import Address

from .connection import Connection
from .errors import ObsError, PasswordMissing, PasswordWrong
from .obs_file import find_password

if TYPE_CHECKING:
    from velora_hosts.companion.software import Asking

__all__ = ["Passwords"]

_SERVICE: Final = "velora-companion"
_KEYRING_TIMEOUT: Final = 5.0
"""Seconds for the keyring: a locked one asks the user, who may be elsewhere."""
_TRIES: Final = 3


class Passwords:
    """Of all OBS that the companion talks to. `get` is for any thread."""

    def __init__(self, *, may_read_obs: bool) -> None:
        """Create the passwords.

        Args:
            may_read_obs: OBS's own settings may be read without asking.
        """
        self._may_read_obs = may_read_obs
        self._known: dict[Address, Secret] = {}

    def get(self, address: Address) -> Secret | None:
        """Return what is known; None without anything."""
        known = self._known.get(address)
        if known is None:
            kept = _with_keyring(lambda keyring: keyring.get_password(_SERVICE, str(address)))
            if isinstance(kept, str) and kept:
                known = self._known[address] = Secret(kept)
        if known is None and self._may_read_obs and address.is_this_computer:
            known = find_password(address.port)
        return known

    def ask_credentials(self, address: Address, asking: Asking) -> None:
        """Find out whether OBS wants another password than is known, and ask for it.

        Whatever else is wrong with the connection is left to who makes the next one.
        """
        wrong = self._try(address)
        if wrong and address.is_this_computer and not self._may_read_obs:
            found = find_password(address.port)
            question = message("companion.ask_file", place=address)
            if found and found != self._known.get(address) and asking.agrees(question):
                self._known[address] = found
                wrong = self._try(address)
        for _ in range(_TRIES):
            if not wrong:
                return
            typed = asking.password(message("companion.ask_password", place=address))
            if typed is None or not typed:
                return
            self._known[address] = typed
            wrong = self._try(address)
            if not wrong:
                _with_keyring(partial(_keep, address, typed))

    def _try(self, address: Address) -> bool:
        """Return whether OBS wants another password."""
        connection = Connection(address, event=lambda *_: None, ended=lambda _: None)
        try:
            connection.open(lambda: self.get(address))
        except (PasswordMissing, PasswordWrong):
            return True
        except ObsError:
            return False
        connection.close()
        return False


def _keep(address: Address, password: Secret, keyring: Any) -> None:
    keyring.set_password(_SERVICE, str(address), password.reveal())


def _with_keyring(work: Callable[[Any], Any]) -> Any:
    """Return what the system's keyring answers; None when there is none, or it doesn't."""
    answers: list[Any] = []

    def ask() -> None:
        with suppress(Exception):  # a keyring may fail in its own way
            import keyring

            answers.append(work(keyring))

    thread = threading.Thread(target=ask, name="velora-keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_TIMEOUT)
    return answers[0] if answers else None
