"""OBS from outside, for the companion: who is asked what before there is a connection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_hosts.websocket.address import Address

from .protocol import PORT

if TYPE_CHECKING:
    from velora_hosts.companion.software import Circumstances, Links

    from .link import ObsLink
    from .passwords import Passwords

__all__ = ["ObsSoftware"]

_UNENCRYPTED: Final = "unencrypted"


class ObsSoftware:
    """The OBS at one address."""

    def __init__(self, place: str) -> None:
        """Create it, for a text as `Address.parse` takes it; raises `ValueError`."""
        self._address = Address.parse(place, PORT)
        self._passwords: Passwords | None = None

    @property
    def name(self) -> str:
        """The address."""
        return str(self._address)

    def agreed(self, circumstances: Circumstances) -> bool:
        """Return whether what goes to this OBS may go unencrypted where it leaves the computer."""
        if self._address.is_this_computer or circumstances.unencrypted:
            return True
        if circumstances.settings.agreed(_UNENCRYPTED, self.name):
            return True
        asking = circumstances.asking
        if asking.agrees(message("companion.ask_unencrypted", place=self.name)):
            circumstances.settings.agree(_UNENCRYPTED, self.name)
            return True
        asking.say(LogLevel.WARNING, message("companion.not_unencrypted", place=self.name))
        return False

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Find out whether OBS wants another password than is known, and ask for it."""
        from .passwords import Passwords

        if self._passwords is None:
            self._passwords = Passwords(may_read_obs=circumstances.reads_passwords)
        self._passwords.ask_credentials(self._address, circumstances.asking)

    def link(self, links: Links) -> ObsLink:
        """Return what keeps connected to this OBS."""
        from .link import ObsLink

        passwords = self._passwords
        password = partial(passwords.get, self._address) if passwords else lambda: None
        return ObsLink(self._address, links, password=password)
