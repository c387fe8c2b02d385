"""Sentences that a program other than the panel says otherwise: no button, no OBS.

A program that uses this package as a library shows them to its own users.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "error.not_signed_in": "There is no access token for Velora: sign in first.",
    "error.token_is_client_id": (
        "That is a client ID, not an access token: sign in with it instead."
    ),
    "error.token_is_client_secret": (
        "That is the app's client secret, not an access token: sign in with it instead."
    ),
    "error.keyring_closed": (
        "The sign-in can't be read because the system's keyring is locked or busy ({reason}): "
        "unlock it, then try again."
    ),
    "error.settings_unreadable": (
        "The sign-in can't be read because the file {file} can't be read right now ({reason}): "
        "close the program that holds it or give yourself access to it, then try again."
    ),
    "error.settings_damaged": (
        "The sign-in can't be read because the file {file} is damaged: sign in again. That keeps "
        "the damaged one as {file}.damaged."
    ),
    "error.settings_newer": (
        "The sign-in can't be read because a newer version of this program has written the file "
        "{file}. Nothing was changed: install that version again, or sign in again, which keeps "
        "that file as {file}.newer."
    ),
    "error.category_unknown": "Velora has no category “{category}”.{suggestions}",
    "error.category_gone": "Velora no longer has the category “{name}”.",
    "error.category_ambiguous": "Velora has {count} categories called “{category}”: {names}.",
    "error.part_rejected": "Velora refused {part} ({status}), saying “{message}”.",
    "error.part_rejected_silent": "Velora refused {part} ({status}) and gave no reason.",
    "error.category_not_found": "Velora has no category “{slug}”.",
    "error.category_query_short": "A search for categories needs at least {least} letters.",
    "error.category_query_long": (
        "No category has a name of {length} characters: search for a part of it (at most {most} "
        "characters)."
    ),
    "error.preset_empty": "A preset needs a title, a category or tags.",
    "error.preset_gone": "This preset no longer exists; it may have been deleted elsewhere.",
    "error.preset_file_newer": (
        "The file {file} was made by a newer version of this program, so nothing was imported: "
        "update this one first."
    ),
    "error.protocol_not_offered": (
        "Velora gave no {protocol} address that can be used: choose another protocol."
    ),
    "error.api_url": "VELORA_API_URL can't be used: {reason}. Correct or remove it.",
    "error.not_found": (
        "Velora's address {endpoint} does not exist: update this program, or check VELORA_API_URL "
        "if you set it."
    ),
    "error.answer_field": (
        "Velora's answer at {endpoint} was not as expected (field {field}: {problem}): try again "
        "later, or update this program."
    ),
    "error.unauthorized": (
        "Velora does not accept the access token: it is wrong or has expired. Sign in again."
    ),
    "error.variable_refused": (
        "Velora does not accept the access token in VELORA_ACCESS_TOKEN: it is wrong or has "
        "expired. Correct or remove the variable."
    ),
    "error.variable_malformed": (
        "What VELORA_ACCESS_TOKEN contains is not an access token: correct or remove the variable."
    ),
    "error.certificates_missing": (
        "The certificates named by REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE do not exist: correct or "
        "remove the variable."
    ),
    "error.client_id_missing": (
        "Signing in needs the client ID of a Velora app: create one at developer.velora.tv."
    ),
    "error.port_busy": "Another program uses port {port}, which signing in needs.",
    "error.browser_missing": (
        "No browser could be opened: open the address in a browser on this computer."
    ),
    "error.state_mismatch": "That answer does not belong to this sign-in: sign in again.",
    "error.consent_denied": "Access was not allowed on Velora's page: sign in to try again.",
    "error.sign_in_expired": "Nobody answered on Velora's page within {minutes} minutes.",
    "error.sign_in_failed": (
        "Velora's page ended with an error: check the client ID and the redirect URI, then "
        "sign in again."
    ),
    "error.scopes_not_approved": (
        "Velora has not approved this app for stream:key and stream:write yet: ask for that at "
        "developer.velora.tv, or sign in without them."
    ),
    "error.client_not_allowed": (
        "Velora does not let this app sign anyone in: check at developer.velora.tv whether it is "
        "approved and active."
    ),
    "error.sign_in_refused": "Velora did not complete the sign-in: sign in again.",
    "error.client_refused": (
        "Velora does not know this app: check its client ID and client secret at "
        "developer.velora.tv."
    ),
    "error.sign_in_unclear": (
        "Velora's sign-in service gave no clear answer ({status}): try again in a moment, or sign "
        "in again."
    ),
    "error.sign_in_busy": (
        "Another program on this computer is refreshing the Velora sign-in: try again in a moment."
    ),
    "error.sign_in_stale": (
        "Velora no longer accepts the sign-in, and it can't be refreshed: sign in again."
    ),
    "error.sign_in_ended": "Velora has ended the sign-in: sign in again.",
    "error.key_not_applied": "Velora has a new stream key, and the old one no longer works.",
    "error.key_uncertain": (
        "Velora did not confirm a new stream key, so the old one may no longer work: ask which one "
        "is valid now. {reason}"
    ),
    "account.scope_missing": "This needs the permission {scope}, which was not granted.",
    "account.scope_unapproved": (
        "This needs the permission {scope}, which was not granted; Velora may have to approve the "
        "app for it at developer.velora.tv."
    ),
    "page.close": "You can close this page and go back to the program.",
    "page.nothing_here_text": "This address is only used for signing in to Velora.",
}
