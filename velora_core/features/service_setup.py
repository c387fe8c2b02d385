"""Setup of the host's streaming service: configure, make a new key, restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from velora_core.app.runtime import ABOUT_SETUP, UI, WORKER, Runtime, Steps
from velora_core.app.session import Session
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    KeyNotApplied,
    KeyUncertain,
    KeyUncertainToCopy,
    NoPreviousService,
    NotSettable,
    OtherSignIn,
    ProfileSwitched,
    ProtocolUnavailable,
    ServerError,
    ServiceRejected,
    ServiceUnsaved,
    StorageError,
    StreamRunning,
    StreamStarting,
    TransportError,
    UnexpectedResponse,
    VeloraError,
)
from velora_core.host.destination import (
    PROTOCOLS,
    Destination,
    IngestAddresses,
    brought_up_to_date,
    configured,
    credential,
    display_address,
    same_credential,
    velora_destination,
)
from velora_core.host.host import AccountNotice, Snapshot, verify_destination
from velora_core.host.srt_id import srt_id_prefix
from velora_core.messages import message

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = ["ServiceSetup"]


class _HostSnapshot(NamedTuple):
    """How the software was set up when the button was pressed."""

    profile: str
    setup: Snapshot

    @property
    def destination(self) -> Destination:
        return self.setup.destination


class ServiceSetup:
    """The buttons *Configure Velora*, *Regenerate stream key* and *Restore previous service*."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        streaming: Callable[[], bool],
        account: Callable[[Destination], AccountNotice | None],
        nobodys: Callable[[Destination], bool],
        advise: Callable[[], str],
    ) -> None:
        """Create the service setup.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            streaming: whether a stream runs or starts; asked on the UI thread.
            account: what a connected account means for a start; asked on the UI thread.
            nobodys: whether a key for Velora is one that no person wants there.
            advise: shows what is to be said of the encoder that streams will use, and returns it;
                called on the UI thread.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._streaming = streaming
        self._account = account
        self._nobodys = nobodys
        self._advise = advise

    # -- the UI thread ---------------------------------------------------------------------

    def configure(self, protocol: str, srt_form: str = "") -> Job:
        """Put Velora's address and key for `protocol` into the service.

        By SRT in the form of `srt_form`; empty means the key alone.
        """
        button = message("button.configure")
        return self._runtime.start(button, self._configure(protocol, srt_form, button))

    def regenerate(self) -> Job:
        """Make a new stream key, and put it into the service if that is Velora's."""
        button = message("button.regenerate")
        # Not to be interrupted: nobody would know whether the old key still works.
        return self._runtime.start(button, self._regenerate(button), priority=Priority.LIVE)

    def restore_previous(self) -> Job:
        """Restore the service that the profile had before, with its audio encoders."""
        button = message("button.restore")
        return self._runtime.start(button, self._restore(button))

    def _before(self) -> _HostSnapshot:
        return _HostSnapshot(self._host.profile().id, self._host.snapshot())

    def _changed_since(self, before: _HostSnapshot, button: str) -> bool:
        """Return whether the service was changed meanwhile.

        Raises `ProfileSwitched` if another profile's is in use: nobody has asked for that one.
        """
        now = self._before()
        if now.profile != before.profile:
            raise ProfileSwitched(profile=self._host.profile().name, button=button)
        return now != before

    def _refuse_while_streaming(self, button: str) -> None:
        if not self._streaming():
            return
        told = self._host.streaming()
        if told and not self._host.still_streams():
            return  # of its end, nothing has been told yet
        kind = StreamRunning if told else StreamStarting
        raise kind(host=self._name, button=button)

    def _refuse_unless_settable(self) -> None:
        able = self._host.capabilities()
        if not able.sets:
            raise NotSettable(host=able.name, stream_settings=able.stream_settings)

    @property
    def _name(self) -> str:
        return self._host.capabilities().name

    # -- the flows: each part on the thread that the `yield` before it names ---------------

    def _configure(self, protocol: str, srt_form: str, button: str) -> Steps:
        self._refuse_unless_settable()
        self._refuse_while_streaming(button)
        able = self._host.capabilities().protocols
        if protocol in PROTOCOLS and protocol not in able:
            others = " or ".join(name.upper() for name in able)
            raise ProtocolUnavailable(host=self._name, protocol=protocol.upper(), others=others)
        before = self._before()

        yield WORKER
        setup = self._session.client().get_stream_setup()
        storage = self._session.storage
        own = IngestAddresses.of(setup).own(before.destination)
        velora = own or storage.is_velora(before.destination)
        prefix = srt_id_prefix(srt_form, setup) if protocol == "srt" else ""
        if velora:
            wanted = configured(before.destination, setup, protocol, prefix)
        else:
            wanted = velora_destination(setup, protocol, prefix)
        audio = self._audio_for(protocol, before)
        try:
            if not velora or not self._is_ours(before, setup):
                storage.keep_service(*before)
            if protocol == "whip" and audio is not None:
                storage.save_audio_before_whip(before.profile, before.setup.audio)
        except StorageError as error:
            raise ServiceUnsaved(reason=error) from None
        self._session.profiles.note_applied(before.profile, wanted)
        self._session.cache_setup(setup)

        yield UI
        self._refuse_while_streaming(button)
        if self._changed_since(before, button):  # what is there now isn't kept yet
            self.configure(protocol, srt_form)
            return
        self._host.set_destination(wanted, audio, keep_options=velora)
        verify_destination(self._host, wanted, button)
        self._runtime.change(asking="")
        name = "status.configured_whip" if protocol == "whip" else "status.configured"
        server = display_address(wanted)
        sentence = self._runtime.of_profile(name, server=server, key=setup.stream_key)
        notice = self._account(wanted)
        restart = self._restart() if audio is not None else ""
        held = restart or (notice and notice.stops_start)
        go_live = "" if held else self._runtime.message("status.go_live")
        sentences = (notice.sentence if notice else "", sentence, restart, go_live)
        said = " ".join(sentence for sentence in sentences if sentence)
        advice = self._advise()
        pointer = message("status.encoder_below")
        self._runtime.announce(
            f"{said} {pointer}" if advice else said,
            topic=ABOUT_SETUP,
            log=f"{said} {advice}" if advice else "",
        )

    def _regenerate(self, button: str) -> Steps:
        self._refuse_while_streaming(button)
        able = self._host.capabilities()
        before = self._before() if able.sets else None
        whose = self._runtime.state.account.user

        yield WORKER
        self._session.token()  # taken over first is what another program has signed in to
        signed_in = self._runtime.state.account.user
        if whose and signed_in and signed_in != whose:  # another channel than was asked about
            raise OtherSignIn
        old = self._session.client().get_stream_setup()
        new = self._ask_for_new_key(old)
        self._session.cache_setup(new)
        if before is None:
            place, key = able.stream_settings, new.stream_key
            name = "status.key_made_here"
            self._runtime.announce(self._runtime.message(name, key=key, stream_settings=place))
            return
        wanted = self._with_new_key(before, old, new)

        yield UI
        while (now := self._before()) != before:  # changed meanwhile
            before = now
            yield WORKER
            wanted = self._with_new_key(before, old, new)
            yield UI
        if wanted is None:
            made = self._runtime.of_profile("status.key_made", key=new.stream_key)
            self._runtime.announce(made)
            return
        if self._streaming():
            raise KeyNotApplied(host=self._name)
        self._host.change_destination(wanted, save=True)
        try:
            verify_destination(self._host, wanted, button)
        except ServiceRejected:
            raise KeyNotApplied(host=self._name) from None
        self._runtime.change(asking="")
        applied = self._runtime.of_profile("status.key_applied", key=new.stream_key)
        self._runtime.announce(applied)

    def _restore(self, button: str) -> Steps:
        self._refuse_unless_settable()
        self._refuse_while_streaming(button)
        before = self._before()

        yield WORKER
        storage = self._session.storage
        storage.read_secrets()  # another program of this user may have kept or restored one
        all_kept = storage.previous.get(before.profile, ())
        if not all_kept:
            raise NoPreviousService
        previous = all_kept[0]
        # What the streamer has chosen by hand since is not lost either: it takes the last place.
        # Before it is replaced: the software may be closed in between.
        velora = storage.is_velora(before.destination)
        if not velora or not storage.has_applied(before.profile, before.destination):
            try:
                storage.keep_service(*before, last=True)
            except StorageError as error:
                raise ServiceUnsaved(reason=error) from None
        self._session.profiles.show()

        yield UI
        self._refuse_while_streaming(button)
        if self._changed_since(before, button):
            self.restore_previous()
            return
        restored = previous.snapshot
        self._host.restore(restored)
        verify_destination(self._host, restored.destination, button)
        self._runtime.change(asking="")
        sentence = self._runtime.of_profile("status.restored", service=restored.description)
        restart = self._restart() if restored.audio != before.setup.audio else ""
        self._runtime.announce(f"{sentence} {restart}".rstrip(), topic=ABOUT_SETUP)

        yield WORKER  # only once it is in use again: it exists in one place at any moment
        storage.save_audio_before_whip(previous.profile, None)
        if storage.is_velora(restored.destination):
            storage.save_pinned_key(previous.profile, credential(restored.destination))
        storage.drop_service(previous)
        self._session.profiles.show()

    def _restart(self) -> str:
        """Return what to do before the changed audio encoders count; empty for nothing."""
        if self._host.capabilities().applies_audio:
            return ""
        return self._runtime.message("status.restart_for_audio")

    def _is_ours(self, before: _HostSnapshot, setup: StreamSetup) -> bool:
        """Return whether a key for Velora can be had again.

        That is one that this application put there, or the channel's own. Any other may be kept
        nowhere else.
        """
        if self._nobodys(before.destination):
            return True
        if self._session.storage.has_applied(before.profile, before.destination):
            return True
        own = velora_destination(setup, before.destination.protocol)
        return same_credential(before.destination, own)

    def _audio_for(self, protocol: str, before: _HostSnapshot) -> tuple[str, ...] | None:
        """Return the audio encoders that `protocol` needs; None when those in use will do."""
        present, suited = before.setup.audio, self._host.audio_for
        if protocol == "whip":
            wanted = suited("whip", present)
            return None if wanted == present else wanted
        earlier = self._session.storage.audio_before_whip.get(before.profile)
        # If the streamer has chosen others since, those stay.
        return earlier if earlier and present == suited("whip", earlier) else None

    def _ask_for_new_key(self, setup: StreamSetup) -> StreamSetup:
        """Make a new key; return the setup with it."""
        try:
            return setup.with_key(self._session.client().regenerate_stream_key())
        except (TransportError, ServerError, UnexpectedResponse) as lost:
            # It may have happened all the same. Asking for the setup tells; asking again for a
            # new key would kill one that is good.
            try:
                new = self._session.client().get_stream_setup()
            except VeloraError:
                able = self._host.capabilities()
                kind = KeyUncertain if able.sets else KeyUncertainToCopy
                raise kind(host=able.name, reason=lost) from None
            if new.stream_key == setup.stream_key:
                raise
            return new

    def _with_new_key(
        self, before: _HostSnapshot, old: StreamSetup, new: StreamSetup
    ) -> Destination | None:
        """Return the destination with the new key if it is Velora's, else None.

        An address that Velora no longer uses counts, too: the profile may not have been in use
        since.
        """
        storage = self._session.storage
        if not storage.is_velora(before.destination):
            return None
        wanted = brought_up_to_date(before.destination, new)
        if not self._is_ours(before, old):
            try:
                storage.keep_service(*before)
            except StorageError:
                raise KeyNotApplied(host=self._name) from None
        # Before it is there: else it would count as somebody else's after a crash in between.
        self._session.profiles.note_applied(before.profile, wanted)
        return wanted
