"""The command itself: one link with each OBS, and the terminal before them all."""

from __future__ import annotations

import argparse
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core import __version__
from velora_core.application import Application
from velora_core.cli.exit_codes import ExitCode
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.storage.storage import default_folder
from velora_core.web import start_page
from velora_hosts.obs_websocket.address import Address
from velora_hosts.obs_websocket.host import ObsWebsocketHost
from velora_hosts.obs_websocket.link import Link

from .passwords import Passwords
from .settings import CompanionSettings, Fields
from .terminal import HELP, Terminal, perform

if TYPE_CHECKING:
    from velora_core.cli.output import Output
    from velora_core.panel.elements import Value

__all__ = ["companion"]

_GLANCE: Final = 0.5
"""Seconds between looks at whether all has ended; on Windows only they let Ctrl-C in."""
_ENDING_TIMEOUT: Final = 5.0
"""Seconds that a link may take to give OBS back what it has put there."""
_UNENCRYPTED: Final = "unencrypted"


class _Companion:
    """The links, and what they have in common."""

    def __init__(self, parsed: argparse.Namespace, output: Output) -> None:
        self._parsed = parsed
        self._terminal = Terminal(output)
        self._settings = CompanionSettings(default_folder())
        self._passwords = Passwords(may_read_obs=parsed.from_obs)
        asked: list[Address] = parsed.host or [Address()]
        self._addresses = tuple(dict.fromkeys(asked))
        self._links: list[Link] = []
        self._threads: list[threading.Thread] = []
        self._fields: dict[Address, Fields] = {}

    def run(self) -> int:
        """Run until somebody ends it."""
        for address in self._addresses:
            if not self._may_connect(address):
                return ExitCode.FAILED
        for address in self._addresses:
            self._passwords.settle(address, self._terminal)
        try:
            for address in self._addresses:
                self._start(address)
            # On a thread of its own: Ctrl-C has to be let in on Windows, too.
            ended = threading.Event()
            reading = threading.Thread(target=self._read, args=(ended,), daemon=True)
            reading.start()
            while not ended.wait(_GLANCE):
                pass
        finally:
            for link in self._links:
                link.close()
            for thread in self._threads:
                thread.join(_ENDING_TIMEOUT)
        return ExitCode.OK

    def _may_connect(self, address: Address) -> bool:
        """Return whether what goes to this OBS may go unencrypted where it leaves the computer."""
        if address.is_this_computer or self._parsed.unencrypted:
            return True
        if self._settings.agreed(_UNENCRYPTED, str(address)):
            return True
        if self._terminal.agrees(message("companion.ask_unencrypted", place=address)):
            self._settings.agree(_UNENCRYPTED, str(address))
            return True
        self._terminal.say(LogLevel.WARNING, message("companion.not_unencrypted", place=address))
        return False

    def _start(self, address: Address) -> None:
        say = partial(self._terminal.say, of=self._name(address))
        self._fields[address] = Fields(self._settings, str(address))
        link = Link(
            address,
            password=partial(self._passwords.get, address),
            make=partial(self._make, address),
            say=say,
            turned=self._fields[address].save,
        )
        thread = threading.Thread(target=link.run, name=f"velora-{address}", daemon=True)
        self._links.append(link)
        self._threads.append(thread)
        thread.start()

    def _name(self, address: Address) -> str:
        return str(address) if len(self._addresses) > 1 else ""

    def _make(self, address: Address, host: ObsWebsocketHost) -> Application:
        name = f"velora-companion/{__version__}"
        app = Application(host, application=name, page=start_page)
        self._fields[address].open(app, self._given())
        return app

    def _given(self) -> dict[str, Value]:
        parsed = self._parsed
        given = {
            "title": parsed.title,
            "category_entry": parsed.category,
            "tags_entry": ", ".join(parsed.tag) if parsed.tag else None,
            "protocol": parsed.protocol,
        }
        return {name: value for name, value in given.items() if value is not None}

    # -- what is typed ---------------------------------------------------------------------

    def _read(self, ended: threading.Event) -> None:
        self._terminal.answer(message("companion.commands", commands=", ".join(HELP)))
        if self._terminal.read(self._take):
            ended.set()

    def _take(self, line: str) -> bool:
        """Do what was typed; return whether more may come."""
        word = line.split()[0]
        if word == "quit":
            return False
        if word == "password":
            for address in self._addresses:
                self._passwords.settle(address, self._terminal)
        for link in self._links:
            if word in ("connect", "password"):
                link.connect()
            else:
                link.post(partial(self._perform, link, line))
        return True

    def _perform(self, link: Link, line: str) -> None:
        """On the link's thread."""
        of = self._name(link.address)
        if link.app is None:
            self._terminal.say(LogLevel.WARNING, message("companion.not_now"), of=of)
            return
        self._terminal.listen()
        self._terminal.answer(perform(link.app, line), of=of)


def companion(parsed: argparse.Namespace, output: Output) -> int:
    """Run ``velora companion``; return the exit code."""
    return _Companion(parsed, output).run()
