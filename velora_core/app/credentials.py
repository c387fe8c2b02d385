"""Which access token counts: the environment's, a typed one, or that of a sign-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from velora_core.auth.client_registration import BundledClient
from velora_core.errors import (
    ClientIdMissing,
    NotSignedIn,
    OtherSignIn,
    SignInBusy,
    StorageError,
    TokenIsClientSecret,
    TokenMalformed,
    Unauthorized,
    VeloraError,
)
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.secret import Secret

from .account import Account, TokenOrigin
from .state import StatusLevel

if TYPE_CHECKING:
    from velora_core.auth.grant import ClientCredentials, Grant
    from velora_core.auth.oauth import AuthorizationRequest
    from velora_core.auth.token_refresh import RefreshingTokens
    from velora_core.storage.storage import Storage

    from .reporter import Reporter, VeloraApi

__all__ = ["Credentials"]

_REFRESH_LOCK_TIMEOUT: Final = 10.0
"""Seconds that a refresh of the sign-in waits for another program's, or another session's."""
_STORE_LOCK_TIMEOUT: Final = 5.0
"""Seconds for the same when the sign-in is replaced or forgotten: then it is done all the same."""


class Credentials:
    """The access token in use, and the life of the sign-in that it may come from.

    Is a `TokenSource`. All of it is the worker's alone.
    """

    def __init__(
        self,
        reporter: Reporter,
        api: VeloraApi,
        *,
        environment_token: str,
        changed: Callable[[], None],
        read_only: bool,
    ) -> None:
        """Create the credentials.

        Args:
            reporter: is shown the account.
            api: how Velora is reached.
            environment_token: counts before any other; empty: there is none.
            changed: told that it may be another account from now on.
            read_only: no token is refreshed.
        """
        self._reporter = reporter
        self._api = api
        self._environment_token = environment_token
        self._changed = changed
        self._read_only = read_only
        self._entered: Secret | None = None
        self._client_id = ""
        self._client_secret: Secret | None = None
        self._bundled = BundledClient()
        self._storage: Storage | None = None
        self._signed_in: RefreshingTokens | None = None
        self._to_resume: Grant | None = None  # what was kept, before there is a client to use it
        self._reading = True  # what was kept: until then nobody knows who is signed in
        self._keyring_said: str | None = None  # why it can't be used
        self._asking = threading.local()  # whose token a thread has
        self._unsaved = ""  # what was said about a sign-in that could not be kept

    # -- what is kept ----------------------------------------------------------------------

    def load(self, storage: Storage, bundled: BundledClient) -> None:
        """Take up what was kept.

        Who is signed in is known once `loaded` was called.

        Args:
            storage: where it is kept.
            bundled: the app registration that a distributor preset.
        """
        self._storage, self._bundled = storage, bundled
        if storage.keyring_error:
            self._say_keyring()
        else:
            self._keyring_said = None
        if storage.unread:
            self._reporter.log(LogLevel.INFO, str(storage.unread))
        self._entered = self._entered or storage.token
        if storage.client and not self._client_id:
            self._client_id = storage.client.client_id
            self._client_secret = storage.client.client_secret
        if self._signed_in is None:
            self._to_resume = storage.sign_in
        self.show_account()

    def resume(self) -> None:
        """Go on with the sign-in that is kept, unless there is one."""
        if self._signed_in is None and self.storage.sign_in:
            self._use(self.storage.sign_in)
        self._to_resume = None

    def loaded(self) -> None:
        """Note that all that was kept has been read: from now on who is signed in is known."""
        self._reading = False
        self.show_account()

    @property
    def storage(self) -> Storage:
        """Where they are kept; there from `load` on."""
        assert self._storage is not None
        return self._storage

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

    @property
    def identity(self) -> object:
        """What is equal for as long as it is the same account, however often it is refreshed."""
        origin = self.token_origin
        sign_in = self._sign_in() if origin is TokenOrigin.SIGNED_IN else None
        if sign_in is not None:
            return origin, sign_in.since
        return origin, self._entered if origin is TokenOrigin.ENTERED else None

    def token(self) -> Secret:
        """Return the token in use.

        Raises:
            NotSignedIn, TokenMalformed: there is none; `KeyringLocked` when there may be one.
            SignInError, TransportError, ApiError: it can't be refreshed.
        """
        if self._environment_token:
            return self._given_token()
        if self._entered is not None:
            return self._entered_token(self._entered)
        if self._signed_in is None:
            raise self._reporter.state.account.missing
        token = self._signed_in.token()
        self._asking.user = self._user
        return token

    def refresh(self, rejected: Secret) -> Secret | None:
        """Return a refreshed token, or None if this token cannot be refreshed.

        Raises:
            OtherSignIn: it is somebody else's than the one that `token` has given this thread.
            Unauthorized: it is the environment's, which goes before any other.
        """
        if self._environment_token:
            raise Unauthorized("error.variable_refused")
        if self._entered is not None or self._signed_in is None:
            return None
        token = self._signed_in.refresh(rejected)
        asking, now = getattr(self._asking, "user", ""), self._user
        if asking and now and asking != now:
            raise OtherSignIn
        return token

    @property
    def _user(self) -> str:
        sign_in = self._sign_in()
        return sign_in.user if sign_in else ""

    def set_credential(self, field: str, text: str) -> None:
        """Use what was typed into a field from now on, without storing it yet.

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
        self.show_account()

    def _given_token(self) -> Secret:
        """Return the environment's access token; raise `TokenMalformed`."""
        from velora_core.api.client import validate_token

        try:
            return validate_token(Secret(self._environment_token))
        except TokenMalformed as error:
            raise type(error)("error.variable_malformed") from None

    def _entered_token(self, entered: Secret) -> Secret:
        """Return the access token in what was entered; raise `TokenMalformed`."""
        from velora_core.api.client import validate_token

        token = validate_token(entered)
        if self._client_secret and token == self._client_secret:
            raise TokenIsClientSecret
        return token

    def save(self) -> None:
        """Save the typed credentials; delete those that were cleared.

        Raises:
            TokenMalformed: the token can't be one; the stored one stays.
            StorageError: it can't be written.
        """
        from velora_core.auth.grant import ClientCredentials

        complaint = self.storage.keyring_error
        client = ClientCredentials(self._client_id, self._client_secret)
        try:
            token = self._entered_token(self._entered) if self._entered else None
            self.storage.save_token(token)
        finally:  # neither keeps the other from being stored
            self.storage.save_client(client if self._client_id else None)
        if self._reporter.state.account.hidden:  # what is stored now has put the file aside
            self.show_account()
        if self.storage.keyring_error not in (None, complaint):
            self._say_keyring()

    # -- signing in ------------------------------------------------------------------------

    @property
    def bundled_client(self) -> BundledClient:
        """What a distributor preset."""
        return self._bundled

    def client_credentials(self) -> ClientCredentials:
        """Return the application to sign in with; raise `ClientIdMissing`."""
        from velora_core.auth.grant import ClientCredentials

        if self._bundled.client_id:
            return ClientCredentials(self._bundled.client_id, self._bundled.client_secret)
        if not self._client_id:
            raise ClientIdMissing
        return ClientCredentials(self._client_id, self._client_secret)

    def complete_sign_in(
        self, client: ClientCredentials, attempt: AuthorizationRequest, code: Secret
    ) -> Grant:
        """Exchange the code for tokens, store them, and ask who signed in.

        Raises:
            VeloraError: there is no sign-in.
        """
        from velora_core.auth.grant import Grant

        oauth = self._api.oauth()
        with oauth.until_stored():
            tokens = oauth.exchange(client, attempt, code)
            sign_in = Grant(client, tokens, name="", since=time.time())
            self._entered = None
            # What another program is refreshing now must not be stored over this.
            with self.storage.refreshing.held(_STORE_LOCK_TIMEOUT):
                self._adopt(sign_in)
        try:
            profile = self._api.client_for(tokens.access).get_profile()
            sign_in = sign_in._replace(
                name=profile.display_name, user=profile.id or profile.username
            )
        except VeloraError:
            return sign_in  # the name is only for show
        self._adopt(sign_in)
        return sign_in

    @property
    def sign_in_kept(self) -> bool:
        """Whether the present sign-in will be there the next time."""
        return not self._unsaved

    def sign_out(self) -> None:
        """Delete tokens and app registration, here and where they are stored.

        Raises:
            StorageError: they could not be removed from there.
        """
        self._signed_in = self._to_resume = None
        self._entered = None
        self._client_id, self._client_secret = "", None
        self.show_account()
        # The session before a reload may be about to store what it has refreshed.
        with self.storage.refreshing.held(_STORE_LOCK_TIMEOUT):
            self.storage.forget_sign_in()

    def _adopt(self, sign_in: Grant) -> None:
        self._keep_sign_in(sign_in, new=True)
        self._use(sign_in)

    def _use(self, sign_in: Grant) -> None:
        from velora_core.auth.read_only_tokens import ReadOnlyTokens
        from velora_core.auth.token_refresh import RefreshingTokens

        tokens_class = ReadOnlyTokens if self._read_only else RefreshingTokens
        self._signed_in = tokens_class(
            sign_in,
            self._api.oauth(),
            save=self._keep_sign_in,
            load=self._stored_sign_in,
            on_loaded=self._took_sign_in,
            on_revoked=self._sign_in_ended,
            lock=self._refreshing_alone,
        )
        self.show_account()

    @contextmanager
    def _refreshing_alone(self) -> Iterator[None]:
        poll = self._reporter.raise_if_cancelled
        with self.storage.refreshing.held(_REFRESH_LOCK_TIMEOUT, poll) as alone:
            if not alone:
                raise SignInBusy
            yield

    def _stored_sign_in(self) -> Grant | None:
        """Return the stored sign-in; raise `NotSignedIn` if another program has signed out.

        What is deleted on this computer is not stored again by a session that still has it in
        memory.
        """
        try:
            stored = self.storage.reload_sign_in()
        except StorageError:  # nobody can say: then ours is the newest that is known
            return None
        if stored is None and self.sign_in_kept and not self.storage.keyring_error:
            self._signed_in = None
            self.show_account()
            raise NotSignedIn
        return stored

    def _took_sign_in(self, sign_in: Grant) -> None:
        """Take over a sign-in that another program of this user has stored."""
        self.storage.take_sign_in(sign_in)
        self.show_account()

    def _keep_sign_in(self, sign_in: Grant, *, new: bool = False) -> bool:
        """Store the sign-in, also after unloading; return whether that worked."""
        complaint = ""
        try:
            if new:
                self.storage.save_sign_in(sign_in)
            else:
                self.storage.save_refreshed(sign_in)
        except StorageError as error:
            # It works until the program ends, and that is better than no stream info.
            complaint = self._reporter.message("status.sign_in_unsaved", reason=error)
            self._reporter.show(complaint, StatusLevel.WARNING)
            if complaint != self._unsaved:
                self._reporter.log(LogLevel.WARNING, complaint)
        self._unsaved = complaint
        return not complaint

    def _sign_in_ended(self) -> None:
        self._signed_in = None
        try:
            self.storage.save_refreshed(None)
        except StorageError as error:
            self._reporter.log(LogLevel.INFO, str(error))
        self.show_account()

    def _sign_in(self) -> Grant | None:
        return self._signed_in.sign_in if self._signed_in else self._to_resume

    def _say_keyring(self) -> None:
        reason = self.storage.keyring_error
        if reason == self._keyring_said:
            return
        self._keyring_said = reason
        self._reporter.log(LogLevel.INFO, message("status.keyring_unused", reason=reason))

    def show_account(self) -> None:
        """Show whose the token in use is."""
        self._changed()
        self._reporter.change(account=self.account(), token_refused=False)

    def account(self) -> Account:
        """Return the signed-in account, as far as it has been read."""
        origin = self.token_origin
        sign_in = self._sign_in() if origin is TokenOrigin.SIGNED_IN else None
        damaged, newer = self._storage.damaged_and_newer if self._storage else (None, None)
        return Account(
            origin=origin,
            name=sign_in.name if sign_in else "",
            since=sign_in.since if sign_in else None,
            scopes=sign_in.tokens.scopes if sign_in else None,
            client_known=bool(self._bundled.client_id or self._client_id),
            client_preset=bool(self._bundled.client_id),
            preset_port=self._bundled.port,
            keyring=(self._storage and self._storage.keyring_error) or "",
            unread=self._unread(),
            damaged=str(damaged or ""),
            newer=str(newer or ""),
            user=sign_in.user if sign_in else "",
        )

    def _unread(self) -> tuple[str, str] | None:
        error = self._storage.unread if self._storage else None
        return (error.file, error.reason) if error else None
