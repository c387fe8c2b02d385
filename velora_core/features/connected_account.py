"""Accounts of other platforms that are connected in OBS, and their stream keys.

OBS writes that key into whatever service is in use, at each start and before it says that a stream
starts; its dialog for YouTube does so even before. Here it is told from the key that the profile is
set up with, and kept away from Velora's ingest.
"""

from __future__ import annotations

import _thread
import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.host.host import LogLevel
from velora_core.host.service import Service, credential, goes_to_velora_tv
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.secret import Secret

__all__ = ["ConnectedAccount", "account_sentence", "asks_before_start"]

_HELD: Final = 1.0
"""Seconds that a start gets to fail which must not go out; then the address comes back."""


class _Seen(NamedTuple):
    """What OBS had in memory."""

    profile: str
    service: Service


class _Found(NamedTuple):
    """What the profile's files said when `seen` was in memory."""

    seen: _Seen
    saved: Service
    account: str


class ConnectedAccount(Feature):
    """Knows which keys of the present profile are the account's. All of it on the UI thread."""

    def __init__(
        self, runtime: Runtime, session: Session, *, given: Callable[[], Secret | None]
    ) -> None:
        """Create the connected account.

        Args:
            runtime: the threads.
            session: what is kept.
            given: what this application has put into the present profile, if that is known.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._given = given
        self._seen: _Seen | None = None
        self._reading = False
        self._found: _Found | None = None  # what the profile's files message, from another thread
        self._first = True  # nothing was saved in this profile since it was taken up
        self._saved = ""  # the key in the profile's file
        self._in_file = ""  # the account, as the profile's file names it
        memory = self._host.memory()
        self._foreign: set[str] = memory.setdefault("foreign keys", set())
        self._entered: dict[str, str] = memory.setdefault("entered keys", {})  # by profile
        self._held: _Seen | None = None

    @property
    def name(self) -> str:
        """The platform whose account is connected, as OBS calls it; empty without one."""
        self._take_found()
        told = self._host.connected_account()
        return self._in_file if told is None else told

    def look(self) -> None:
        """Look at the service in use. Call it often: OBS doesn't tell when it changes."""
        self._take_found()
        now = _Seen(self._host.profile().id, self._host.service())
        before = self._seen
        if now == before:
            return
        self._seen = now
        key = credential(now.service)
        if before is None or before.profile != now.profile:
            self._first = True
            # OBS has read it from the file just now, or the file is going to tell.
            self._saved, self._in_file = key, ""
        else:
            self._first = False
        self._note_foreign(now.service)
        folder = self._host.profile_folder()
        if folder:  # two small files: they don't wait for what the worker does on the network
            self._reading = True
            read = partial(self._read, now, folder)
            # Not by `threading`, which waits until the thread runs: the UI thread would have to
            # have Python back from whoever has it then.
            _thread.start_new_thread(read, ())
        elif not self._first:
            self._found = _Found(now, now.service, "")

    def is_foreign(self, service: Service) -> bool:
        """Return whether the key in a service is known to be the account's; from any thread."""
        if service.kind != "rtmp_custom":
            return False
        return credential(service) in self._foreign or _by_youtube(service)

    def is_nobodys(self, service: Service) -> bool:
        """Return whether nobody wants the key in a Velora service; from any thread.

        It is the account's, or it is empty because a start was held back.
        """
        return service.kind == "rtmp_custom" and (
            not credential(service) or self.is_foreign(service)
        )

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Put the right key in place for a stream that is about to connect.

        Returns False when the key isn't known and no connection can be made; the panel says so
        then.
        """
        self.give_back()
        self._take_found()
        service = self._host.service()
        if service.kind != "rtmp_custom" or not self._is_velora(service):
            return True
        secret = self._given()
        key, given = credential(service), secret.reveal() if secret else ""
        if "://" in given:  # by WHIP, where there is no key beside the address
            given = ""
        for before in self._session.previous_services(self._host.profile().id):
            self._note_foreign(before)  # one of them is the platform's whose account it is
        foreign = self.is_foreign(service)
        chosen = self._session.has_chosen(self._host.profile().id, service)
        if key == given or (chosen and not foreign) or not (foreign or self.name):
            return True
        right = self._right_key(service, given)
        if right == key:
            return True
        self._foreign.add(key)
        profile = self._host.profile().id
        platform = _platform(self.name)
        whose = (
            message("key.of_account", platform=platform) if platform else message("key.of_other")
        )
        if right:
            self._host.change_service({"key": right})
            self._seen = _Seen(profile, self._host.service())
            self._runtime.log(LogLevel.INFO, message("status.foreign_key", whose=whose))
            return True
        # Without an address OBS makes no connection at all, and says that the start has failed.
        self._held = _Seen(profile, service)
        self._host.change_service({"server": "", "key": ""})
        back = partial(self._runtime.call_on_ui, self.give_back)
        self._runtime.worker.submit(back, delay=_HELD, interruptible=False)
        sentence = message("status.foreign_key_held", whose=whose)
        self._runtime.show(sentence, StatusLevel.ERROR)
        self._runtime.log(LogLevel.WARNING, sentence)
        return False

    def close(self) -> None:
        """Give OBS its address back."""
        self.give_back()

    def give_back(self) -> None:
        """Give OBS its address back after a start that was held back."""
        held, self._held = self._held, None
        if held is None:
            return
        now = self._host.service()
        same = self._host.profile().id == held.profile and now.kind == held.service.kind
        if same and not now.server:
            self._host.change_service({"server": held.service.server})

    def _right_key(self, service: Service, given: str) -> str:
        """Return the key that the profile is set up with; empty when it isn't known."""
        key = credential(service)
        foreign = self.is_foreign(service)
        seen = self._seen is not None and self._seen.profile == self._host.profile().id
        if seen and self._saved and self._saved != key and self._saved not in self._foreign:
            same = self._seen is not None and self._seen.service == service
            if self._reading and same and not self._first and not foreign:
                return key  # was there before the start: a dialog of OBS has just taken it
            return self._saved
        if not foreign and seen and key == self._entered.get(self._host.profile().id):
            return key  # OBS lets go of an account when a dialog takes another key
        return given

    def _is_velora(self, service: Service) -> bool:
        if goes_to_velora_tv(service):
            return True
        return any(one.own(service) for one in self._session.velora_addresses)

    def _note_foreign(self, service: Service) -> None:
        """Remember the key of a listed platform, which can't be Velora's."""
        if service.kind == "rtmp_common" and credential(service):
            self._foreign.add(credential(service))

    def _read(self, seen: _Seen, folder: str) -> None:
        """Run on a thread of its own."""
        from pathlib import Path

        saved, account = _saved_service(Path(folder)), _account(Path(folder))
        self._found = _Found(seen, saved, account)

    def _take_found(self) -> None:
        """Take over what was read, unless something else is in use by now."""
        found = self._found
        if found is None or found.seen is not self._seen:
            return
        self._found, self._reading = None, False
        self._in_file = found.account
        key = credential(found.seen.service)
        self._saved = credential(found.saved)
        if self._saved == key:
            if not self._first and key not in self._foreign:
                self._entered[found.seen.profile] = key
        elif key and found.saved.kind == found.seen.service.kind and self.name:
            self._foreign.add(key)  # OBS saves what a person enters


