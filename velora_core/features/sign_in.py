"""Signing in and out, and the secrets that are typed instead."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.account import TokenOrigin, losses
from velora_core.app.runtime import ABOUT_ACCOUNT, Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel
from velora_core.app.worker import Job, Priority
from velora_core.auth.browser_flow import TIMEOUT, BrowserFlow
from velora_core.auth.client_registration import redirect_uri
from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.errors import (
    ClientIdMissing,
    ScopesNotApproved,
    StorageError,
    TimedOut,
    VeloraError,
)
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.messages.phrases import listed

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.auth.grant import ClientCredentials, Grant
    from velora_core.auth.oauth import AuthorizationRequest
    from velora_core.secret import Secret

__all__ = ["SignIn"]

_TYPING_DELAY: Final = 1.0  # seconds without typing before what was typed is stored
_TYPED_TIMEOUT: Final = 0.2  # seconds that `close` waits for what was typed just before
_FINISH_TIMEOUT: Final = 60.0  # seconds that the browser waits for the sign-in to be completed


class SignIn(Feature):
    """The buttons *Sign in with Velora* and *Sign out*, and the fields for secrets."""

    def __init__(
        self, runtime: Runtime, session: Session, *, signed_in: Callable[[], None] = lambda: None
    ) -> None:
        """Create the sign in.

        Args:
            runtime: the threads.
            session: who is signed in.
            signed_in: told on the UI thread that somebody has signed in.
        """
        self._signed_in = signed_in
        self._runtime = runtime
        self._credentials = session.credentials
        self._session = session
        self._flow: BrowserFlow | None = None
        self._asking = ""  # the client id of the latest attempt to sign in
        self._unapproved = "-"  # the one that may not ask for everything
        self._typing: Job | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def set_secret(self, field: str, text: str) -> None:
        """Take what is in a field for a secret, at every keystroke.

        Args:
            field: ``access_token``, ``client_id`` or ``client_secret``.
            text: all that is in it now.
        """
        if field == "access_token" and text.strip():
            self._show_noted()  # at once: the worker may be busy
        self._runtime.worker.submit(partial(self._note_typed, field, text), last=True)
        if self._typing:
            self._typing.cancel()
        self._typing = self._runtime.worker.submit(self._save_typed, delay=_TYPING_DELAY, last=True)

    def wait_for_typed(self) -> None:
        """Store what was pasted now, and wait a moment, so that it can be shown what came of it."""
        self.flush_typed()
        if self._typing:
            self._typing.wait(_TYPED_TIMEOUT)

    def flush_typed(self) -> None:
        """Store what was typed now: a button is pressed, and no later status is to hide its."""
        if self._typing and not self._typing.done:
            self._typing.cancel()
            self._typing = self._runtime.worker.submit(self._save_typed, last=True)

    def sign_in(self, port: int) -> Job:
        """Open the browser on Velora's page; the rest happens when the user has answered it."""
        self.flush_typed()
        return self._runtime.press(message("button.sign_in"), partial(self._begin, port))

    def sign_out(self) -> Job:
        """Forget who is signed in."""
        if self._typing:
            self._typing.cancel()
        return self._runtime.press(message("button.sign_out"), self._sign_out)

    @property
    def address(self) -> str:
        """Velora's page for the sign-in that waits for the user; empty while none does."""
        return self._flow.address if self._flow else ""

    def close(self) -> None:
        """End a sign-in that waits; wait a moment for what was typed just before."""
        if self._flow:
            self._flow.stop()
        typing, self._typing = self._typing, None
        if typing:
            typing.wait(_TYPED_TIMEOUT)

    # -- the worker ------------------------------------------------------------------------

    def still_waits(self) -> bool:
        """Say that a sign-in waits for the user, if one does and there is no token yet."""
        waits = self._flow is not None and self._flow.pending
        if waits and self._credentials.token_origin is TokenOrigin.NONE:
            self._runtime.show(self._waiting_sentence(), lasting=False)
            return True
        return False

    def _note_typed(self, field: str, text: str) -> None:
        self._credentials.set_credential(field, text)
        if field != "access_token":
            return
        if text.strip():
            self._show_noted()
        elif self._credentials.token_origin is TokenOrigin.NONE:
            welcome = self._runtime.message("status.welcome")
            self._runtime.show(welcome, lasting=False, topic=ABOUT_ACCOUNT)

    def _show_noted(self) -> None:
        noted = self._runtime.message("status.token_noted")
        self._runtime.show(noted, lasting=False, topic=ABOUT_ACCOUNT)

    def _save_typed(self) -> None:
        try:
            self._credentials.save()
        except StorageError as error:
            self._runtime.show(
                self._runtime.message("status.token_unsaved", reason=error), StatusLevel.WARNING
            )
        except VeloraError as error:
            self._runtime.report(error)

    def _begin(self, port: int) -> None:
        try:
            client = self._credentials.client_credentials()
        except ClientIdMissing as missing:  # the next step, and nothing that went wrong
            self._runtime.show(str(missing), topic=ABOUT_ACCOUNT)
            self._runtime.log(LogLevel.INFO, str(missing))
            return
        if self._flow is None:
            self._flow = BrowserFlow(
                self._session.oauth(),
                finish=self._finish,
                failed=self._failed,
                unopened=self._runtime.report,
            )
        port = self._credentials.bundled_client.port or port
        self._runtime.raise_if_cancelled()  # no browser for a script that is gone
        self._asking = client.client_id
        self._runtime.show(self._waiting_sentence(), lasting=False)
        scopes = FREE_SCOPES if client.client_id == self._unapproved else SCOPES
        self._flow.begin(client, redirect_uri=redirect_uri(port), port=port, scopes=scopes)
        if self._runtime.closed:  # `close` came between, and had nothing to stop yet
            self._flow.stop()
            return
        self._runtime.worker.submit(self._flow.expire, delay=TIMEOUT)

    def _waiting_sentence(self) -> str:
        partly = self._asking == self._unapproved
        return message("status.signing_in_partly" if partly else "status.signing_in")

    def _failed(self, error: VeloraError) -> None:
        """On a thread of the listener, or on the worker."""
        if isinstance(error, ScopesNotApproved):
            self._unapproved = self._asking
        self._runtime.report(error)

    def _finish(
        self, client: ClientCredentials, attempt: AuthorizationRequest, code: Secret
    ) -> Grant:
        """On a thread of the listener: has the worker do it, and waits for that."""
        outcome: list[Grant | VeloraError] = [TimedOut()]

        def work() -> None:
            try:
                outcome[0] = grant = self._credentials.complete_sign_in(client, attempt, code)
            except VeloraError as error:
                outcome[0] = error
                raise
            if self._credentials.sign_in_kept:  # else that is what is said
                sentence = self._signed_in_sentence(grant, attempt)
                self._runtime.announce(sentence, topic=ABOUT_ACCOUNT)
            self._runtime.call_on_ui(self._signed_in)
            self._unapproved = "-"  # the next time it may be otherwise

        # Not to be interrupted: the code can be used only once.
        self._runtime.press(message("button.sign_in"), work, priority=Priority.LIVE).wait(
            _FINISH_TIMEOUT
        )
        if isinstance(outcome[0], VeloraError):
            raise outcome[0]
        return outcome[0]

    def _signed_in_sentence(self, grant: Grant, attempt: AuthorizationRequest) -> str:
        name = grant.name or message("page.someone")
        withheld = self._runtime.state.account.withheld
        if not withheld:
            return self._runtime.message("status.signed_in", name=name)
        able = self._runtime.host.capabilities()
        lost = losses(withheld, host=able.name, stream_settings=able.stream_settings)
        return message(
            "status.signed_in_partly"
            if attempt.scopes == SCOPES
            else "status.signed_in_unapproved",
            name=name,
            scopes=listed(withheld),
            losses=lost,
        ).rstrip()

    def _sign_out(self) -> None:
        if self._flow:
            self._flow.stop()
        self._session.sign_out()
        origin = self._runtime.state.account.origin
        environment = origin is TokenOrigin.ENVIRONMENT
        self._runtime.announce(
            message("status.signed_out_environment" if environment else "status.signed_out"),
            topic=ABOUT_ACCOUNT,
        )
