"""Putting Velora into OBS's streaming service: the setup, a new key, and back to what was there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    KeyNotApplied,
    KeyUncertain,
    NoPreviousService,
    ProtocolNotOffered,
    ServerError,
    ServiceRejected,
    ServiceUnsaved,
    StorageError,
    StreamRunning,
    TransportError,
    UnexpectedResponse,
    VeloraError,
    WhipUnavailable,
)
from velora_core.host.host import apply_service
from velora_core.host.service import (
    AudioEncoders,
    IngestAddresses,
    SavedService,
    Service,
    brought_up_to_date,
    configured,
    credential,
    describe,
    display_address,
    protocol_of,
    same_credential,
    velora_service,
)
from velora_core.messages import message

from .connected_account import account_sentence

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = ["ServiceSetup"]


class _HostSnapshot(NamedTuple):
    """How OBS was set up when the button was pressed."""

    profile: str
    service: Service
    audio: AudioEncoders


class ServiceSetup:
    """The buttons *Configure Velora*, *Regenerate stream key* and *Restore previous service*."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        streaming: Callable[[], bool],
        account: Callable[[], str],
        nobodys: Callable[[Service], bool],
    ) -> None:
        """
        Args:
            runtime: the threads.
            session: the client and what is kept.
            streaming: whether a stream runs or starts; asked on the UI thread.
            account: the platform whose account is connected in OBS; asked on the UI thread.
            nobodys: whether the key in a service of Velora's is one that no person wants there.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._streaming = streaming
        self._account = account
        self._nobodys = nobodys

    # -- the UI thread ---------------------------------------------------------------------

    def configure(self, protocol: str) -> Job:
        """Velora's address and key for `protocol` go into the service."""
        button = message("button.configure")
        try:
            self._refuse_while_streaming(button)
            if protocol == "whip" and not self._host.has_whip():
                raise WhipUnavailable
        except VeloraError as error:
            return self._runtime.refuse(error)
        return self._runtime.press(button, partial(self._fetch, self._before(), protocol))

    def regenerate(self) -> Job:
        """Velora makes a new stream key, which goes into the service if that is Velora's."""
        button = message("button.regenerate")
        try:
            self._refuse_while_streaming(button)
        except VeloraError as error:
            return self._runtime.refuse(error)
        # Not to be interrupted: nobody would know whether the old key still works.
        work = partial(self._regenerate, self._before())
        return self._runtime.press(button, work, priority=Priority.LIVE)

    def restore_previous(self) -> Job:
        """The service that the profile had before goes back, with its audio encoders."""
        button = message("button.restore")
        try:
            self._refuse_while_streaming(button)
        except VeloraError as error:
            return self._runtime.refuse(error)
        return self._runtime.press(button, partial(self._find_previous, self._before()))

    def _before(self) -> _HostSnapshot:
        host = self._host
        return _HostSnapshot(host.profile().id, host.service(), host.audio_encoders())

    def _refuse_while_streaming(self, button: str) -> None:
        if self._streaming():
            raise StreamRunning(button=button)

    # -- configuring: the worker asks, the UI thread applies -------------------------------

    def _fetch(self, before: _HostSnapshot, protocol: str) -> None:
        setup = self._session.client().get_stream_setup()
        addresses = IngestAddresses.of(setup)
        storage = self._session.storage
        velora = addresses.own(before.service) or storage.is_velora(before.service)
        if velora:
            wanted = configured(before.service, setup, protocol)
        else:
            wanted = velora_service(setup, protocol)
        audio = self._audio_for(protocol, before)
        try:
            if not velora or not self._is_ours(before, setup):
                storage.keep_service(*before)
            if protocol == "whip" and audio is not None:
                storage.save_audio_before_whip(before.profile, before.audio)
        except StorageError as error:
            raise ServiceUnsaved(reason=error) from None
        self._session.remember_given_key(before.profile, credential(wanted))
        self._session.cache_addresses(addresses)
        self._runtime.call_on_ui(partial(self._apply, setup, wanted, audio, before, protocol))

    def _is_ours(self, before: _HostSnapshot, setup: StreamSetup) -> bool:
        """Whether a service that is Velora's has a key that this application has put there, or the
        channel's own: Velora gives that again. Any other may stand nowhere else."""
        if self._nobodys(before.service):
            return True
        if self._session.storage.has_given(before.profile, before.service):
            return True
        own = velora_service(setup, protocol_of(before.service))
        return same_credential(before.service, credential(own))

    def _audio_for(self, protocol: str, before: _HostSnapshot) -> AudioEncoders | None:
        """The audio encoders that `protocol` needs; None when those in use will do."""
        if protocol == "whip":
            return None if before.audio.support_whip else before.audio.for_whip()
        earlier = self._session.storage.audio_before_whip.get(before.profile)
        # If the streamer has chosen others since, those stay.
        return earlier if earlier and before.audio == earlier.for_whip() else None

    def _apply(
        self,
        setup: StreamSetup,
        wanted: Service,
        audio: AudioEncoders | None,
        before: _HostSnapshot,
        protocol: str,
    ) -> None:
        button = message("button.configure")
        self._refuse_while_streaming(button)
        if self._before() != before:  # changed meanwhile: what is there now isn't kept yet
            self.configure(protocol)
            return
        apply_service(self._host, wanted, audio, button)
        self._runtime.change(asking="")
        name = "status.configured_whip" if protocol == "whip" else "status.configured"
        sentence = message(name, server=display_address(wanted), key=setup.stream_key)
        self._runtime.announce(f"{account_sentence(self._account(), wanted)} {sentence}".strip())

    # -- a new key: the worker asks, the UI thread applies ---------------------------------

    def _regenerate(self, before: _HostSnapshot) -> None:
        setup = self._session.client().get_stream_setup()
        try:
            new = setup.with_key(self._session.client().regenerate_stream_key())
        except (TransportError, ServerError, UnexpectedResponse) as lost:
            # It may have happened all the same. Asking for the setup tells; asking again for a
            # new key would kill one that is good.
            try:
                new = self._session.client().get_stream_setup()
            except VeloraError:
                raise KeyUncertain(reason=lost) from None
            if new.stream_key == setup.stream_key:
                raise
        self._session.cache_addresses(IngestAddresses.of(new))
        self._place_new_key(before, setup, new)

    def _place_new_key(self, before: _HostSnapshot, old: StreamSetup, new: StreamSetup) -> None:
        """Has the new key put into the service if that is Velora's, by an address that Velora has
        left, too: the profile may not have been in use since."""
        storage = self._session.storage
        wanted = None
        if storage.is_velora(before.service):
            wanted = brought_up_to_date(before.service, new)
            if not self._is_ours(before, old):
                try:
                    storage.keep_service(*before)
                except StorageError:
                    raise KeyNotApplied from None
            # Before it is there: else it would count as somebody else's after a crash in between.
            self._session.remember_given_key(before.profile, credential(wanted))
        self._runtime.call_on_ui(partial(self._apply_new_key, before, old, new, wanted))

    def _apply_new_key(
        self, before: _HostSnapshot, old: StreamSetup, new: StreamSetup, wanted: Service | None
    ) -> None:
        now = self._before()
        if now != before:
            # Not to be interrupted, for the same reason.
            work = partial(self._place_new_key, now, old, new)
            self._runtime.press(message("button.regenerate"), work, priority=Priority.LIVE)
            return
        key = new.stream_key
        if wanted is None:
            self._runtime.announce(message("status.key_made", key=key))
            return
        if self._streaming():
            raise KeyNotApplied
        try:
            apply_service(self._host, wanted, None, message("button.regenerate"))
        except (ProtocolNotOffered, ServiceRejected):
            raise KeyNotApplied from None
        self._runtime.change(asking="")
        self._runtime.announce(message("status.key_applied", key=key))

    # -- restoring: the worker looks it up, the UI thread applies --------------------------

    def _find_previous(self, before: _HostSnapshot) -> None:
        storage = self._session.storage
        storage.read_secrets()  # another OBS of this user may have kept or restored one
        all_kept = storage.previous.get(before.profile, ())
        if not all_kept:
            raise NoPreviousService
        # What the streamer has chosen by hand since is not lost either: it takes the last place.
        # Before it is replaced: OBS may be closed in between.
        velora = storage.is_velora(before.service)
        if not velora or not storage.has_given(before.profile, before.service):
            try:
                storage.keep_service(*before, last=True)
            except StorageError as error:
                raise ServiceUnsaved(reason=error) from None
        self._session.show_kept()
        self._runtime.call_on_ui(partial(self._apply_previous, before, all_kept[0]))

    def _apply_previous(self, before: _HostSnapshot, kept: SavedService) -> None:
        button = message("button.restore")
        self._refuse_while_streaming(button)
        if self._before() != before:
            self.restore_previous()
            return
        apply_service(self._host, kept.service, kept.audio, button)
        self._runtime.change(asking="")
        self._runtime.announce(message("status.restored", service=describe(kept.service)))
        self._runtime.press(button, partial(self._forget_previous, kept))

    def _forget_previous(self, restored: SavedService) -> None:
        """Only once it is in OBS again: it exists in one place at any moment."""
        storage = self._session.storage
        storage.save_audio_before_whip(restored.profile, None)
        if storage.is_velora(restored.service):
            storage.save_chosen_key(restored.profile, credential(restored.service))
        storage.drop_service(restored)
        self._session.show_kept()