def account_sentence(account: str, service: Service) -> str:
    """Return what a connected account means for a start to Velora; empty for nothing."""
    platform = _platform(account)
    if asks_before_start(account):
        return message("status.account_youtube", platform=platform)
    # By WHIP the key is part of the address, which OBS leaves alone.
    if not account or service.kind != "rtmp_custom":
        return ""
    return message("status.account_connected", platform=platform)


def asks_before_start(account: str) -> bool:
    """Return whether OBS asks for that account's broadcast before each start."""
    return _platform(account) == "YouTube"


def _platform(account: str) -> str:
    """Return the platform's name as people know it: "YouTube - RTMPS" is YouTube."""
    return account.partition(" - ")[0].partition(".")[0]


def _by_youtube(service: Service) -> bool:
    """Return whether OBS's broadcast dialog has written the key of this service."""
    return bool(service.settings.get("stream_id"))


def _saved_service(folder: Path) -> Service:
    try:
        found: Any = json.loads((folder / "service.json").read_text("utf-8", "replace"))
        kind, settings = found["type"], found["settings"]
    except (OSError, ValueError, KeyError, TypeError):
        kind, settings = "", {}
    return Service(str(kind), settings if isinstance(settings, dict) else {})


def _account(folder: Path) -> str:
    from configparser import ConfigParser, Error

    ini = ConfigParser(interpolation=None, strict=False)
    try:
        ini.read_string((folder / "basic.ini").read_text("utf-8-sig", "replace"))
    except (OSError, Error):
        return ""
    return ini.get("Auth", "Type", fallback="")
