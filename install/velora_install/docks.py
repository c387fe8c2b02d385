"""Adds the docks that somebody wants to one OBS, and takes them out again."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from . import browser_docks, doctor, obs_python, payload
from .browser_docks import BrowserDock
from .obs_files import ObsFiles


class Docks:
    """The docks of one OBS."""

    def __init__(self, options: argparse.Namespace, files: ObsFiles) -> None:
        """Change nothing yet.

        Args:
            options: of the command line.
            files: of the OBS that they are in.
        """
        self._options = options
        self._files = files
        self._place, self._system, self._console = files.place, files.system, files.console

    def add_wanted(self) -> None:
        """Add those that are wanted; raise `ObsStarted`."""
        if browser_docks.impossible(self._place.config):
            self._say_impossible()
            return
        chat = self._chat_address()
        if chat and self._add(browser_docks.CHAT, chat):
            self._console.say(
                f"Your chat is in OBS under Docks → {browser_docks.CHAT.title} now.", "good"
            )
        if not self._wants_panel():
            return
        self._files.refuse_while_obs_runs()
        panel = self._panel_address()
        if panel and self._add(browser_docks.PANEL, panel):
            self._console.say(
                f"The panel is in OBS under Docks → {browser_docks.PANEL.title} now.", "good"
            )

    def _say_impossible(self) -> None:
        """Say what there is instead, to somebody who wants a dock; nobody is asked for one."""
        for wanted, button in ((self._options.chat_dock, "chat"), (self._options.dock, "the dock")):
            if wanted:
                self._console.say(
                    "This OBS has no browser docks, like each from Debian and Ubuntu, so no dock "
                    f"was added: press “Open {button}” in the panel, which opens your browser.",
                    "unsure",
                )

    def take_out(self) -> None:
        """Take all of ours out; raise `ObsStarted`."""
        for dock in browser_docks.ALL:
            try:
                if dock.is_in(self._place.config):
                    self._files.refuse_while_obs_runs()
                    dock.remove(self._place.config, self._files.backups())
                    self._files.refuse_while_obs_runs(True)
            except OSError as error:
                self._console.say(
                    f"The dock {dock.title} could not be taken out ({error.strerror or error}): "
                    "remove it in OBS under Docks → Custom Browser Docks.",
                    "unsure",
                )

    def _chat_address(self) -> str:
        """Return the address of the chat that is wanted; empty for none."""
        channel = self._options.chat_dock or ""
        if not channel and not browser_docks.CHAT.is_in(self._place.config):
            channel = self._console.answer(
                "Your channel's name on Velora, to have its chat in OBS as a dock (Enter for no "
                "dock):"
            )
            if channel.lower() in ("y", "yes", "n", "no"):  # it is no yes-or-no question
                channel = ""
        url = browser_docks.chat_address(channel) if channel else ""
        if url is None:
            self._console.say(f"“{channel}” is no channel's name, so no dock was added.", "unsure")
        return url or ""

    def _wants_panel(self) -> bool:
        """Return whether the panel is to be a dock; no for somebody who only says yes to all."""
        if self._options.dock:
            return True
        if browser_docks.PANEL.is_in(self._place.config):
            return False
        answer = self._console.answer("Do you want Velora's panel as a dock in OBS? [y/N]")
        return answer.lower() in ("y", "yes")

    def _panel_address(self) -> str:
        """Return an address that opens the page once, whoever reads OBS's settings later."""
        there = payload.installed(self._place.script_folder)
        python = obs_python.find(self._place, self._system, Path.home()).python
        said = None
        if there is not None and python is not None:
            said = doctor.core_output(
                *(self._place, self._system, there.parts, python, "web.dock_entry"), self._name
            )
        if said and browser_docks.PANEL.shows(said):
            return said
        self._console.say(
            "The dock could not be added: press “Open the dock” in the panel, and copy “Dock "
            "address” into OBS's Docks → Custom Browser Docks.",
            "unsure",
        )
        return ""

    @property
    def _name(self) -> str:
        """Which OBS's dock it is: a new address for it ends the one that it had, and no other."""
        config = str(self._place.config).encode(errors="replace")
        return hashlib.sha256(config).hexdigest()[:16]

    def _add(self, dock: BrowserDock, url: str) -> bool:
        self._files.refuse_while_obs_runs()
        config, say = self._place.config, self._console.say
        try:
            added = dock.add(config, url, self._files.backups())
        except browser_docks.DocksUnreadable:
            say(
                "OBS's list of docks can't be read, so it was left as it is: add the dock "
                "yourself, in OBS under Docks → Custom Browser Docks.",
                "unsure",
            )
            return False
        except OSError as error:
            say(
                f"The dock {dock.title} can't be added to OBS ({error.strerror or error}): make "
                f"room or give yourself access to {error.filename or config}, then run this again.",
                "unsure",
            )
            return False
        self._files.refuse_while_obs_runs(True)
        return added
