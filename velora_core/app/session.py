"""The worker's session with Velora: client, HTTP and storage. All of it is made late.

Importing an HTTP library takes longer than OBS's UI thread may wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.auth.client_registration import BundledClient
from velora_core.errors import ApiUrlInvalid, Cancelled, StorageError, VeloraError
from velora_core.host.destination import Destination, IngestAddresses, goes_to_velora_tv
from velora_core.host.host import LogLevel, Snapshot
from velora_core.secret import Secret

from .account import TokenOrigin
from .categories import choices_of
from .channel_owner import channel_owner
from .credentials import Credentials
from .known_keys import KnownKeys
from .profile_records import ProfileRecords
from .stream_info_cache import CachedStreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.api.cancellation import CallRegistry
    from velora_core.api.client import TokenSource, VeloraClient
    from velora_core.api.endpoints import Endpoints
    from velora_core.api.models import Category, StreamSetup
    from velora_core.api.transport import Transport
    from velora_core.auth.oauth import OAuth
    from velora_core.storage.history import ChannelOwner
    from velora_core.storage.storage import Storage

    from .categories import KnownCategories
    from .reporter import Reporter
    from .worker import Job

__all__ = ["TOKEN_VARIABLE", "Session"]

TOKEN_VARIABLE: Final = "VELORA_ACCESS_TOKEN"  # noqa: S105
_LOOK_TIMEOUT: Final = 0.2  # seconds that an opening panel waits for what another OBS has changed
_NOWHERE: Final = "nowhere"  # the origin of a VELORA_API_URL that can't be used


class Session:
    """What jobs need to talk to Velora. All but `close` and `wait_for_files` is the worker's alone.

    Attributes:
        environment: where the ``VELORA_…`` variables are looked up.
        reporter: takes what there is to show and to log.
        credentials: which access token counts.
        stream_info: the channel's title, category and tags.
        profiles: what is kept for each of the host's profiles.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        reporter: Reporter,
        calls: CallRegistry,
        *,
        folder: Path | None = None,
        preset_folder: str | None = None,
        application: str | None = None,
        read_only: bool = False,
        read_snapshot: Callable[[object], Snapshot | None] = lambda _: None,
        known_keys: KnownKeys | None = None,
    ) -> None:
        """Create the session.

        Args:
            environment: where the ``VELORA_…`` variables are looked up.
            reporter: takes what there is to show and to log.
            calls: where calls under way are registered, so that they can be aborted.
            folder: where settings are kept, instead of the user's own folder and keyring.
            preset_folder: where a distributor may have put an app registration.
            application: name and version of the program, for the User-Agent.
            read_only: nothing that is kept is changed, and no token is refreshed.
            read_snapshot: see `Host.read_snapshot`.
            known_keys: those that are known from before.
        """
        self._read_snapshot = read_snapshot
        self.environment = environment
        self.reporter = reporter
        self._calls = calls
        self._read_only = read_only
        self._folder = folder
        self._bundled_folder = preset_folder
        self._application = application
        self.stream_info = CachedStreamInfo(self.client)
        self.credentials = Credentials(
            reporter,
            self,
            environment_token=environment.get(TOKEN_VARIABLE, "").strip(),
            changed=self._account_changed,
            read_only=read_only,
        )
        self._account_listeners: list[Callable[[], None]] = []
        self._bundled = BundledClient()
        self._endpoints: Endpoints | None = None
        self._transport: Transport | None = None
        self._importing_http = False
        self._client: VeloraClient | None = None
        self._storage: Storage | None = None
        self._first_addresses: tuple[IngestAddresses, ...] = ()  # until there is the storage
        self._recognized: tuple[Destination, tuple[IngestAddresses, ...], bool] | None = None
        self.profiles = ProfileRecords(reporter, lambda: self._storage, known_keys or KnownKeys())

    def open(self, keyring_answered: Callable[[], None] = lambda: None) -> None:
        """Read what was kept. Who is signed in is known then; nothing of HTTP is imported.

        Args:
            keyring_answered: called, on any thread, when the keyring has answered that did not
                when it was asked; `reload_secrets` is of use then.

        Raises:
            ApiUrlInvalid: `VELORA_API_URL` can't be used.
        """
        from pathlib import Path

        from velora_core.api.endpoints import Endpoints
        from velora_core.storage.storage import Storage, default_folder
        from velora_core.storage.system_keyring import Keyring

        origin = self._origin()
        if self._folder is None:
            keyring = Keyring.detect()
            if keyring:
                keyring.answered = keyring_answered
            folder = default_folder()
        else:
            folder, keyring = self._folder, None
        self._storage = Storage(
            folder,
            keyring,
            origin=origin,
            read_only=self._read_only,
            read_snapshot=self._read_snapshot,
        )
        self._bundled = BundledClient.find(
            self.environment, Path(self._bundled_folder) if self._bundled_folder else None
        )
        self.reporter.change(addresses=self._storage.addresses)
        self._offer(self._known_of_channel(), self._storage.categories)
        self._load(self._storage)
        self.credentials.loaded()
        Endpoints.from_environment(self.environment)

    def _account_changed(self) -> None:
        """Forget what is the channel's: it may be another one from now on."""
        self.stream_info.forget()
        self.reporter.change(chat_address="")
        for listener in self._account_listeners:
            listener()

    def on_account(self, listener: Callable[[], None]) -> None:
        """Have `listener` told, on the worker, that it may be another account from now on."""
        self._account_listeners.append(listener)

    def channel_owner(self) -> ChannelOwner:
        """Return whose channel Velora is told of, as far as that is known without asking."""
        return channel_owner(self.credentials.account(), self.credentials.token)

    def reload_secrets(self) -> None:
        """Read what could not be read before because the keyring was locked."""
        self.storage.read_secrets()
        if self._client is not None:
            self.credentials.resume()  # first: nobody is to be shown as signed out meanwhile
        self._load(self.storage)

    def move_to_keyring(self) -> None:
        """Has the keyring, where it is open, take what had to be kept in a file."""
        try:
            self.storage.move_to_keyring()
        except StorageError as error:
            self.reporter.log(LogLevel.INFO, str(error))

    def _load(self, storage: Storage) -> None:
        try:
            storage.digest_keys()
        except StorageError as error:
            self.reporter.log(LogLevel.INFO, str(error))
        self.profiles.inherit()
        self.profiles.show()
        self.credentials.load(storage, self._bundled)

    @property
    def storage(self) -> Storage:
        """What is kept on disk; there from the first job on."""
        assert self._storage is not None
        return self._storage

    def _origin(self) -> str:
        """Return the origin of the API, which tokens and keys are filed by."""
        from velora_core.api.endpoints import Endpoints

        try:
            return Endpoints.from_environment(self.environment).origin
        except ApiUrlInvalid:  # nothing can be asked, and nothing that is kept is for it
            return _NOWHERE

    @property
    def velora_addresses(self) -> tuple[IngestAddresses, ...]:
        """Where Velora takes streams, and has taken them; from any thread."""
        return self._storage.velora_addresses if self._storage else self._first_addresses

    def read_addresses(self) -> None:
        """Read where Velora takes streams, unless all has been read; from any thread.

        A keyring may keep the rest waiting for seconds.
        """
        if self._storage is not None:
            return
        from velora_core.storage.known_addresses import KnownAddresses
        from velora_core.storage.user_folder import default_folder

        with suppress(StorageError):
            folder = self._folder or default_folder()
            self._first_addresses = KnownAddresses.stored_in(folder, self._origin()).all

    def recognizes(self, destination: Destination | None) -> bool:
        """Return whether a destination is known to be Velora's, without asking; any thread."""
        if destination is None:
            return False
        addresses = self.velora_addresses
        before = self._recognized  # a start of a stream asks for the same one over and over
        if before is None or before[0] is not destination or before[1] != addresses:
            own = any(known.own(destination) for known in addresses)
            before = destination, addresses, own or goes_to_velora_tv(destination)
            self._recognized = before
        return before[2]

    # -- Velora ----------------------------------------------------------------------------

    def _http(self) -> tuple[Transport, Endpoints]:
        if self._transport is None or self._endpoints is None:
            self._importing_http = True
            try:
                from velora_core.api.endpoints import Endpoints
                from velora_core.api.transport import Transport
            finally:
                self._importing_http = False
            self._endpoints = Endpoints.from_environment(self.environment)
            self._transport = Transport(
                application=self._application,
                calls=self._calls,
                check=self.reporter.raise_if_cancelled,
            )
        return self._transport, self._endpoints

    def client(self) -> VeloraClient:
        """Return the client, for one call.

        Ask again before the next, so that a job can be interrupted.

        Raises:
            ApiUrlInvalid: there can't be one.
            Cancelled: the job is to make room.
        """
        if self._client is None:
            self._client = self.client_for(self.credentials)
            self.credentials.resume()
        self.reporter.raise_if_cancelled()
        return self._client

    def token(self) -> Secret:
        """Return the access token in use, that of a kept sign-in included.

        Raises:
            ApiUrlInvalid, Cancelled: as `client`.
            NotSignedIn, TokenMalformed, SignInError, TransportError, ApiError: there is none, or it
                can't be refreshed.
        """
        self.client()  # which takes up what is kept
        return self.credentials.token()

    def client_for(self, tokens: Secret | TokenSource) -> VeloraClient:
        """Return a client that uses these tokens; raises `ApiUrlInvalid`."""
        from velora_core.api.client import VeloraClient

        transport, endpoints = self._http()
        return VeloraClient(tokens, endpoints=endpoints, transport=transport)

    def oauth(self) -> OAuth:
        """Return Velora's authorization server; raises `ApiUrlInvalid`."""
        from velora_core.auth.oauth import OAuth

        transport, endpoints = self._http()
        return OAuth(transport, endpoints)

    @property
    def website(self) -> str:
        """Where Velora's pages are; raises `ApiUrlInvalid`."""
        return self._http()[1].website

    def rate_limit_delay(self) -> float:
        """Return the seconds that a request which nobody waits for has to wait."""
        return self._transport.rate_limit.pause() if self._transport else 0.0

    def wait_for_files(self, look: Job) -> None:
        """Wait a moment for the worker's look at small files; on the UI thread.

        Not while the worker is in a request, or gets ready for the first: a panel that opens
        never waits for the network, and shows what was read before.

        Args:
            look: what the worker does; `Job.done` says afterwards whether it has.
        """
        if not self._calls.waiting and not self._importing_http:
            look.wait(_LOOK_TIMEOUT)

    def close(self) -> None:
        """End all calls; there are no further ones. From any thread."""
        self._calls.close()
        if self._transport:
            self._transport.close()

    def get_setup(self) -> StreamSetup:
        """Get where Velora takes the channel's streams, and cache it; raises `VeloraError`."""
        setup = self.client().get_stream_setup()
        self.cache_setup(setup)
        return setup

    def targets_velora(self, destination: Destination | None) -> bool | None:
        """Return whether a stream to `destination` reaches Velora; ask Velora if unknown.

        Never raises but `Cancelled`, because the stream may be none of our business. None: it
        can't be found out now, and may be later. What will not be found out counts as elsewhere;
        but where the software can't tell where its streams go, they are taken for Velora's.
        """
        if destination is None:
            return True
        if self.storage.addresses is None:  # set up by hand, or on another computer
            if not destination.is_custom:
                return False
            account = self.reporter.state.account
            if account.origin is TokenOrigin.NONE or not account.may("stream:key"):
                return None  # until somebody signs in
            try:
                self.get_setup()
            except Cancelled:
                raise
            except VeloraError as error:
                return None if error.transient else False
        return self.storage.is_velora(destination)

    def sign_out(self) -> None:
        """Forget tokens and app registration, here and where they are kept.

        Raises:
            StorageError: they could not be removed from there.
        """
        try:
            self.credentials.sign_out()
        finally:
            self.profiles.forget_keys()

    # -- what is kept ----------------------------------------------------------------------

    def cache_setup(self, setup: StreamSetup) -> None:
        """Keep where Velora takes streams, on disk where possible; the key in memory only."""
        self.profiles.learn_keys(setup)
        self.cache_addresses(IngestAddresses.of(setup))

    def cache_addresses(self, addresses: IngestAddresses) -> None:
        """Keep where Velora takes streams, on disk where possible."""
        self.reporter.change(addresses=addresses)
        try:
            self.storage.save_addresses(addresses)
        except StorageError as error:  # only a cache: it holds until the program ends
            self.reporter.log(LogLevel.INFO, str(error))

    def cache_categories(self, categories: tuple[Category, ...]) -> None:
        """Keep the list of categories, on disk where possible."""
        self._offer(self.reporter.state.known, categories)
        try:
            self.storage.save_categories(categories)
        except StorageError as error:
            self.reporter.log(LogLevel.INFO, str(error))

    def remember_category(self, category: Category) -> None:
        """Keep that a category was sent to Velora, on disk where possible."""
        self._keep_of_channel(partial(self.storage.channel.use, category))

    def forget_category(self, slug: str) -> None:
        """Offer a category no longer as one that was used: Velora doesn't have it any more."""
        self._keep_of_channel(partial(self.storage.channel.forget, slug))

    def star_category(self, category: Category, *, starred: bool) -> None:
        """Mark a category, or take its mark away, on disk where possible."""
        self._keep_of_channel(partial(self.storage.channel.star, category, starred=starred))

    def _keep_of_channel(self, change: Callable[[], None]) -> None:
        try:
            change()
        except StorageError as error:
            self.reporter.log(LogLevel.INFO, str(error))
        self._show_channel()

    def _show_channel(self) -> None:
        self._offer(self._known_of_channel(), self.reporter.state.categories)

    def _known_of_channel(self) -> KnownCategories:
        channel, known = self.storage.channel, self.reporter.state.known
        return known._replace(starred=channel.starred, recent=channel.recent)

    def show_found(self, categories: tuple[Category, ...]) -> None:
        """Offer the hits of a search."""
        state = self.reporter.state
        self._offer(state.known._replace(found=categories), state.categories)

    def _offer(self, known: KnownCategories, listed: tuple[Category, ...]) -> None:
        choices_of(known, listed)  # here, once: it would keep the UI thread for too long
        self.reporter.change(known=known, categories=listed)
