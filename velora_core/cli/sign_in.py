"""``velora sign-in``: in the browser, or with an access token from standard input."""

from __future__ import annotations

import getpass
import io
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from velora_core.app.account import TokenOrigin
from velora_core.auth.browser_flow import TIMEOUT, BrowserFlow, open_browser
from velora_core.auth.client_registration import DEFAULT_PORT, redirect_uri
from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.errors import (
    Forbidden,
    InsufficientScope,
    InvalidInput,
    SignInTimedOut,
    VeloraError,
)
from velora_core.messages import message
from velora_core.messages.phrases import listed
from velora_core.secret import Secret

from .commands import Context
from .exit_codes import ExitCode
from .interruption import Raised

if TYPE_CHECKING:
    import argparse

    from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials
    from velora_core.auth.token_refresh import Grant

__all__ = ["ask_for_secrets", "sign_in"]

_POLL_INTERVAL: Final = 0.1  # seconds between looks at whether the user has answered
_ANSWER_TIMEOUT: Final = 2.0  # seconds for the browser to get its page
_UNREADABLE: Final = "\ufffd"  # which is in no token
_MAX_LENGTH: Final = 8192  # characters of a token or a client secret


def ask_for_secrets(arguments: argparse.Namespace) -> dict[str, str]:
    """Read what must not stand in a command line, which every process can see.

    On a terminal it asks, and what is typed isn't shown; otherwise it reads a line of standard
    input. The main thread's alone, so that Ctrl-C ends it.

    Returns:
        ``token`` or ``client_secret``, where they are asked for.
    """
    typed = {}
    if arguments.with_token:
        typed["token"] = _secret(message("panel.access_token"))
    elif arguments.client_secret:
        typed["client_secret"] = _secret(message("panel.client_secret"))
    return typed


def _secret(what: str) -> str:
    if sys.stdin is None:
        return ""
    with Raised():  # and the terminal shows again what is typed
        if sys.stdin.isatty():
            try:
                return getpass.getpass(f"{what}: ")
            except EOFError:  # Ctrl-D
                return ""
            except UnicodeDecodeError:  # as what a terminal sends for some keys
                return _UNREADABLE
        if isinstance(sys.stdin, io.TextIOWrapper):
            # PowerShell may put UTF-8's mark before what it pipes, which an East Asian console's
            # encoding doesn't know, or takes for a letter together with the first one behind it.
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        return sys.stdin.readline(_MAX_LENGTH)


def sign_in(context: Context) -> int:
    """Sign in, and store that."""
    credentials = context.session.credentials
    if "token" in context.typed:
        return _sign_in_with(context, context.typed["token"])
    arguments = context.arguments
    if arguments.client_id:
        credentials.set_credential("client_id", arguments.client_id)
        credentials.set_credential("client_secret", context.typed.get("client_secret", ""))
        credentials.save()
    client = credentials.client_credentials()
    port = credentials.bundled_client.port or arguments.port or DEFAULT_PORT
    outcome: list[Grant | VeloraError] = []

    def finish(client: ClientCredentials, attempt: AuthorizationRequest, code: Secret) -> Grant:
        try:
            grant = credentials.complete_sign_in(client, attempt, code)
        except VeloraError as error:
            outcome.append(error)
            raise
        outcome.append(grant)
        return grant

    said = threading.Event()  # the address; an answer that came before would have ended it

    def show_page(address: str) -> None:
        said.wait()
        if not arguments.no_browser:
            open_browser(address)

    flow = BrowserFlow(
        context.session.oauth(),
        finish=finish,
        failed=outcome.append,
        unopened=lambda error: context.output.hint(str(error)),
        browse=show_page,
    )
    scopes = FREE_SCOPES if arguments.without_approval else SCOPES
    flow.begin(client, redirect_uri=redirect_uri(port), port=port, scopes=scopes)
    waited = 0.0
    try:
        context.output.hint(message("cli.sign_in_open", address=flow.address))
        said.set()
        while not outcome:
            if waited >= TIMEOUT:
                raise SignInTimedOut(minutes=round(TIMEOUT / 60))
            context.reporter.wait(_POLL_INTERVAL)
            waited += _POLL_INTERVAL
    finally:
        flow.stop()
        flow.wait_answered(_ANSWER_TIMEOUT)
    if isinstance(outcome[0], VeloraError):
        raise outcome[0]
    withheld = credentials.account().withheld
    return _done(context, outcome[0].name, withheld)


def _sign_in_with(context: Context, token: str) -> int:
    """Store a token once Velora has accepted it; until then the one that is stored stays."""
    if not token.strip():
        raise InvalidInput("cli.no_token")
    credentials = context.session.credentials
    credentials.set_credential("access_token", token)
    client, name = context.session.client(), ""
    if credentials.token_origin is TokenOrigin.ENVIRONMENT:  # which would be asked about instead
        client = context.session.client_for(Secret(token))
    with suppress(Forbidden, InsufficientScope):  # it may not say who it belongs to
        name = client.get_profile().display_name
    credentials.save()
    return _done(context, name, withheld=())


def _done(context: Context, name: str, withheld: tuple[str, ...]) -> int:
    if not context.session.credentials.sign_in_kept:
        context.output.hint(message("cli.sign_in_unsaved"))
        return ExitCode.FAILED
    sentence = message("cli.signed_in", name=name or message("account.someone"))
    if withheld:
        sentence += " " + message("cli.withheld", scopes=listed(withheld))
    context.output.result(
        {"signed_in": True, "name": name or None, "withheld": list(withheld)}, [sentence]
    )
    if context.session.credentials.token_origin is TokenOrigin.ENVIRONMENT:
        context.output.hint(message("cli.variable_first"))
    return ExitCode.OK
