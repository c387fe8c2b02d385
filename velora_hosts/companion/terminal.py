"""What can be typed while the companion runs, and what it says."""

from __future__ import annotations

import getpass
import io
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.panel.elements import Action, Value
from velora_core.secret import Secret

from .echo import Echo

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.cli.output import Output

__all__ = ["HELP", "NO_BROWSER", "Terminal", "perform"]

_PRESSES: Final[Mapping[str, Action]] = {
    "configure": Action.CONFIGURE,
    "use-rtmp": Action.USE_RTMP,
    "restore": Action.RESTORE,
    "update": Action.UPDATE_NOW,
    "back": Action.PUT_BACK,
    "check": Action.CHECK,
    "page": Action.OPEN_PAGE,
    "status": Action.REFRESH,
    "load": Action.LOAD,
    "sign-in": Action.SIGN_IN,
    "sign-out": Action.SIGN_OUT,
    "copy-address": Action.COPY_ADDRESS,
    "copy-key": Action.COPY_KEY,
    "live": Action.GO_LIVE,
    "stopped": Action.HAVE_STOPPED,
}
_FIELDS: Final = {
    "title": "title",
    "category": "category_entry",
    "tags": "tags_entry",
    "protocol": "protocol",
    "srt-id": "srt_form",
}
_OF_THE_SETUP: Final = ("protocol", "srt-id")
_PROTOCOLS: Final = ("rtmp", "srt", "whip")

NO_BROWSER: Final = "status.page_no_browser"
"""What is said of a page that could not be opened."""
_OTHERWISE: Final = {
    "error.not_signed_in": "companion.not_signed_in",
    "error.client_id_missing": "companion.client_id_missing",
    "error.browser_missing": "companion.browser_missing",
    NO_BROWSER: "companion.page_no_browser",
}
"""Sentences of the panel that speak of fields which are not here."""

HELP: Final = (*_FIELDS, *_PRESSES, "preset", "connect", "password", "help", "quit")
"""All that can be typed."""


def perform(app: Application, line: str, *, own: Iterable[str] = ()) -> str:
    """Do what a line asks for, and return what there is to say of it; on the link's thread.

    Args:
        app: the application of one software.
        line: what was typed.
        own: what can be typed for that software alone.
    """
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if word in _FIELDS:
        if word == "protocol" and rest not in _PROTOCOLS:
            return message("companion.protocols")
        values: dict[str, Value] = {_FIELDS[word]: rest}
        app.edit(values)
        return message("companion.noted_setup" if word in _OF_THE_SETUP else "companion.noted")
    if word == "preset":
        found = [
            preset for preset in app.state.presets if preset.name.casefold() == rest.casefold()
        ]
        if not found:
            return message("companion.no_preset", name=rest)
        app.edit({"preset": found[0].id})
        return _press(app, Action.PRESET_APPLY)
    if word in _PRESSES:
        return _press(app, _PRESSES[word])
    return message("companion.commands", commands=", ".join((*HELP, *own)))


def _press(app: Application, action: Action) -> str:
    app.panel(drawn=True)  # what it says now was printed as it came
    app.wait_for(app.press(action))
    if action is Action.COPY_KEY:  # who types it means it
        app.wait_for(app.press(Action.CONFIRM_COPY_KEY))
    said = app.panel(drawn=True).find("status").text
    # What the panel has below it stands in the line itself here, as in the log.
    return said.replace(message("status.encoder_below"), app.state.encoder_advice).strip()


class Terminal:
    """Somebody at a terminal, or nobody who could answer. `say` is for any thread."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._recent: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=8))
        self._interactive = sys.stdin is not None and sys.stdin.isatty()
        self._echo: Echo | None = None  # while a password is asked for

    @property
    def keeps_nothing(self) -> bool:
        """Whether what is said is seen by who types, and ends in no file or journal."""
        return self._interactive and self._output.on_terminal

    def say(
        self, severity: LogLevel, sentence: str, *, of: str = "", instead: str | None = None
    ) -> None:
        """Print a sentence.

        Args:
            severity: a warning goes to the error stream.
            sentence: one or more of them.
            of: which OBS it is about; empty where there is only one.
            instead: what is printed in its place; an answer doesn't say it again all the same.
        """
        sentence = _typed(sentence)
        line = _plain(f"{of}: {sentence}" if of else sentence)
        with self._lock:
            self._recent[of].append(line)
            if instead is not None:
                line = _plain(f"{of}: {instead}" if of else instead)
            if severity is LogLevel.WARNING:
                self._output.hint(line)
            else:
                self._output.say(line)

    def listen(self, *, of: str = "") -> None:
        """Forget what was printed: what is printed from now on is no longer an answer's to say."""
        with self._lock:
            self._recent[of].clear()

    def answer(self, sentences: str, *, of: str = "") -> None:
        """Print the lines of an answer that were not printed since `listen`."""
        for line in filter(None, _typed(sentences).splitlines()):
            with self._lock:
                said = _plain(f"{of}: {line}" if of else line) in self._recent[of]
            if not said:
                self.say(LogLevel.INFO, line, of=of)

    def agrees(self, question: str) -> bool:
        """Return whether they say yes; no when there is nobody to ask."""
        if not self._interactive:
            return False
        self._output.hint(question)
        try:
            return input().strip().casefold() in ("y", "yes")
        except EOFError:
            return False

    def password(self, question: str) -> Secret | None:
        """Return what they type, unseen; None when there is nobody to ask."""
        if not self._interactive:
            return None
        self._echo = Echo()
        try:
            return Secret(getpass.getpass(question))
        except EOFError:
            return None
        finally:
            self._echo = None

    def end(self) -> None:
        """Have typing shown again, where a password is asked for on a thread that ends unasked."""
        if echo := self._echo:
            echo.restore()

    def read(self, take: Callable[[str], bool]) -> bool:
        """Hand on what is typed until `take` returns False, or there is no more.

        Returns:
            Whether that is meant as the end: at a terminal it is, a pipe may just have had enough.
        """
        if sys.stdin is None:
            return False
        if isinstance(sys.stdin, io.TextIOWrapper):  # a byte that is no text must not end it
            sys.stdin.reconfigure(errors="replace")
        for line in sys.stdin:
            if line.strip() and not take(line.strip()):
                return True
        return self._interactive


def _typed(text: str) -> str:
    """Return the panel's sentences as they are for somebody who types: commands for buttons."""
    for said, typed in _OTHERWISE.items():
        text = text.replace(message(said), message(typed))
    for command, action in _PRESSES.items():
        press = message("companion.press", button=message(f"button.{action.value}"))
        enter = message("companion.enter", command=command)
        text = text.replace(press, enter)
        text = text.replace(press[0].upper() + press[1:], enter[0].upper() + enter[1:])
    return text


def _plain(text: str) -> str:
    """Return a text without what a terminal obeys: names in it may be another computer's."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)
