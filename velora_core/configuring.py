"""Putting Velora into OBS's streaming service: the setup, a new key, and back to what was there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from .connected_account import account_sentence
from .connection import Connection
from .errors import (
    ConnectionFailed,
    KeyNotApplied,
    KeyUncertain,
    NoPreviousService,
    ProtocolNotOffered,
    ServerError,
    ServiceRejected,
    ServiceUnsaved,
    StorageFailed,
    StreamRunning,
    UnexpectedAnswer,
    VeloraError,
    WhipUnavailable,
)
from .host import put_service
from .runtime import Runtime
from .service import (
    AudioEncoders,
    KeptService,
    Service,
    VeloraAddresses,
    credential,
    described,
    protocol_of,
    service_for,
    shown_server,
)
from .texts import say
from .worker import Job, Priority

if TYPE_CHECKING:
    from .models import StreamSetup

__all__ = ["Configuring"]


class _Before(NamedTuple):
    """How OBS was set up when the button was pressed."""

    profile: str
    service: Service
    audio: AudioEncoders


class Configuring:
    """The buttons *Configure Velora*, *Regenerate stream key* and *Restore previous service*."""

    def __init__(
        self,
        runtime: Runtime,
        connection: Connection,
        *,
        streaming: Callable[[], bool],
        account: Callable[[], str],
    ) -> None:
        """
        Args:
            runtime: the threads.
            connection: the client and what is kept.
            streaming: whether a stream runs or starts; asked on the UI thread.
            account: the platform whose account is connected in OBS; asked on the UI thread.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._connection = connection
        self._streaming = streaming
        self._account = account

    # -- the UI thread ---------------------------------------------------------------------

    def configure(self, protocol: str) -> Job:
        """Velora's address and key for `protocol` go into the service."""
        button = say("button.configure")
        try:
            self._refuse_while_streaming(button)
            if protocol == "whip" and not self._host.has_whip():
                raise WhipUnavailable
        except VeloraError as error:
            return self._runtime.refuse(error)
        return self._runtime.press(button, partial(self._fetch, self._before(), protocol))

    def regenerate(self) -> Job:
        """Velora makes a new stream key, which goes into the service if that is Velora's."""
        button = say("button.regenerate")
        try:
            self._refuse_while_streaming(button)
        except VeloraError as error:
            return self._runtime.refuse(error)
        # Not to be interrupted: nobody would know whether the old key still works.
        return self._runtime.press(button, self._regenerate, priority=Priority.LIVE)

    def restore_previous(self) -> Job:
        """The service that the profile had before goes back, with its audio encoders."""
        button = say("button.restore")
        try:
            self._refuse_while_streaming(button)
        except VeloraError as error:
            return self._runtime.refuse(error)
        return self._runtime.press(button, partial(self._find_previous, self._before()))

    def _before(self) -> _Before:
        return _Before(self._host.profile(), self._host.service(), self._host.audio_encoders())

    def _refuse_while_streaming(self, button: str) -> None:
        if self._streaming():
            raise StreamRunning(button=button)

    # -- configuring: the worker asks, the UI thread applies -------------------------------

    def _fetch(self, before: _Before, protocol: str) -> None:
        setup = self._connection.client().get_stream_setup()
        wanted = service_for(setup, protocol)
        addresses = VeloraAddresses.of(setup)
        storage = self._connection.storage
        ours = addresses.own(before.service) or storage.is_velora(before.service)
        audio = self._audio_for(protocol, before)
        try:
            if not ours:
                storage.save_previous(before.profile, KeptService(before.service, before.audio))
            if protocol == "whip" and audio is not None:
                storage.save_audio_before_whip(before.profile, before.audio)
        except StorageFailed as error:
            raise ServiceUnsaved(reason=error) from None
        self._connection.remember_given_key(before.profile, credential(wanted))
        self._connection.show_kept()
        self._connection.remember_addresses(addresses)
        self._runtime.hand_back(partial(self._apply, setup, wanted, audio, before, protocol))

    def _audio_for(self, protocol: str, before: _Before) -> AudioEncoders | None:
        """The audio encoders that `protocol` needs; None when those in use will do."""
        if protocol == "whip":
            return None if before.audio.suit_whip else before.audio.for_whip()
        earlier = self._connection.storage.audio_before_whip.get(before.profile)
        # If the streamer has chosen others since, those stay.
        return earlier if earlier and before.audio == earlier.for_whip() else None

    def _apply(
        self,
        setup: StreamSetup,
        wanted: Service,
        audio: AudioEncoders | None,
        before: _Before,
        protocol: str,
    ) -> None:
        button = say("button.configure")
        self._refuse_while_streaming(button)
        if self._before() != before:  # changed meanwhile: what is there now isn't kept yet
            self.configure(protocol)
            return
        put_service(self._host, wanted, audio, button)
        name = "status.configured_whip" if protocol == "whip" else "status.configured"
        sentence = say(name, server=shown_server(wanted), key=setup.stream_key)
        self._runtime.announce(f"{account_sentence(self._account(), wanted)} {sentence}".strip())

    # -- a new key: the worker asks, the UI thread applies ---------------------------------

    def _regenerate(self) -> None:
        before = self._connection.client().get_stream_setup()
        try:
            after = before.with_key(self._connection.client().regenerate_stream_key())
        except (ConnectionFailed, ServerError, UnexpectedAnswer) as lost:
            # It may have happened all the same. Asking for the setup tells; asking again for a
            # new key would kill one that is good.
            try:
                after = self._connection.client().get_stream_setup()
            except VeloraError:
                raise KeyUncertain(reason=lost) from None
            if after.stream_key == before.stream_key:
                raise
        self._connection.remember_addresses(VeloraAddresses.of(after))
        # Those that Velora has left, too: a profile may not have been in use since.
        known = self._connection.storage.velora_addresses
        self._runtime.hand_back(partial(self._apply_new_key, after, known))

    def _apply_new_key(self, setup: StreamSetup, known: tuple[VeloraAddresses, ...]) -> None:
        key = setup.stream_key
        service = self._host.service()
        if not any(one.own(service) for one in known):
            self._runtime.announce(say("status.key_made", key=key))
            return
        if self._streaming():
            raise KeyNotApplied
        protocol = protocol_of(service)
        try:
            wanted = service_for(setup, protocol)
            put_service(self._host, wanted, None, say("button.regenerate"))
        except (ProtocolNotOffered, ServiceRejected):
            raise KeyNotApplied from None
        self._runtime.announce(say("status.key_applied", key=key))

    # -- restoring: the worker looks it up, the UI thread applies --------------------------

    def _find_previous(self, before: _Before) -> None:
        storage = self._connection.storage
        kept = storage.previous.get(before.profile)
        if kept is None:
            raise NoPreviousService
        # What the streamer has chosen by hand since is not lost either: it changes places.
        ours = storage.is_velora(before.service)
        instead = None if ours else KeptService(before.service, before.audio)
        self._runtime.hand_back(partial(self._apply_previous, before, kept, instead))

    def _apply_previous(
        self, before: _Before, kept: KeptService, instead: KeptService | None
    ) -> None:
        button = say("button.restore")
        self._refuse_while_streaming(button)
        if self._before() != before:
            self.restore_previous()
            return
        put_service(self._host, kept.service, kept.audio, button)
        self._runtime.announce(say("status.restored", service=described(kept.service)))
        self._runtime.press(button, partial(self._forget_previous, before.profile, kept, instead))

    def _forget_previous(
        self, profile: str, restored: KeptService, instead: KeptService | None
    ) -> None:
        """Only once it is in OBS again: it exists in one place at any moment."""
        storage = self._connection.storage
        storage.save_audio_before_whip(profile, None)
        if storage.is_velora(restored.service):
            storage.save_chosen_key(profile, credential(restored.service))
        storage.save_previous(profile, instead)
        self._connection.show_kept()
