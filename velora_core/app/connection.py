"""The worker's side: the client, who is signed in, and what is kept. All of it is made late.

Importing an HTTP library takes longer than OBS's UI thread may wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from velora_core.auth.client_registration import BundledClient
from velora_core.errors import (
    ApiError,
    ApiUrlInvalid,
    Cancelled,
    ClientIdMissing,
    NotSignedIn,
    SignInBusy,
    StorageError,
    VeloraError,
)
from velora_core.host.host import HostProfile, LogLevel
from velora_core.host.service import CUSTOM_KINDS, IngestAddresses, Service, describe
from velora_core.messages import message
from velora_core.secret import Secret

from .account import Account, TokenOrigin
from .runtime import Runtime
from .state import Previous, StatusLevel
from .stream_info_cache import StreamInfoCache

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.api.client import VeloraClient
    from velora_core.api.endpoints import Endpoints
    from velora_core.api.models import Category, StreamInfo, StreamInfoUpdate
    from velora_core.api.transport import Transport
    from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials, OAuth
    from velora_core.auth.token_refresh import Grant, RefreshingTokens
    from velora_core.storage.storage import Storage

__all__ = ["TOKEN_VARIABLE", "Connection"]

TOKEN_VARIABLE: Final = "VELORA_ACCESS_TOKEN"  # noqa: S105
_NOWHERE: Final = "nowhere"  # the origin of a VELORA_API_URL that can't be used

_RENEWAL_PATIENCE: Final = 10.0
"""Seconds that a renewal of the sign-in waits for another program's, or another session's."""
_STORING_PATIENCE: Final = 5.0
"""Seconds for the same when the sign-in is replaced or forgotten: then it is done all the same."""


class Connection:
    """What jobs need to talk to Velora. All but `cut` and `close` is the worker's alone."""

    runtime: Runtime
    profile: HostProfile | None = None  # the one in use

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        folder: Path | None = None,
        preset_folder: str | None = None,
        application: str | None = None,
        read_only: bool = False,
    ) -> None:
        """
        Args:
            environment: where the ``VELORA_…`` variables are looked up.
            folder: where settings are kept, instead of the user's own folder and keyring.
            preset_folder: where a distributor may have put an app registration.
            application: name and version of the program, for the User-Agent.
            read_only: nothing that is kept is changed, and no token is renewed.
        """
        self._environment = environment
        self._read_only = read_only
        self._folder = folder
        self._preset_folder = preset_folder
        self._application = application
        self._environment_token = environment.get(TOKEN_VARIABLE, "").strip()
        self._info = StreamInfoCache()
        self._entered: Secret | None = None
        self._client_id = ""
        self._client_secret: Secret | None = None
        self._preset = BundledClient()
        self._endpoints: Endpoints | None = None
        self._requestor: Transport | None = None
        self._client: VeloraClient | None = None
        self._storage: Storage | None = None
        self._signed_in: RefreshingTokens | None = None
        self._reading = True  # what was kept: until then nobody knows who is signed in
        self._keyring_said: str | None = None  # why it can't be used
        self._unsaved = ""  # what was said about a sign-in that could not be kept

    def open(self, keyring_answered: Callable[[], None] = lambda: None) -> None:
        """Imports what takes long, reads what was kept, makes the client.

        Args:
            keyring_answered: called, on any thread, when the keyring has answered that did not
                when it was asked; `reload_secrets` is of use then.

        Raises:
            ApiUrlInvalid: `VELORA_API_URL` can't be used.
        """
        from pathlib import Path

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
        self._storage = Storage(folder, keyring, origin=origin, read_only=self._read_only)
        self._preset = BundledClient.find(
            self._environment, Path(self._preset_folder) if self._preset_folder else None
        )
        self.runtime.change(
            addresses=self._storage.addresses,
            categories=self._storage.categories,
        )
        self._take_up(self._storage)
        try:
            self.client()
        finally:
            self._reading = False
            self._show_account()

    def reload_secrets(self) -> None:
        """Takes up what could not be read before because the keyring was closed."""
        self.storage.read_secrets()
        if self._client is not None and self._signed_in is None:
            self._resume()  # first: nobody is to be shown as signed out meanwhile
        self._take_up(self.storage)

    def settle(self) -> None:
        """Has the keyring, where it is open, take what had to be kept in a file."""
        try:
            self.storage.settle()
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))

    def _take_up(self, storage: Storage) -> None:
        if storage.keyring_error:
            self._say_keyring()
        else:
            self._keyring_said = None
        if storage.unread:
            self.runtime.log(LogLevel.INFO, str(storage.unread))
        self._inherit()
        self._entered = self._entered or storage.token
        if storage.client and not self._client_id:
            self._client_id = storage.client.client_id
            self._client_secret = storage.client.client_secret
        self.show_kept()
        self._show_account()

    @property
    def storage(self) -> Storage:
        """What is kept on disk; there from the first job on."""
        assert self._storage is not None
        return self._storage

    def _origin(self) -> str:
        """Whose tokens and keys are used: the API's that is asked."""
        from velora_core.api.endpoints import Endpoints

        try:
            return Endpoints.from_environment(self._environment).origin
        except ApiUrlInvalid:  # nothing can be asked, and nothing that is kept is for it
            return _NOWHERE

    @property
    def velora_addresses(self) -> tuple[IngestAddresses, ...]:
        """Where Velora takes streams, and has taken them; from any thread."""
        return self._storage.velora_addresses if self._storage else ()

    def has_chosen(self, profile: str, service: Service) -> bool:
        """Whether the streamer wants the key in this service in a profile; from any thread."""
        return self._storage is not None and self._storage.has_chosen(profile, service)

    def previous_services(self, profile: str) -> tuple[Service, ...]:
        """The services that a profile had before Velora's; from any thread."""
        kept = self._storage.previous.get(profile, ()) if self._storage else ()
        return tuple(one.service for one in kept)

    def _http(self) -> tuple[Transport, Endpoints]:
        if self._requestor is None or self._endpoints is None:
            from velora_core.api.endpoints import Endpoints
            from velora_core.api.transport import Transport

            self._endpoints = Endpoints.from_environment(self._environment)
            self._requestor = Transport(
                application=self._application, check=self.runtime.raise_if_cancelled
            )
        return self._requestor, self._endpoints

    def client(self) -> VeloraClient:
        """The client, for one call: ask again before the next, so that a job can be interrupted.

        Raises:
            ApiUrlInvalid: there can't be one.
            Cancelled: the job is to make room.
        """
        if self._client is None:
            from velora_core.api.client import VeloraClient

            requestor, endpoints = self._http()
            self._client = VeloraClient(self, endpoints=endpoints, requestor=requestor)
            self._resume()
        self.runtime.raise_if_cancelled()
        return self._client

    def oauth(self) -> OAuth:
        """Velora's authorization server; raises `ApiUrlInvalid`."""
        from velora_core.auth.oauth import OAuth

        requestor, endpoints = self._http()
        return OAuth(requestor, endpoints)

    def cut(self) -> None:
        """Ends the call that is under way, unless it can't be repeated. From any thread."""
        if self._requestor:
            self._requestor.abort()

    def close(self) -> None:
        """Does that, and there are no further calls. From any thread."""
        if self._requestor:
            self._requestor.close()

    def wait_stored(self, seconds: float) -> bool:
        """After `close`: waits until tokens that are on their way are stored. From any thread.

        Without this a program that ends now would lose a sign-in whose refresh token Velora has
        replaced already. Where none are on their way, there is no waiting.
        """
        return self._requestor is None or self._requestor.wait_stored(seconds)

    # -- the access token ------------------------------------------------------------------

    @property
    def token_origin(self) -> TokenOrigin:
        """Where the token in use comes from."""
        if self._environment_token:
            return TokenOrigin.ENVIRONMENT
        if self._reading:
            return TokenOrigin.READING
        if self._entered:
            return TokenOrigin.ENTERED
        return TokenOrigin.SIGNED_IN if self._sign_in() else TokenOrigin.NONE

    def token(self) -> Secret:
        """The token in use.

        Raises:
            NotSignedIn, TokenMalformed: there is none; `KeyringLocked` when there may be one.
            SignInError, TransportError, ApiError: it can't be renewed.
        """
        from velora_core.api.client import validate_token

        if self._environment_token:
            return validate_token(self._environment_token)
        if self._entered is not None:
            return validate_token(self._entered.reveal())
        if self._signed_in is None:
            raise self.runtime.state.account.missing
        return self._signed_in.token()

    def renew(self, refused: Secret) -> Secret | None:
        """Another token than the refused one, where there can be one."""
        if self._environment_token or self._entered is not None or self._signed_in is None:
            return None
        return self._signed_in.renew(refused)

    def enter(self, field: str, text: str) -> None:
        """From now on what was typed into a field counts; nothing is stored yet.

        Args:
            field: ``access_token``, ``client_id`` or ``client_secret``.
            text: all that is in the field; nothing: what it stood for is gone.
        """
        trimmed = text.strip()
        if field == "access_token":
            self._entered = Secret(text) if trimmed else None
        elif field == "client_id":
            self._client_id = trimmed
        else:
            self._client_secret = Secret(trimmed) if trimmed else None
        self._show_account()

    def save_credentials(self) -> None:
        """Stores what was typed, or forgets what is typed no more.

        Raises:
            TokenMalformed: the token can't be one; the stored one stays.
            StorageError: it can't be written.
        """
        from velora_core.api.client import validate_token
        from velora_core.auth.oauth import ClientCredentials

        complaint = self.storage.keyring_error
        client = ClientCredentials(self._client_id, self._client_secret)
        try:
            token = validate_token(self._entered.reveal()) if self._entered else None
            self.storage.save_token(token)
        finally:  # neither keeps the other from being stored
            self.storage.save_client(client if self._client_id else None)
        if self.storage.keyring_error not in (None, complaint):
            self._say_keyring()

    # -- signing in ------------------------------------------------------------------------

    @property
    def preset(self) -> BundledClient:
        """What a distributor preset."""
        return self._preset

    def client_credentials(self) -> ClientCredentials:
        """The application to sign in with; raises `ClientIdMissing`."""
        from velora_core.auth.oauth import ClientCredentials

        if self._preset.client_id:
            return ClientCredentials(self._preset.client_id, self._preset.client_secret)
        if not self._client_id:
            raise ClientIdMissing
        return ClientCredentials(self._client_id, self._client_secret)

    def complete_sign_in(
        self, client: ClientCredentials, attempt: AuthorizationRequest, code: Secret
    ) -> Grant:
        """Trades the code for tokens, keeps them, and asks who signed in.

        Raises:
            VeloraError: there is no sign-in.
        """
        import time

        from velora_core.api.client import VeloraClient
        from velora_core.auth.token_refresh import Grant

        oauth = self.oauth()
        with oauth.until_stored():
            tokens = oauth.exchange(client, attempt, code)
            sign_in = Grant(client, tokens, name="", since=time.time())
            self._entered = None
            # What another program is renewing now must not be stored over this.
            with self.storage.renewing.held(_STORING_PATIENCE):
                self._adopt(sign_in)
        try:
            requestor, endpoints = self._http()
            profile = VeloraClient(tokens.access, endpoints=endpoints, requestor=requestor)
            sign_in = sign_in._replace(name=profile.get_profile().display_name)
        except VeloraError:
            return sign_in  # the name is only for show
        self._adopt(sign_in)
        return sign_in

    @property
    def sign_in_kept(self) -> bool:
        """Whether the present sign-in will be there the next time."""
        return not self._unsaved

    def sign_out(self) -> None:
        """Forgets tokens and app registration, here and where they are kept.

        Raises:
            StorageError: they could not be removed from there.
        """
        self._signed_in = None
        self._entered = None
        self._client_id, self._client_secret = "", None
        self._show_account()
        # The session before a reload may be about to store what it has renewed.
        with self.storage.renewing.held(_STORING_PATIENCE):
            try:
                self.storage.forget_sign_in()
            finally:
                self.show_kept()

    def _resume(self) -> None:
        """Goes on with the sign-in that is kept."""
        if self.storage.sign_in:
            self._use(self.storage.sign_in)

    def _adopt(self, sign_in: Grant) -> None:
        self._keep_sign_in(sign_in, new=True)
        self._use(sign_in)

    def _use(self, sign_in: Grant) -> None:
        from velora_core.auth.looking_on import LookedOn
        from velora_core.auth.token_refresh import RefreshingTokens

        make = LookedOn if self._read_only else RefreshingTokens
        self._signed_in = make(
            sign_in,
            self.oauth(),
            keep=self._keep_sign_in,
            kept=self._stored_sign_in,
            took=self._took_sign_in,
            ended=self._sign_in_ended,
            alone=self._renewing_alone,
        )
        self._show_account()

    @contextmanager
    def _renewing_alone(self) -> Iterator[None]:
        glance = self.runtime.raise_if_cancelled
        with self.storage.renewing.held(_RENEWAL_PATIENCE, glance) as alone:
            if not alone:
                raise SignInBusy
            yield

    def _stored_sign_in(self) -> Grant | None:
        """Raises `NotSignedIn` when another program of this user has signed out: what is forgotten
        on this computer is not stored again by a session that still has it in memory."""
        try:
            stored = self.storage.reload_sign_in()
        except StorageError:  # nobody can say: then ours is the newest that is known
            return None
        if stored is None and self.sign_in_kept and not self.storage.keyring_error:
            self._signed_in = None
            self._show_account()
            raise NotSignedIn
        return stored

    def _took_sign_in(self, sign_in: Grant) -> None:
        """Another program of this user has stored it."""
        self.storage.take_sign_in(sign_in)
        self._show_account()

    def _keep_sign_in(self, sign_in: Grant, *, new: bool = False) -> bool:
        """Stores it; says whether that worked. Also when the script is gone by now."""
        complaint = ""
        try:
            if new:
                self.storage.save_sign_in(sign_in)
            else:
                self.storage.save_renewed(sign_in)
        except StorageError as error:
            # It works until the program ends, and that is better than no stream info.
            complaint = message("status.sign_in_unsaved", reason=error)
            self.runtime.show(complaint, StatusLevel.WARNING)
            if complaint != self._unsaved:
                self.runtime.log(LogLevel.WARNING, complaint)
        self._unsaved = complaint
        return not complaint

    def _sign_in_ended(self) -> None:
        self._signed_in = None
        try:
            self.storage.save_renewed(None)
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))
        self._show_account()

    def _sign_in(self) -> Grant | None:
        return self._signed_in.sign_in if self._signed_in else None

    def _say_keyring(self) -> None:
        reason = self.storage.keyring_error
        if reason == self._keyring_said:
            return
        self._keyring_said = reason
        self.runtime.log(LogLevel.INFO, message("status.keyring_unused", reason=reason))

    def _show_account(self) -> None:
        self._info.forget()  # it may be another channel
        self.runtime.change(account=self.account())

    def account(self) -> Account:
        """Who the streamer is to Velora, as far as that has been read."""
        origin = self.token_origin
        sign_in = self._sign_in() if origin is TokenOrigin.SIGNED_IN else None
        return Account(
            origin=origin,
            name=sign_in.name if sign_in else "",
            since=sign_in.since if sign_in else None,
            scopes=sign_in.tokens.scopes if sign_in else None,
            client_known=bool(self._preset.client_id or self._client_id),
            client_preset=bool(self._preset.client_id),
            preset_port=self._preset.port,
            keyring=(self._storage and self._storage.keyring_error) or "",
            unread=self._unread(),
        )

    def _unread(self) -> tuple[str, str] | None:
        error = self._storage.unread if self._storage else None
        return (error.file, error.reason) if error else None

    # -- what Velora said ------------------------------------------------------------------

    def cache_addresses(self, addresses: IngestAddresses) -> None:
        """Keeps where Velora takes streams, on disk where possible."""
        self.runtime.change(addresses=addresses)
        try:
            self.storage.save_addresses(addresses)
        except StorageError as error:  # only a cache: it holds until the program ends
            self.runtime.log(LogLevel.INFO, str(error))

    def remember_given_key(self, profile: str, key: str | None) -> None:
        """Keeps which stream key is put into a profile, on disk where possible: without that, the
        key counts as somebody else's the next time, and is asked about. None: none is there."""
        try:
            self.storage.save_given_key(profile, key)
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))
        self.show_kept()

    def remember_chosen_key(self, profile: str, key: str) -> None:
        """Keeps that a key is wanted that is not the channel's, on disk where possible."""
        try:
            self.storage.save_chosen_key(profile, key)
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))

    def profile_in_use(self, profile: HostProfile, service: Service) -> None:
        """Takes over what an older version has kept for the profile.

        If its service isn't Velora's, a key that is found there later was put there by somebody
        else: the profile may be a new one with the name of one that was deleted.
        """
        self.profile = profile
        self._inherit()
        storage = self.storage
        known = storage.addresses is not None and profile.id in storage.given_keys
        if known and not storage.is_velora(service):
            self.remember_given_key(profile.id, None)

    def profile_renamed(self, before: HostProfile, after: HostProfile) -> None:
        """What was kept for a profile goes on being its own."""
        self.profile = after
        self._move(before.id, after.id)
        self._inherit(before.name)

    def _inherit(self, name: str = "") -> None:
        """What was filed by the bare name is taken over once, by the first that it may belong to;
        `name` is what the profile was called then, if not as now."""
        if self.profile and self.profile.inherits:
            self._move(name or self.profile.name, self.profile.id)

    def _move(self, before: str, after: str) -> None:
        try:
            self.storage.rename_profile(before, after)
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))
        self.show_kept()

    def show_kept(self) -> None:
        """Shows which services there are to go back to, and has the UI thread know whose the
        stream keys are."""
        previous = {}
        for profile, kept in self.storage.previous.items():
            at = kept[0].at
            day = "" if at is None else time.strftime("%Y-%m-%d", time.localtime(at))
            previous[profile] = Previous(describe(kept[0].service), day, len(kept) - 1)
        given = {profile: Secret(keys[-1]) for profile, keys in self.storage.given_keys.items()}
        self.runtime.change(previous=previous, given=given)

    def cache_categories(self, categories: tuple[Category, ...]) -> None:
        """Keeps the list of categories, on disk where possible."""
        self.runtime.change(categories=categories)
        try:
            self.storage.save_categories(categories)
        except StorageError as error:
            self.runtime.log(LogLevel.INFO, str(error))

    # -- the channel's info ----------------------------------------------------------------

    def stream_info(self) -> StreamInfo:
        """How the channel stands; raises what `VeloraClient.get_stream_info` does."""
        info = self.client().get_stream_info()
        self._info.learn(info)
        return info

    def difference(self, update: StreamInfoUpdate) -> StreamInfoUpdate:
        """`update` without what Velora has already, as far as that is known or can be asked.

        Raises:
            TransportError: then the update would not get through either.
        """
        if not self._info.covers(update):
            try:
                self.stream_info()
            except ApiError:  # perhaps the permission is missing: the update itself will tell
                return update
        return self._info.difference(update)

    def update_stream_info(self, update: StreamInfoUpdate) -> None:
        """Sends it; raises what `VeloraClient.send_stream_info` does."""
        try:
            self.client().send_stream_info(update)
        except VeloraError:
            self._info.forget()  # it may have got there
            raise
        self._info.sent(update)

    def pause(self) -> float:
        """Seconds that a request which nobody waits for has to wait because of rate limits."""
        return self._requestor.rate_limit.pause() if self._requestor else 0.0

    def targets_velora(self, service: Service) -> bool | None:
        """Whether a stream through `service` reaches Velora; asks Velora when nothing is known.

        Never raises but `Cancelled`, because the stream may be none of our business. None: it
        can't be found out now, and may be later. What will not be found out counts as elsewhere.
        """
        if self.storage.addresses is None:  # set up by hand, or on another computer
            if service.kind not in CUSTOM_KINDS:
                return False
            account = self.runtime.state.account
            if account.origin is TokenOrigin.NONE or not account.may("stream:key"):
                return None  # until somebody signs in
            try:
                self.cache_addresses(IngestAddresses.of(self.client().get_stream_setup()))
            except Cancelled:
                raise
            except VeloraError as error:
                return None if error.transient else False
        return self.storage.is_velora(service)
