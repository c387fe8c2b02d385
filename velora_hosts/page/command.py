"""The command itself: the page is there until somebody ends it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from velora_core import __version__
from velora_core.application import Application
from velora_core.cli.exit_codes import ExitCode
from velora_core.cli.interruption import Raised, ignore_interrupts
from velora_core.storage.storage import default_folder
from velora_core.web import start_page
from velora_hosts.companion.settings import CompanionSettings, Fields
from velora_hosts.companion.software import Links
from velora_hosts.companion.terminal import Terminal

from .host import NAME, PageHost
from .link import PageLink

if TYPE_CHECKING:
    import argparse

    from velora_core.cli.output import Output

__all__ = ["page"]

_POLL_INTERVAL: Final = 0.5
"""Seconds between looks at whether all has ended; on Windows only they let Ctrl-C in."""
_ENDING_TIMEOUT: Final = 5.0
"""Seconds that it may take to end the stream of the page, and to store a sign-in."""


def page(parsed: argparse.Namespace, output: Output) -> int:  # noqa: ARG001
    """Run ``velora page``; return the exit code."""
    terminal = Terminal(output)
    fields = Fields(CompanionSettings(default_folder()), NAME)

    def make(host: PageHost) -> Application:
        app = Application(host, application=f"velora-page/{__version__}", page=start_page)
        fields.open(app, {})
        return app

    links = Links(make=make, say=terminal.say, turned=fields.save)
    link = PageLink(links, tells_address=output.on_terminal)
    ended = threading.Event()  # a thread whose join is interrupted counts as ended, and isn't

    def run() -> None:
        try:
            link.run()
        finally:
            ended.set()

    with Raised():
        try:
            threading.Thread(target=run, name="velora-page-link", daemon=True).start()
            while not ended.wait(_POLL_INTERVAL):
                pass
        finally:
            ignore_interrupts()
            link.close()
            ended.wait(_ENDING_TIMEOUT)
    return ExitCode.OK
