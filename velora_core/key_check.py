"""A stream key that went stale: found out in the background, and put right where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from .account import TokenOrigin
from .connection import Connection
from .errors import Cancelled, ProtocolNotOffered, ServiceRejected, VeloraError
from .host import Severity, StreamEnd, put_service
from .runtime import ABOUT_START, Runtime
from .service import (
    CUSTOM_KINDS,
    KeptService,
    Service,
    VeloraAddresses,
    credential,
    protocol_of,
    service_for,
)
from .state import Tone
from .texts import say
from .worker import Priority

if TYPE_CHECKING:
    from .models import StreamSetup
    from .secret import Secret

__all__ = ["KeyCheck"]

_FRESH: Final = 30.0
"""Seconds for which an answer is believed: a panel can be opened again and again."""


class KeyCheck:
    """Compares the service in use with Velora's setup, and brings it up to date."""

    def __init__(
        self, runtime: Runtime, connection: Connection, *, streaming: Callable[[], bool]
    ) -> None:
        """
        Args:
            runtime: the threads.
            connection: the client and what is kept.
            streaming: whether a stream runs or starts; asked on the UI thread.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._connection = connection
        self._streaming = streaming
        self._checked: tuple[float, Service] | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def check(self) -> None:
        """Nobody has asked for it: says something only if there was something to put right."""
        if self._streaming():
            return
        service = self._host.service()
        at, checked = self._checked or (float("-inf"), None)
        if checked == service and time.monotonic() - at < _FRESH:
            return
        self._submit(service, StreamEnd.NORMAL)

    def stream_ended(self, end: StreamEnd) -> None:
        """If the ingest did not take the stream, says whether another start will work."""
        if end is StreamEnd.NORMAL:
            self._checked = None
            self.check()
        else:
            self._submit(self._host.service(), end)

    def _submit(self, service: Service, end: StreamEnd) -> None:
        before = (self._host.profile(), KeptService(service, self._host.audio_encoders()))
        asked = end is not StreamEnd.NORMAL
        self._runtime.worker.submit(
            partial(self._ask, before, end),
            priority=Priority.USER if asked else Priority.BACKGROUND,
        )

    def _apply(
        self, profile: str, service: Service, wanted: Service, key: Secret, end: StreamEnd
    ) -> None:
        if self._streaming() or self._host.profile() != profile:
            return  # another check follows the stream, or the change of profile
        if self._host.service() != service:
            return
        try:
            put_service(self._host, wanted, None, say("button.configure"))
        except ServiceRejected as error:
            self._runtime.report(error)
            return
        self._checked = (time.monotonic(), self._host.service())
        name = "status.key_mended" if end is StreamEnd.NORMAL else "status.refused_mended"
        self._runtime.announce(say(name, key=key), topic=ABOUT_START)

    # -- the worker ------------------------------------------------------------------------

    def _ask(self, before: tuple[str, KeptService], end: StreamEnd) -> None:
        profile, kept = before
        service = kept.service
        account = self._runtime.state.account
        storage = self._connection.storage
        unknown = storage.addresses is None and service.kind in CUSTOM_KINDS
        if not unknown and not storage.is_velora(service):
            return
        if account.origin is TokenOrigin.NONE or not account.may("stream:key"):
            if end is not StreamEnd.NORMAL and storage.is_velora(service):
                self._warn(say("status.refused_unasked"))
            return
        try:
            setup = self._connection.client().get_stream_setup()
        except Cancelled:
            return  # the stream that came between is followed by another check
        except VeloraError as error:
            if end is StreamEnd.NORMAL:
                if not unknown:  # else it may be none of our business
                    self._runtime.log(Severity.INFO, str(error))
            elif storage.is_velora(service):
                self._warn(say("status.refused_unknown", reason=error))
            return
        self._connection.remember_addresses(VeloraAddresses.of(setup))
        if storage.is_velora(service):
            self._compare(setup, profile, kept, end)

    def _compare(self, setup: StreamSetup, profile: str, kept: KeptService, end: StreamEnd) -> None:
        service = kept.service
        try:
            fresh = service_for(setup, protocol_of(service))
        except ProtocolNotOffered as error:
            if end is not StreamEnd.NORMAL:
                self._warn(str(error))
            return
        if credential(fresh) == credential(service) and fresh.server == service.server:
            self._checked = (time.monotonic(), service)
            if end is not StreamEnd.NORMAL:
                name = "status.refused_anyway" if end is StreamEnd.REFUSED else "status.not_reached"
                self._warn(say(name))
            return
        storage = self._connection.storage
        if storage.chosen_keys.get(profile) == credential(service):
            if end is not StreamEnd.NORMAL:
                self._warn(say("status.key_other"))
            return
        if not self._keep(profile, kept, credential(fresh)):
            self._runtime.show(say("status.key_other"), Tone.WARNING)
            return
        merged = {**service.settings, "server": fresh.server}
        if "key" in fresh.settings:
            merged["key"] = fresh.settings["key"]
        wanted = Service(service.kind, merged)
        apply = partial(self._apply, profile, service, wanted, setup.stream_key, end)
        self._runtime.hand_back(apply)

    def _keep(self, profile: str, kept: KeptService, key: str) -> bool:
        """A key that this application has not put there itself may be another channel's, which
        nothing else knows: it is kept before it is replaced."""
        storage = self._connection.storage
        try:
            if storage.given_keys.get(profile) != credential(kept.service):
                if profile in storage.previous:
                    return False  # there is room for one; Configure Velora still does it
                storage.save_previous(profile, kept)
                self._connection.show_kept()
        except VeloraError as error:
            self._runtime.log(Severity.INFO, str(error))
            return False
        self._connection.remember_given_key(profile, key)
        return True

    def _warn(self, sentence: str) -> None:
        self._runtime.show(sentence, Tone.WARNING, topic=ABOUT_START)
        self._runtime.log(Severity.WARNING, sentence)
