"""Errors of signing in, and of staying signed in."""

from __future__ import annotations

from .base import VeloraError

__all__ = [
    "BrowserMissing",
    "ClientIdMissing",
    "ClientRefused",
    "ConsentDenied",
    "OtherSignIn",
    "PortBusy",
    "ScopesNotApproved",
    "SignInBusy",
    "SignInEnded",
    "SignInError",
    "SignInFailed",
    "SignInRefused",
    "SignInStale",
    "SignInTimedOut",
    "StateMismatch",
    "TokenRunOut",
]


class SignInError(VeloraError):
    """Signing in, or staying signed in, did not work."""


class ClientIdMissing(SignInError):
    """There is no application to sign in with."""

    sentence = "error.client_id_missing"


class PortBusy(SignInError):
    """Another program has the port that the redirect comes to."""

    sentence = "error.port_busy"


class BrowserMissing(SignInError):
    """No browser could be opened; the page's address can be opened by hand."""

    sentence = "error.browser_missing"


class StateMismatch(SignInError):
    """A redirect that doesn't belong to the attempt under way."""

    sentence = "error.state_mismatch"


class ConsentDenied(SignInError):
    """The user said no on Velora's page."""

    sentence = "error.consent_denied"


class SignInTimedOut(SignInError):
    """Nobody answered Velora's page in time."""

    sentence = "error.sign_in_expired"


class ScopesNotApproved(SignInError):
    """Velora has not approved the application for all that was asked for."""

    sentence = "error.scopes_not_approved"


class SignInFailed(SignInError):
    """Velora's page ended with an error."""

    sentence = "error.sign_in_failed"


class SignInRefused(SignInError):
    """`invalid_grant`: the token endpoint doesn't take this code or refresh token."""

    sentence = "error.sign_in_refused"


class ClientRefused(SignInError):
    """`invalid_client` or `unauthorized_client`: it doesn't take this application."""

    sentence = "error.client_refused"


class SignInBusy(SignInError):
    """Another program of this user is refreshing the sign-in, and takes its time."""

    sentence = "error.sign_in_busy"
    transient = True


class OtherSignIn(SignInError):
    """What one account was refused is not repeated for the one that is signed in by now."""

    sentence = "error.other_sign_in"
    transient = True


class SignInStale(SignInError):
    """Velora doesn't take the access token of a sign-in that came without a refresh token."""

    sentence = "error.sign_in_stale"


class TokenRunOut(SignInError):
    """The access token is good no more, and another program of this user is to refresh it."""

    sentence = "error.token_run_out"
    transient = True


class SignInEnded(SignInError):
    """Velora no longer takes the refresh token: the user has to sign in again."""

    sentence = "error.sign_in_ended"
