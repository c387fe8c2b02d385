"""Sentences that the command ``velora`` says otherwise than a library: they name its commands."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "error.not_signed_in": "You are not signed in to Velora: run velora sign-in.",
    "error.settings_damaged": (
        "Your sign-in can't be read because the file {file} is damaged: run velora sign-in. That "
        "keeps the damaged one as {file}.damaged."
    ),
    "error.settings_newer": (
        "Your sign-in can't be read because a newer version of this program has written the file "
        "{file}. Nothing was changed: install that version again, or run velora sign-in, which "
        "keeps that file as {file}.newer."
    ),
    "error.category_unknown": (
        "Velora has no category “{category}”: run velora categories --search NAME.{suggestions}"
    ),
    "error.category_gone": (
        "Velora no longer has the category “{name}”: run velora categories --search NAME."
    ),
    "error.part_rejected": (
        "Velora refused {part} ({status}), saying “{message}”: change that, then try again."
    ),
    "error.part_rejected_silent": (
        "Velora refused {part} ({status}) and gave no reason: change that, then try again."
    ),
    "error.category_not_found": (
        "Velora has no category “{slug}”: run velora categories --search NAME."
    ),
    "error.unauthorized": (
        "Velora does not accept your access token (it is wrong or has expired): run velora sign-in."
    ),
    "error.variable_refused": (
        "Velora does not accept your access token in VELORA_ACCESS_TOKEN (it is wrong or has "
        "expired): correct or remove the variable, then try again."
    ),
    "error.variable_malformed": (
        "What VELORA_ACCESS_TOKEN contains is not an access token: correct or remove the variable, "
        "then try again."
    ),
    "error.missing_scope": (
        "Your access token lacks the permission {scope}: run velora sign-in and allow it."
    ),
    "error.client_id_missing": (
        "Signing in needs the client ID of your Velora app: create an app at developer.velora.tv "
        "with the redirect URI http://localhost:17653/, then run velora sign-in --client-id ID."
    ),
    "error.port_busy": (
        "Another program uses port {port}, which signing in needs: close that program, or use "
        "--port N with another port that your Velora app has."
    ),
    "error.browser_missing": (
        "No browser could be opened: open the address above in a browser on this computer."
    ),
    "error.state_mismatch": (
        "That answer does not belong to this sign-in: run velora sign-in again."
    ),
    "error.consent_denied": (
        "You did not allow access on Velora's page: run velora sign-in to try again."
    ),
    "error.sign_in_expired": (
        "Nobody answered on Velora's page within {minutes} minutes: run velora sign-in to try "
        "again."
    ),
    "error.sign_in_failed": (
        "Velora's page ended with an error: check the client ID and the redirect URI, then run "
        "velora sign-in again."
    ),
    "error.scopes_not_approved": (
        "Velora has not approved your app for stream:key and stream:write yet: ask for that at "
        "developer.velora.tv. Until then, run velora sign-in --without-approval."
    ),
    "error.client_not_allowed": (
        "Velora does not let your app sign anyone in: check at developer.velora.tv whether it is "
        "approved and active, then run velora sign-in again."
    ),
    "error.sign_in_refused": (
        "Velora did not complete the sign-in: run velora sign-in to try again."
    ),
    "error.client_refused": (
        "Velora does not know this app: check the client ID and the client secret at "
        "developer.velora.tv, then run velora sign-in --client-id ID again."
    ),
    "error.sign_in_unclear": (
        "Velora's sign-in service gave no clear answer ({status}): try again in a moment. If that "
        "does not help, run velora sign-out, then velora sign-in."
    ),
    "error.sign_in_stale": (
        "Velora no longer accepts your sign-in, and it can't be refreshed: run velora sign-in."
    ),
    "error.sign_in_ended": "Velora has ended your sign-in: run velora sign-in.",
    "error.preset_empty": (
        "There is nothing to save, because Velora has no title, category or tags of yours: use "
        "--title, --category or --tag."
    ),
    "error.key_uncertain": (
        "Velora did not confirm a new stream key, so the old one may no longer work: run velora "
        "setup to see which one is valid now. {reason}"
    ),
    "account.scope_missing": (
        "This needs the permission {scope}, which was not granted: run velora sign-in and allow it."
    ),
    "account.scope_unapproved": (
        "This needs the permission {scope}, which was not granted: run velora sign-in and allow "
        "it. If Velora refuses, it has not approved your app for that yet: ask for it at "
        "developer.velora.tv."
    ),
    "status.sign_in_unsaved": (
        "Your sign-in could not be saved, so you will have to sign in again. {reason}"
    ),
    "status.key_other": "The stream key is not your channel's.",
    "page.close": "You can close this page and go back to the terminal.",
}
