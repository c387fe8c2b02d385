"""The channel's pages on Velora's website: *Open my channel* and *Open chat*."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import quote

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel
from velora_core.app.worker import Job
from velora_core.auth.browser_flow import open_browser
from velora_core.errors import BrowserMissing, InvalidResponse
from velora_core.messages import message

from .feature import Feature

__all__ = ["ChannelPages", "channel_page", "chat_page"]

_MAX_LENGTH: Final = 100  # characters of a user name that can be one


def channel_page(website: str, username: str) -> str:
    """Return the address of a channel's page.

    Raises:
        InvalidResponse: the name can't be a part of an address.
    """
    return f"{website}/{_name(username)}"


def chat_page(website: str, username: str) -> str:
    """Return the address of a channel's chat, made for a dock of OBS; raise as `channel_page`."""
    return f"{website}/dashboard/stream/popout/{_name(username)}/obs-chat"


def _name(username: str) -> str:
    trimmed = username.strip()
    usable = 0 < len(trimmed) <= _MAX_LENGTH and trimmed.isprintable() and trimmed.strip(".")
    if not usable:
        raise InvalidResponse(endpoint="/api/users/me", field="username", problem="characters")
    return quote(trimmed, safe="")


class ChannelPages(Feature):
    """The two buttons."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        browse: Callable[[str], None] = open_browser,
    ) -> None:
        """Create the channel's pages.

        Args:
            runtime: the threads.
            session: the client.
            browse: opens an address in the browser, on a thread of its own, which it may keep.
        """
        self._runtime = runtime
        self._session = session
        self._browse = browse

    # -- the UI thread ---------------------------------------------------------------------

    def open_channel(self) -> Job:
        """Open the channel's page in the browser."""
        return self._runtime.press(message("button.open_channel"), self._open_channel)

    def open_chat(self) -> Job:
        """Open the channel's chat in the browser, and show its address to be copied."""
        return self._runtime.press(message("button.open_chat"), self._open_chat)

    # -- the worker ------------------------------------------------------------------------

    def _open_channel(self) -> None:
        address = channel_page(self._session.website, self._username())
        self._open(address, message("status.channel_opens", address=address))

    def _open_chat(self) -> None:
        address = chat_page(self._session.website, self._username())
        self._runtime.change(chat_address=address)
        self._open(address, message("status.chat_opens"))

    def _username(self) -> str:
        """Return whose channel it is; asked each time, because the account may have changed."""
        return self._session.client().get_profile().username

    def _open(self, address: str, sentence: str) -> None:
        self._runtime.show(sentence, topic=self)
        work = partial(self._open_now, address)
        threading.Thread(target=work, name="velora-browser", daemon=True).start()

    # -- a thread of its own ---------------------------------------------------------------

    def _open_now(self, address: str) -> None:
        try:
            self._browse(address)
        except BrowserMissing:
            sentence = message("status.browser_missing", address=address)
            self._runtime.show(sentence, StatusLevel.WARNING, topic=self)
