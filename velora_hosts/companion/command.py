"""The command itself: one link with each software, and the terminal before them all."""

from __future__ import annotations

import argparse
import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core import __version__
from velora_core.application import Application
from velora_core.cli.exit_codes import ExitCode
from velora_core.cli.interruption import Raised, ignore_interrupts
from velora_core.host.host import Host, LogLevel
from velora_core.messages import message
from velora_core.storage.storage import default_folder
from velora_core.web.shared_pages import SharedPages

from .kinds import KINDS, STANDARD
from .settings import CompanionSettings, Fields
from .software import Circumstances, Links, Software
from .terminal import HELP, NO_BROWSER, Terminal, perform

if TYPE_CHECKING:
    from collections.abc import Callable

    from velora_core.cli.output import Output
    from velora_core.features.told_live import Following
    from velora_core.panel.elements import Value
    from velora_core.web.extension import Extension

    from .link import Link

    Follow = Callable[[Following], None]

__all__ = ["companion"]

_POLL_INTERVAL: Final = 0.5
"""Seconds between looks at whether all has ended; on Windows only they let Ctrl-C in."""
_TAKING_OVER: Final = 2.0
"""Seconds for another companion of the same software to end."""
_ENDING_TIMEOUT: Final = 5.0
"""Seconds that a link may take to give a software back what it has put there."""


class _Companion:
    """The links, and what they have in common."""

    def __init__(self, parsed: argparse.Namespace, output: Output) -> None:
        self._parsed = parsed
        self._terminal = Terminal(output)
        self._settings = CompanionSettings(default_folder())
        self._circumstances = Circumstances(
            self._terminal,
            self._settings,
            reads_passwords=parsed.from_obs,
            unencrypted=parsed.unencrypted,
        )
        asked: list[Software] = parsed.host or [KINDS[STANDARD]("")]
        self._software = tuple({software.name: software for software in asked}.values())
        self._pages = SharedPages({})
        self._links: list[Link] = []
        self._threads: list[threading.Thread] = []
        self._fields: dict[str, Fields] = {}
        self._apps: dict[str, Application] = {}
        self._addresses: dict[str, str] = {}  # of a sign-in that was typed: the one before its own

    def run(self) -> int:
        """Run until somebody ends it."""
        if not all(software.agreed(self._circumstances) for software in self._software):
            return ExitCode.FAILED
        with ExitStack() as held:
            # In one order, whatever was typed: else two that begin at once may wait for each other.
            for software in sorted(self._software, key=lambda software: software.name):
                lock = self._settings.serving(software.name)
                if not held.enter_context(lock.held(_TAKING_OVER)):
                    served = message("companion.served", place=software.name)
                    self._terminal.say(LogLevel.WARNING, served)
                    return ExitCode.FAILED
            return self._run()

    def _run(self) -> int:
        for software in self._software:
            software.ask_credentials(self._circumstances)
        try:
            for software in self._software:
                self._start(software)
            # On a thread of its own: Ctrl-C has to be let in on Windows, too.
            ended = threading.Event()
            reading = threading.Thread(target=self._read, args=(ended,), daemon=True)
            reading.start()
            while not ended.wait(_POLL_INTERVAL):
                pass
        finally:
            ignore_interrupts()
            for link in self._links:
                link.close()
            ends = time.monotonic() + _ENDING_TIMEOUT  # for all of them together
            for thread in self._threads:
                thread.join(max(0.0, ends - time.monotonic()))
            self._terminal.end()
        return ExitCode.OK

    def _start(self, software: Software) -> None:
        name = software.name
        self._fields[name] = Fields(self._settings, name)
        link = software.link(
            Links(
                make=partial(self._make, name),
                say=partial(self._say, name),
                turned=partial(self._turned, name),
            )
        )
        thread = threading.Thread(target=link.run, name=f"velora-{name}", daemon=True)
        self._links.append(link)
        self._threads.append(thread)
        thread.start()

    def _turned(self, name: str, app: Application) -> None:
        """Keep the fields, and print what a sign-in goes on with, which may come late."""
        self._fields[name].save(app)
        address = app.features.sign_in.address
        if address and address != self._addresses.get(name, address):
            del self._addresses[name]
            self._terminal.say(LogLevel.INFO, address, of=self._of(name))

    def _say(self, name: str, severity: LogLevel, sentence: str) -> None:
        """Print what one software's application says; from any thread."""
        instead = self._entry(name) if sentence == message(NO_BROWSER) else None
        self._terminal.say(severity, sentence, of=self._of(name), instead=instead)

    def _entry(self, name: str) -> str | None:
        """Return the sentence with what opens a page once; None where a file might have it."""
        app = self._apps.get(name)
        entry = app.features.page.entry() if app and self._terminal.keeps_nothing else None
        return message("companion.page_entry", address=entry.reveal()) if entry else None

    def _of(self, name: str) -> str:
        return name if len(self._software) > 1 else ""

    def _make(
        self,
        name: str,
        host: Host,
        follow: Follow | None = None,
        extension: Extension | None = None,
    ) -> Application:
        program = f"velora-companion/{__version__}"
        number = 1 + [software.name for software in self._software].index(name)
        page = partial(self._pages.start, number=number, extension=extension)
        app = Application(host, application=program, page=page, follow=follow)
        self._apps[name] = app
        self._fields[name].open(app, self._given())
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
        self._help()
        if self._terminal.read(self._take):
            ended.set()

    def _help(self) -> None:
        """Say what can be typed, whether anything is connected or not."""
        own = dict.fromkeys(word for link in self._links for word in link.commands)
        commands = message("companion.commands", commands=", ".join((*HELP, *own)))
        self._terminal.say(LogLevel.INFO, commands)

    def _take(self, line: str) -> bool:
        """Do what was typed; return whether more may come."""
        word = line.split()[0]
        if word == "quit":
            return False
        if word == "help":
            self._help()
            return True
        if word == "password":
            for software in self._software:
                software.ask_credentials(self._circumstances)
        own = [link for link in self._links if word in link.commands]
        leads = next((link for link in self._links if link.app), self._links[0])
        for link in own or self._links:
            if word in ("connect", "password"):
                link.connect()
            elif word == "page" and link is not leads:
                link.post(partial(self._turn_page_on, link))
            else:
                link.post(partial(self._perform, link, line))
        return True

    @staticmethod
    def _turn_page_on(link: Link) -> None:
        """Have a page that another one leads to; on the link's thread."""
        if link.app:
            link.app.features.page.turn_on()

    def _perform(self, link: Link, line: str) -> None:
        """On the link's thread."""
        of = self._of(link.name)
        if link.app is None:
            self._terminal.say(LogLevel.WARNING, message("companion.not_now"), of=of)
            return
        self._terminal.listen(of=of)
        word = line.split()[0]
        if word == "sign-in":
            self._addresses[link.name] = link.app.features.sign_in.address
        own = link.commands.get(word)
        said = own() if own else perform(link.app, line, own=link.commands)
        link.app.process_ui_queue()  # what is logged of it comes first
        self._terminal.answer(said, of=of)


def companion(parsed: argparse.Namespace, output: Output) -> int:
    """Run ``velora companion``; return the exit code."""
    with Raised():
        return _Companion(parsed, output).run()
