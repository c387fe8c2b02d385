"""The worker's side: the client and what is kept on disk. Both are made on the worker, late.

Importing an HTTP library takes longer than OBS's UI thread may wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from .errors import NotSignedIn, StorageFailed
from .host import Severity
from .runtime import Runtime
from .secret import Secret
from .service import Service, VeloraAddresses
from .state import TokenOrigin

if TYPE_CHECKING:
    from pathlib import Path

    from .client import VeloraClient
    from .models import Category
    from .requestor import Requestor
    from .storage import Storage

__all__ = ["TOKEN_VARIABLE", "Connection"]

TOKEN_VARIABLE: Final = "VELORA_ACCESS_TOKEN"  # noqa: S105


class Connection:
    """What jobs need to talk to Velora. All but `cut` and `close` is the worker's alone."""

    runtime: Runtime

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        folder: Path | None = None,
        application: str | None = None,
    ) -> None:
        """
        Args:
            environment: where `VELORA_API_URL` and `VELORA_ACCESS_TOKEN` are looked up.
            folder: where settings are kept, instead of the user's own folder.
            application: name and version of the program, for the User-Agent.
        """
        self._environment = environment
        self._folder = folder
        self._application = application
        self._environment_token = environment.get(TOKEN_VARIABLE, "").strip()
        self._entered: Secret | None = None
        self._requestor: Requestor | None = None
        self._client: VeloraClient | None = None
        self._storage: Storage | None = None

    def open(self) -> None:
        """Imports what takes long, reads what was kept, makes the client.

        Raises:
            ApiUrlInvalid: `VELORA_API_URL` can't be used.
        """
        from .storage import Storage, default_folder

        self._storage = Storage(self._folder or default_folder())
        self._entered = self._entered or self._storage.token
        self.runtime.change(
            addresses=self._storage.addresses,
            categories=self._storage.categories,
            profiles_with_previous=frozenset(self._storage.previous),
            token_origin=self.token_origin,
        )
        self.client()

    @property
    def storage(self) -> Storage:
        """What is kept on disk; there from the first job on."""
        assert self._storage is not None
        return self._storage

    def client(self) -> VeloraClient:
        """The client, for one call: ask again before the next, so that a job can be interrupted.

        Raises:
            ApiUrlInvalid: there can't be one.
            Cancelled: the job is to make room.
        """
        if self._client is None:
            from .client import VeloraClient
            from .endpoints import Endpoints
            from .requestor import Requestor

            endpoints = Endpoints.from_environment(self._environment)
            self._requestor = Requestor(application=self._application)
            self._client = VeloraClient(self, endpoints=endpoints, requestor=self._requestor)
        self.runtime.check_interrupted()
        return self._client

    def cut(self) -> None:
        """Ends the call that is under way. From any thread."""
        if self._requestor:
            self._requestor.cut()

    def close(self) -> None:
        """Ends all calls and closes all connections. From any thread."""
        if self._requestor:
            self._requestor.close()

    # -- the access token ------------------------------------------------------------------

    @property
    def token_origin(self) -> TokenOrigin:
        """Where the token in use comes from."""
        if self._environment_token:
            return TokenOrigin.ENVIRONMENT
        return TokenOrigin.ENTERED if self._entered else TokenOrigin.NONE

    def token(self) -> Secret:
        """The token in use; raises `NotSignedIn`, `TokenMalformed`."""
        from .client import checked_token

        if self._environment_token:
            return checked_token(self._environment_token)
        if self._entered is None:
            raise NotSignedIn
        return checked_token(self._entered.reveal())

    def renew(self, refused: Secret) -> Secret | None:  # noqa: ARG002
        """No other token is at hand."""
        return None

    def use_token(self, text: str) -> None:
        """From now on what was typed is the token; nothing is stored."""
        self._entered = Secret(text) if text.strip() else None
        self.runtime.change(token_origin=self.token_origin)

    def keep_token(self) -> None:
        """Stores the token that was typed, or forgets the stored one when nothing was.

        Raises:
            TokenMalformed: it can't be one; the stored one stays.
            StorageFailed: it can't be written.
        """
        from .client import checked_token

        self.storage.save_token(checked_token(self._entered.reveal()) if self._entered else None)

    # -- what Velora said ------------------------------------------------------------------

    def remember_addresses(self, addresses: VeloraAddresses) -> None:
        """Keeps where Velora takes streams, on disk where possible."""
        self.runtime.change(addresses=addresses)
        try:
            self.storage.save_addresses(addresses)
        except StorageFailed as error:  # only a cache: it holds until the program ends
            self.runtime.log(Severity.INFO, str(error))

    def remember_categories(self, categories: tuple[Category, ...]) -> None:
        """Keeps the list of categories, on disk where possible."""
        self.runtime.change(categories=categories)
        try:
            self.storage.save_categories(categories)
        except StorageFailed as error:
            self.runtime.log(Severity.INFO, str(error))

    def goes_to_velora(self, service: Service) -> bool:
        """Whether a stream through `service` reaches Velora; asks Velora when nothing is known."""
        known = self.storage.addresses
        if known is None:  # set up by hand, or on another computer
            known = VeloraAddresses.of(self.client().get_stream_setup())
            self.remember_addresses(known)
        return known.own(service)
