"""What can go wrong: the sentences of `velora_core.errors`, and their parts."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # -- the user's input ---------------------------------------------------------------
    "error.not_signed_in": (
        "You are not signed in to Velora: press Sign in with Velora or paste an access token, then "
        "try again."
    ),
    "error.keyring_closed": (
        "Your sign-in can't be read because your system's keyring is locked or busy ({reason}): "
        "unlock it if it asks you to, then press Refresh, or sign in again."
    ),
    "error.settings_unreadable": (
        "Your sign-in can't be read because the file {file} can't be read right now ({reason}): "
        "close the program that holds it or give yourself access to it, then press Refresh."
    ),
    "error.settings_damaged": (
        "Your sign-in can't be read because the file {file} is damaged: press Sign in with Velora. "
        "That keeps the damaged one as {file}.damaged."
    ),
    "error.settings_newer": (
        "Your sign-in can't be read because a newer version of Velora for OBS has written the file "
        "{file}. Nothing was changed: install that version again, or press Sign in with Velora, "
        "which keeps that file as {file}.newer."
    ),
    "error.token_malformed": (
        "That is not an access token: it contains spaces, line breaks or letters that no token "
        "has. Copy it from Velora again and paste all of it."
    ),
    "error.token_is_key": (
        "That is a stream key, not an access token: paste a token from your app at "
        "developer.velora.tv instead. Show the key to nobody."
    ),
    "error.token_is_address": (
        "That is an address, not an access token: paste only the token, which has no :// in it."
    ),
    "error.token_is_client_id": (
        "That is a client ID, not an access token: press Sign in with Velora, and enter it there."
    ),
    "error.token_is_client_secret": (
        "That is your app's client secret, not an access token: press Sign in with Velora instead."
    ),
    "error.variable_malformed": (
        "What VELORA_ACCESS_TOKEN contains is not an access token: correct or remove the variable, "
        "then start this program again."
    ),
    "error.title_too_long": (
        "The title has {length} characters, and Velora allows {limit}: shorten it by {excess}."
    ),
    "error.several": "{reasons}",
    "error.title_control_character": (
        "The title contains a line break or another invisible character: remove it, then try again."
    ),
    "error.variable_unknown": (
        "The title has {names}, which stands for nothing: use {known}, or write {{{{ and }}}} for "
        "braces."
    ),
    "error.tag_invalid": (
        "A tag contains a line break or another invisible character: remove it, then try again."
    ),
    "error.category_unknown": (
        "Velora has no category “{category}”: choose one from the list.{suggestions}"
    ),
    "error.category_suggestions": " Did you mean {names}?",
    "error.category_ambiguous": (
        "Velora has {count} categories called “{category}”: choose yours from the list, {names}."
    ),
    "error.category_gone": (
        "Velora no longer has the category “{name}”: choose another one, then press Update now."
    ),
    "error.category_unchecked": (
        "The category “{category}” could not be looked up on Velora. {reason}"
    ),
    "error.category_query_short": (
        "Velora's search for categories needs at least {least} letters: type the beginning of "
        "the name, then press Find category."
    ),
    "error.category_query_long": (
        "No category has a name of {length} characters: type a part of the name (at most {most} "
        "characters), then press Find category."
    ),
    "error.protocol_unknown": (
        "“{protocol}” is not a protocol that Velora supports: choose RTMP, SRT or WHIP."
    ),
    "error.protocol_not_offered": (
        "Velora gave no {protocol} address: choose RTMP, then press Configure Velora."
    ),
    "error.stream_id_invalid": (
        "The form of the SRT stream id can't be used: end it with a slash and the stream key in "
        "braces, or leave it empty to send the key alone."
    ),
    "error.preset_unnamed": "The preset has no name: enter one first.",
    "error.preset_name_long": (
        "The preset's name has {length} characters, and {limit} is the most: shorten it."
    ),
    "error.preset_name_characters": (
        "The preset's name contains a line break or another invisible character: remove it, then "
        "try again."
    ),
    "error.preset_name_taken": (
        "You already have a preset called “{name}”: choose another name, or delete that one first."
    ),
    "error.preset_gone": (
        "This preset no longer exists; it may have been deleted in another program: choose another "
        "one."
    ),
    "error.preset_empty": (
        "The fields are empty: enter a title, a category or tags first, then save the preset."
    ),
    "error.no_file": "No file is chosen: choose one first.",
    "error.nothing_before": (
        "There is nothing to put back: Velora's title, category and tags before the last update "
        "are not known."
    ),
    "error.other_channel": (
        "You are signed in to another channel now, so nothing was put back: enter the "
        "title that this one is to have."
    ),
    "error.other_channel_pending": (
        "You are signed in to another channel now, so what was meant for the first one was not "
        "sent: update this one's title, category and tags yourself."
    ),
    "error.other_sign_in": (
        "Another program on this computer has signed in to another channel, so nothing was sent: "
        "try again if that is the channel you want."
    ),
    "error.presets_full": "You have {limit} presets, which is the most: delete one first.",
    "error.preset_file_damaged": (
        "The file {file} is damaged at {place}, so nothing was imported: export your presets again."
    ),
    "error.preset_file_newer": (
        "The file {file} was made by a newer version of Velora for OBS, so nothing was imported: "
        "update this one first."
    ),
    "error.preset_file_special": (
        "{file} is a pipe or a device, so nothing was imported: save your presets as a file, then "
        "import that."
    ),
    "damage.line": "line {line}, column {column}",
    "damage.whole": "its beginning",
    "damage.size": "its end (it is larger than {limit} MiB)",
    "error.api_url": (
        "VELORA_API_URL can't be used: {reason}. Correct or remove it, then start this program "
        "again."
    ),
    "api_url.scheme": "it must start with https:// (or http:// for this computer only)",
    "api_url.host": "it names no host",
    "api_url.public_http": "http:// would send your token unprotected, so it must be https://",
    "api_url.credentials": "it contains a user name or password",
    "api_url.characters": "it contains spaces or invisible characters",
    "api_url.extra": "it has a ? or # part",
    "api_url.port": "its port is not a number from 1 to 65535",
    # -- errors that Velora reported ----------------------------------------------------
    "error.unauthorized": (
        "Velora does not accept your access token (it is wrong or has expired): paste a new one "
        "or press Sign in with Velora, then try again."
    ),
    "error.variable_refused": (
        "Velora does not accept your access token in VELORA_ACCESS_TOKEN (it is wrong or has "
        "expired): correct or remove the variable, then start this program again."
    ),
    "error.streaming_not_enabled": (
        "Streaming is not enabled for your Velora account: enable it on velora.tv, then try again."
    ),
    "error.missing_scope": (
        "Your access token lacks the permission {scope}: "
        "sign in again and allow it, or paste a token that has it."
    ),
    "error.forbidden": (
        "Velora refused this: either streaming is not enabled for your account, or your access "
        "token lacks the permission {scope}. Check both on velora.tv, then try again."
    ),
    "error.category_not_found": (
        "Velora has no category “{slug}”: choose another one, then press Update now."
    ),
    "error.not_found": (
        "Velora's address {endpoint} does not exist: update this script, "
        "or check VELORA_API_URL if you set it."
    ),
    "error.rate_limited": "Velora received too many requests: try again in {wait}.",
    "error.rate_limited_unknown": "Velora received too many requests: try again in a minute.",
    "error.part_rejected": (
        "Velora refused {part} ({status}), saying “{message}”: change that, then press Update now."
    ),
    "error.part_rejected_silent": (
        "Velora refused {part} ({status}) and gave no reason: change that, then press Update now."
    ),
    "error.rejected": "Velora refused the request ({status}): {message}",
    "error.rejected_silent": (
        "Velora refused the request ({status}) and gave no reason: check your entries, then try "
        "again."
    ),
    "error.server": "Velora has a server problem ({status}): try again in a moment.",
    "error.not_json": (
        "The answer at {endpoint} did not come from Velora (no JSON): check your network; a hotel "
        "or company login page may be in between."
    ),
    "error.too_large": (
        "Velora's answer at {endpoint} was larger than {limit} KiB, so it was not read: try again "
        "later."
    ),
    "error.answer_field": (
        "Velora's answer at {endpoint} was not as expected (field {field}: {problem}): try again "
        "later, or update this script."
    ),
    "error.redirected": (
        "Velora's address {endpoint} points somewhere else, and your token is not sent there: "
        "check your network, or VELORA_API_URL if you set it."
    ),
    "problem.missing": "missing",
    "problem.null": "empty",
    "problem.type": "of the wrong type",
    "problem.negative": "below zero",
    "problem.empty": "without content",
    "problem.characters": "contains spaces or invisible characters",
    "problem.address": "not an address of the expected kind",
    "problem.time": "not a time",
    "problem.object": "not an object",
    # -- transport errors ---------------------------------------------------------------
    "error.no_connection": (
        "Velora can't be reached: check your internet connection, then try again."
    ),
    "error.connection_lost": "The connection to Velora broke before the answer arrived: try again.",
    "error.dns": (
        "The name {host} can't be looked up: check your internet connection and DNS, "
        "then try again."
    ),
    "error.tls": (
        "The secure connection to {host} failed: check this computer's date and time, "
        "and whether a proxy or virus scanner stands in between."
    ),
    "error.certificates_missing": (
        "The certificates named by REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE do not exist: correct or "
        "remove the variable, then start this program again."
    ),
    "error.proxy": (
        "The proxy of this computer did not let the request through: "
        "check the proxy settings, then try again."
    ),
    "error.proxy_unusable": (
        "The proxy that is set on this computer is not one for HTTP, which is needed: correct or "
        "remove the proxy settings, then start this program again."
    ),
    "error.timeout": "Velora did not answer in time: try again in a moment.",
    "error.cancelled": "The request was stopped before Velora answered.",
    "error.unexpected": (
        "Something unexpected went wrong ({kind}): try again, and report it if it happens again."
    ),
    # -- signing in ---------------------------------------------------------------------
    "error.client_id_missing": (
        "Signing in needs a Velora app: create one at developer.velora.tv with the redirect URI "
        "below, then enter its client ID here."
    ),
    "error.port_busy": (
        "Another program uses port {port}, which signing in needs: close that program, or choose "
        "another port here and in your Velora app."
    ),
    "error.browser_missing": (
        "No browser could be opened: copy the address below into one on this computer, or set a "
        "default browser and press Sign in with Velora again."
    ),
    "error.state_mismatch": (
        "That answer does not belong to this sign-in: press Sign in with Velora again."
    ),
    "error.consent_denied": (
        "You did not allow access on Velora's page: press Sign in with Velora to try again."
    ),
    "error.sign_in_expired": (
        "Nobody answered on Velora's page within {minutes} minutes: "
        "press Sign in with Velora to try again."
    ),
    "error.sign_in_failed": (
        "Velora's page ended with an error: check the client ID and the redirect URI, then "
        "press Sign in with Velora again."
    ),
    "error.scopes_not_approved": (
        "Velora has not approved your app for stream:key and stream:write yet: ask for that at "
        "developer.velora.tv. Until then, press Sign in with Velora again: it asks only for what "
        "needs no approval."
    ),
    "error.client_not_allowed": (
        "Velora does not let your app sign anyone in: check at developer.velora.tv whether it is "
        "approved and active, then press Sign in with Velora again. If you are signed in, press "
        "Sign out first."
    ),
    "error.sign_in_refused": (
        "Velora did not complete the sign-in: press Sign in with Velora to try again."
    ),
    "error.client_refused": (
        "Velora does not know this app: check the client ID and the client secret at "
        "developer.velora.tv, then press Sign in with Velora again. If you are signed in, press "
        "Sign out first."
    ),
    "error.sign_in_unclear": (
        "Velora's sign-in service gave no clear answer ({status}): try again in a moment. "
        "If that does not help, press Sign out, then Sign in with Velora."
    ),
    "error.sign_in_busy": (
        "Another program on this computer is refreshing your Velora sign-in: try again in a moment."
    ),
    "error.sign_in_stale": (
        "Velora no longer accepts your sign-in, and it can't be refreshed: press Sign out, then "
        "Sign in with Velora."
    ),
    "error.token_run_out": (
        "The access token has expired, and a check does not refresh it: press Check everything in "
        "the panel to check the rest."
    ),
    "error.sign_in_ended": (
        "Velora has ended your sign-in: press Sign in with Velora. Your settings are kept."
    ),
    # -- local errors -------------------------------------------------------------------
    "error.storage_write": (
        "The folder {folder} can't be written to ({reason}): "
        "make room or give yourself access to it, then try again."
    ),
    "error.storage_read": (
        "The file {file} can't be read right now ({reason}), and nothing is written over it: close "
        "the program that holds it or give yourself access to it, then try again."
    ),
    "storage.newer": "a newer version of Velora for OBS has written it",
    "storage.held": "another program is writing it",
    "error.keyring_keeps": (
        "Your system's keyring is locked ({reason}) and still has what was to be deleted: unlock "
        "it, then try again."
    ),
    "error.sign_out_pending": (
        "You are signed out here. Your system's keyring is locked ({reason}) and still has your "
        "sign-in: unlock it, and your sign-in is deleted there, too."
    ),
    "error.stream_running": (
        "{host} is streaming: stop the stream first, then press {button} again. Nothing was "
        "changed."
    ),
    "error.stream_starting": (
        "{host} is starting a stream: stop the stream first, or wait a minute and a half if there "
        "is none, then press {button} again. Nothing was changed."
    ),
    "error.profile_switched": (
        "You switched to the profile “{profile}” before this was done, so nothing was changed. If "
        "you want it there, press {button} again."
    ),
    "error.not_settable": (
        "{host} can't be set up from here: enter Velora's address and your stream key yourself "
        "({stream_settings})."
    ),
    "error.protocol_unavailable": (
        "Your {host} can't be set up for {protocol}: choose {others}, then press Configure Velora "
        "again."
    ),
    "error.service_rejected": (
        "{host} did not accept the settings: open {stream_settings} and check what is there, then "
        "press {button} again."
    ),
    "error.key_not_applied": (
        "Velora has a new stream key for you, and the old one no longer works, but {host} does not "
        "have the new one yet: stop the stream if one is running, then press Configure Velora."
    ),
    "error.key_uncertain": (
        "Velora did not confirm a new stream key, so the old one may no longer work: press "
        "Configure Velora once Velora answers again, and {host} gets the right one. {reason}"
    ),
    "error.key_uncertain_copy": (
        "Velora did not confirm a new stream key, so the old one may no longer work: copy the key "
        "into {host} again once Velora answers. {reason}"
    ),
    "error.address_not_offered": (
        "Velora gave no {protocol} address: choose RTMP, then copy the address again."
    ),
    "error.clipboard_missing": (
        "This computer has no program that can copy a text from here: install wl-clipboard or "
        "xclip, then try again, or copy it from velora.tv."
    ),
    "error.clipboard_refused": (
        "The clipboard can't be used right now: try again in a moment, or copy it from velora.tv."
    ),
    "error.no_previous_service": "There is no previous streaming service to restore.",
    "error.service_unsaved": (
        "Your current streaming service could not be saved first, so nothing was changed. {reason}"
    ),
    "error.extra_missing": (
        "The Python package “{name}” is missing: run {python} -m pip install "
        '"velora-core[{extra}]".'
    ),
    "error.packages_missing": (
        "The Python package “{name}” is missing: run {python} -m pip install {packages}."
    ),
    "error.packages_managed": (
        "The Python package “{name}” is missing, and this Python takes none from pip: install "
        "{packages} with your system's package manager, or use a virtual environment."
    ),
    # -- the command line ---------------------------------------------------------------
    "error.no_ffmpeg": (
        "velora stream needs ffmpeg, which was not found: install it, or add its folder to PATH, "
        "then try again in a new terminal."
    ),
    "error.muxer_missing": (
        "This ffmpeg can't stream by WHIP: use --protocol rtmp, stream from your browser with "
        "velora page, or install an ffmpeg 8 or later that has whip in ffmpeg -muxers."
    ),
    "error.input_unopened": "{file} can't be opened ({reason}): check its name, then try again.",
    "error.address_unopened": (
        "{file} can't be opened ({reason}): check the address, and whether its server is running, "
        "then try again."
    ),
    "error.input_unreadable": "ffmpeg finds no picture in {file}: choose another file.",
    # -- the panel as a page, and programs that use it -------------------------------------
    "error.program_unnamed": "The program has no name yet: type one, then try again.",
    "error.programs_many": (
        "There can be {limit} programs at most: remove one, then add the new one."
    ),
    "error.page_port": (
        "Velora's page can't be opened because this computer does not let it use any port "
        "({reason}): restart the computer, then try again."
    ),
}
