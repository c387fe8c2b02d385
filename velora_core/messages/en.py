"""The English sentences, by name: area, dot, subject."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # -- the user's input ------------------------------------------------------------------
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
    "error.token_malformed": (
        "That is not an access token: it contains spaces, line breaks or letters that no token "
        "has. Copy it from Velora again and paste all of it."
    ),
    "error.token_is_key": (
        "That is a stream key, not an access token: clear the field and paste a token from your "
        "app at developer.velora.tv. Show the key to nobody."
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
        "Velora looks for categories by at least {least} letters: type the beginning of the name, "
        "then press Find category."
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
    "error.presets_full": "You have {limit} presets, which is the most: delete one first.",
    "error.preset_file_damaged": (
        "The file {file} is damaged at {place}, so nothing was imported: export your presets again."
    ),
    "error.preset_file_newer": (
        "The file {file} was made by a newer version of Velora for OBS, so nothing was imported: "
        "update this one first."
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
    # -- errors that Velora reported -------------------------------------------------------
    "error.unauthorized": (
        "Velora does not accept your access token (it is wrong or has expired): paste a new one "
        "or press Sign in with Velora, then try again."
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
    "error.rate_limited": "Velora received too many requests: try again in {seconds} seconds.",
    "error.rate_limited_unknown": "Velora received too many requests: try again in a minute.",
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
    # -- transport errors ------------------------------------------------------------------
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
    "error.timeout": "Velora did not answer in time: try again in a moment.",
    "error.cancelled": "The request was stopped before Velora answered.",
    "error.unexpected": (
        "Something unexpected went wrong ({kind}): try again, and report it if it happens again."
    ),
    # -- signing in ------------------------------------------------------------------------
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
        "Velora's page ended with an error: check the client ID and the redirect address, then "
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
    # -- local errors ----------------------------------------------------------------------
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
    "error.not_settable": (
        "{host} can't be set up from here: enter Velora's address and your stream key yourself "
        "({stream_settings})."
    ),
    "error.whip_unavailable": (
        "Your {host} has no WHIP: choose RTMP or SRT, then press Configure Velora again."
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
    "error.no_previous_service": "There is no previous streaming service to restore.",
    "error.service_unsaved": (
        "Your current streaming service could not be saved first, so nothing was changed. {reason}"
    ),
    "error.extra_missing": (
        "The Python package “{name}” is missing: run python3 -m pip install 'velora-core[{extra}]'."
    ),
    "error.dependency": (
        "Velora for OBS needs the Python package “{name}”, which this OBS's Python does not have: "
        'run python3 -m pip install --target "{folder}" {names}, then reload this script.'
    ),
    # -- status messages -------------------------------------------------------------------
    "status.reading": "Your sign-in and settings are being read … Press Refresh in a moment.",
    "status.welcome": (
        "Step 1 of 2: sign in, or paste an access token. Step 2: press Configure Velora."
    ),
    "status.ready": "Press Configure Velora to set {host} up for Velora.",
    "status.by_plugin": (
        "Your stream goes to Velora with another plugin: your title, category and tags are sent "
        "when you start."
    ),
    "status.configured_before": "{host} streams to Velora ({server}).",
    "status.working": (
        "Velora has not answered yet. {host} is not affected: press Refresh in a moment to see the "
        "answer."
    ),
    "status.token_wanted": "Paste an access token below, then press Configure Velora.",
    "status.token_noted": "Your token is entered. Next: press Configure Velora.",
    "status.token_unsaved": (
        "What you entered works until you close {host}, but it could not be saved. {reason}"
    ),
    "status.signing_in": (
        "Velora's page opens in your browser: allow access there, then press Refresh here. "
        "If it does not open, copy the address below into a browser."
    ),
    "status.signing_in_partly": (
        "Velora's page opens in your browser, this time without stream:key and stream:write: "
        "allow access there, then press Refresh here. If it does not open, copy the address below "
        "into a browser."
    ),
    "status.signed_in_partly": (
        "Signed in as {name}, but without {scopes}: you did not allow it, or Velora has not "
        "approved your app for it yet. {losses}"
    ),
    "status.signed_in_unapproved": (
        "Signed in as {name}, without {scopes}, for which Velora has not approved your app yet. "
        "{losses}"
    ),
    "lost.stream_key": (
        "Copy your stream key from velora.tv into {host} yourself ({stream_settings})."
    ),
    "lost.stream_write": "Set title, category and tags on velora.tv.",
    "lost.stream_read": "The panel can't show your stream's status.",
    "status.signed_in": "Signed in as {name}. Next: press Configure Velora.",
    "status.sign_in_unsaved": (
        "You are signed in until you close {host}, but your sign-in could not be saved. {reason}"
    ),
    "status.signed_out": "You are signed out, and your sign-in is deleted from this computer.",
    "status.signed_out_environment": (
        "Your sign-in is deleted from this computer; the token in VELORA_ACCESS_TOKEN still works."
    ),
    "status.keyring_unused": (
        "The system's keyring can't be used ({reason}), so your sign-in and keys are kept in a "
        "file that only you can read."
    ),
    "keyring.busy": "it has not answered yet",
    "status.configured": "{host} will stream to {server} with key {key}.",
    "status.configured_whip": "{host} will stream to {server} by WHIP with key {key}.",
    "status.foreign_key": (
        "The stream key in {host} was {whose}; your stream goes to Velora with the key that this "
        "profile is set up with."
    ),
    "status.foreign_key_held": (
        "The stream was not started: the stream key in {host} is {whose}, and the right one for "
        "Velora is not known. Press Configure Velora, then start again."
    ),
    "key.of_account": "your {platform} account's",
    "key.of_other": "another platform's",
    "status.regenerate_sure": (
        "Your old stream key will stop working immediately, everywhere you use it. To continue, "
        "press Yes, make a new key."
    ),
    "status.regenerate_kept": "Your stream key stays as it is.",
    "status.key_applied": (
        "{host} will stream with your new key {key}; the old one no longer works."
    ),
    "status.key_made": (
        "Your new key is {key}; the old one no longer works. {host} is set up for another service "
        "and stays so."
    ),
    "status.key_made_here": (
        "Your new key is {key}; the old one no longer works. Enter the new one in {host} yourself "
        "({stream_settings})."
    ),
    "status.restored": "{host} streams to your previous service again: {service}.",
    "status.loaded": "The panel now shows what Velora has: {info}.",
    "status.not_loaded": (
        "You have edited the fields in the meantime, so they were left as they are: press Load "
        "from Velora again if you want Velora's."
    ),
    "status.mended_nobodys": "{host} had no Velora stream key: it now has yours ({key}).",
    "status.mended_key": (
        "Your stream key had changed on Velora: {host} now has the new one ({key})."
    ),
    "status.mended_address": "Velora has a new ingest address: {host} now has it ({server}).",
    "status.mended_both": (
        "Your stream key and Velora's address had changed: {host} now has the new ones ({server}, "
        "{key})."
    ),
    "status.key_other": (
        "The stream key in {host} is not your channel's: press Configure Velora to use yours."
    ),
    "status.key_asked": (
        "The stream key in {host} is not your channel's: it is another channel's, or an old one of "
        "yours that you entered yourself. Press Use my channel's key, or Keep this key."
    ),
    "status.key_kept": (
        "{host} keeps its stream key, and you will not be asked about it again. Configure Velora "
        "puts your channel's there."
    ),
    "status.address_old": (
        "Velora has a new ingest address, and {host} has the old one ({server}), which you entered "
        "yourself: press Configure Velora to use the new one."
    ),
    "status.refused_mended_key": (
        "Press Start Streaming again: the stream key was not the right one, and {host} now has "
        "yours ({key})."
    ),
    "status.refused_mended_address": (
        "Press Start Streaming again: {host} now has Velora's new ingest address ({server}). The "
        "old one no longer works."
    ),
    "status.refused_mended_both": (
        "Press Start Streaming again: {host} now has Velora's new ingest address and your new "
        "stream key ({server}, {key}). The old ones no longer work."
    ),
    "status.refused_anyway": (
        "Velora refused the stream although {host} has the right key: check on velora.tv that "
        "streaming is enabled for your account, then press Start Streaming again."
    ),
    "status.not_reached": (
        "Velora's ingest can't be reached, although {host} has the right address and key: check "
        "your internet connection and firewall, then press Start Streaming again."
    ),
    "status.refused_unasked": (
        "Velora refused the stream, and without a sign-in your stream key can't be checked: sign "
        "in with Velora, press Configure Velora, then press Start Streaming again."
    ),
    "status.refused_unknown": (
        "Velora refused the stream, and your stream key could not be checked: press Configure "
        "Velora in a moment, then press Start Streaming again. {reason}"
    ),
    "status.refreshed_live": "You are live on Velora with {info} (as of {at}).",
    "status.refreshed_offline": "You are offline (as of {at}). Velora has {info}.",
    "status.channel_title": "the title “{title}”",
    "status.channel_no_title": "no title",
    "status.channel_category": "the category {category}",
    "status.channel_no_category": "no category",
    "status.updated": "Velora now has {info}.",
    "status.update_same": "Velora already has {info}, so nothing had to be sent.",
    "status.update_empty": ("There is nothing to send: enter a title, a category or tags first."),
    "status.rest_updated": "Everything else was sent: {sentence}",
    "status.rest_same": "Everything else is up to date: {sentence}",
    "status.update_failed": (
        "{reason} Your stream info was not sent to Velora. Your stream is not affected."
    ),
    "status.update_retrying": (
        "{reason} Your stream info is not on Velora yet: {host} is trying again in {seconds} "
        "seconds, and there is nothing for you to do. Your stream is not affected."
    ),
    "status.preset_applied": "The fields now hold the preset “{name}”.",
    "status.preset_saved": "The preset “{name}” is saved.",
    "status.preset_overwritten": "The preset “{name}” now holds what is in the fields.",
    "status.preset_renamed": "The preset is now called “{name}”.",
    "status.preset_deleted": "The preset “{name}” is deleted.",
    "status.preset_moved": "The preset “{name}” has moved.",
    "status.scene_tied": (
        "While you stream to Velora, the preset “{name}” is sent when the scene “{scene}” goes on "
        "air."
    ),
    "status.scene_untied": "No scene sends the preset “{name}” any more.",
    "status.preset_exported_one": "1 preset is in {file} now.",
    "status.presets_exported": "{count} presets are in {file} now.",
    "status.presets_imported": (
        "Presets imported: {added} added, {replaced} replaced, {same} already there."
    ),
    "status.presets_damaged": (
        "Your presets can't be read because {file} is damaged: it will be kept beside the new one "
        "when you save a preset."
    ),
    "status.recent_chosen": "The fields now hold {info}.",
    "status.count_set": "{{count}} is now {count} for this stream or the next one.",
    "status.category_found": "Velora has the category “{name}”, and it is chosen now.",
    "status.categories_found": (
        "Categories on Velora with “{text}” in their name: {count}. Choose one from the list."
    ),
    "status.categories_many": (
        "The first {count} categories on Velora with “{text}” are in the list: choose one, or type "
        "more of its name and press Find category again."
    ),
    "status.search_gone": (
        "Velora's search for categories can't be used now, so only the {count} categories in its "
        "list were looked through: {found} of them fit."
    ),
    "status.category_starred": "“{name}” is always among the first in the list now.",
    "status.category_unstarred": "“{name}” has no star any more.",
    "status.category_again": "{host} looks the category up again in {seconds} seconds.",
    "status.channel_opens": "Your channel's page opens in your browser: {address}.",
    "status.chat_opens": (
        "Your chat opens in your browser. To have it in a dock of its own, copy the chat address "
        "below: its help says where to."
    ),
    "status.browser_missing": (
        "No browser could be opened: copy this address into one yourself, {address}."
    ),
    "status.title_old": "Your title “{title}” has been the same since {day}.",
    "status.title_replaced": (
        "“{theirs}” was your title on Velora, set on its website or elsewhere, and “{ours}” has "
        "taken its place: press Put back to have it again."
    ),
    "status.title_other": (
        "Your stream goes out as “{title}”, which is what Velora has: press Update now to send the "
        "title in the panel."
    ),
    "status.interrupted": (
        "“{button}” was put off because your stream started; press it again when you like."
    ),
    "change.title": "the title “{title}”",
    "change.category": "the category {category}",
    "change.tags": "the tags {tags}",
    "change.no_tags": "no tags",
    "change.and": "{first} and {last}",
    "change.or": "{first} or {last}",
    # -- the running stream ----------------------------------------------------------------
    "live.off": "You are not streaming to Velora.",
    "live.asking": "Your stream's status is being fetched from Velora.",
    "live.not_yet": "Velora does not show your stream yet (as of {at}).",
    "live.on_air": "You have been live for {duration} with {viewers}, {title} (as of {at}).",
    "live.viewers": "{viewers} (peak {peak}, average {average})",
    "live.viewer_count": "{count} viewers",
    "live.viewer_count_one": "1 viewer",
    "live.viewers_unknown": "an unknown number of viewers",
    "live.title": "titled “{title}”",
    "live.no_title": "without a title",
    "live.trouble": "The last status check failed. {reason}",
    "live.events_missing": (
        "Velora does not push changes of your stream at the moment, so the script asks every "
        "{seconds} seconds. {reason}"
    ),
    "live.not_shown": (
        "Velora does not show your stream, a minute after its start: look at your channel page; if "
        "it is offline, stop, press Configure Velora (the key may be another channel's), and start "
        "again."
    ),
    "live.not_shown_plugin": (
        "Velora does not show your stream, a minute after your start: look in your plugin whether "
        "it streams to Velora, with the address and the stream key of your channel."
    ),
    "live.summary": (
        "Your stream lasted {duration}, with a peak of {peak} and an average of {average}."
    ),
    "live.summary_short": "Your stream lasted {duration}.",
    "srt.failed": (
        "Press Use RTMP instead, or try another SRT stream id: your stream could not be started by "
        "SRT, and it isn't known which form of it Velora takes."
    ),
    "srt.connecting": (
        "Press Stop Streaming, then Use RTMP instead, or try another SRT stream id: your stream "
        "does not start by SRT, and it isn't known which form of it Velora takes."
    ),
    # -- how a stream is sent --------------------------------------------------------------
    "health.now": "Your stream is sent at {bitrate} kbit/s ({more}).",
    "health.summary": "It was sent at {bitrate} kbit/s ({more}).",
    "health.lost": "{share} of the frames lost",
    "health.hardly": "under 0.1%",
    "health.congestion": "congestion {share}",
    "health.reconnect": "1 reconnect",
    "health.reconnects": "{count} reconnects",
    "health.losses": (
        "Lower the bitrate in your output settings, or check your connection: {share} of the "
        "frames to Velora were lost in the last 30 seconds."
    ),
    "health.losses_over": "Hardly any frames are lost on the way to Velora now.",
    "health.silence": (
        "Check your internet connection: nothing could be sent to Velora for 10 seconds, and your "
        "stream goes on trying."
    ),
    "health.silence_over": "Your stream is sent to Velora again.",
    # -- the encoder -----------------------------------------------------------------------
    "encoder.both": (
        "{host} encodes with B-frames and sends a keyframe {every}: for your viewers on Velora the "
        "picture may stutter, and starts late."
    ),
    "encoder.b_frames": (
        "{host} encodes with B-frames: for your viewers on Velora the picture may stutter."
    ),
    "encoder.keyframes": (
        "{host} sends a keyframe {every}: for your viewers on Velora the picture starts late."
    ),
    "encoder.every": "only every {seconds} seconds",
    "encoder.up_to": "as seldom as every {seconds} seconds",
    "encoder.any_interval": "at no fixed interval",
    "encoder.remedy": (
        "Turn on “{setting}” here, or set a keyframe interval of 2 s and no B-frames in {host}'s "
        "output settings."
    ),
    "encoder.remedy_by_hand": (
        "Set a keyframe interval of 2 s and no B-frames in {host}'s output settings."
    ),
    "encoder.shared": (
        "Something beside the stream uses the same encoder, such as a recording or the replay "
        "buffer, so nothing was changed for this stream."
    ),
    # -- the check of everything -----------------------------------------------------------
    "check.api": "Velora can be reached.",
    "check.sign_in": "You are signed in to Velora as {name}.",
    "check.scopes": "You have all the permissions that are needed.",
    "check.scopes_unknown": "Velora does not say which permissions this access token has.",
    "check.setup": "Your stream key is available ({key}).",
    "check.ingest": "Velora's ingest {server} can be reached.",
    "check.ingest_srt": "Whether {server} can be reached by SRT will show when you stream.",
    "check.ingest_unreachable": (
        "Velora's ingest {server} can't be reached: check your internet connection and firewall."
    ),
    "check.host": "{host} streams to Velora with your channel's key (profile {profile}).",
    "check.host_elsewhere": (
        "{host} is not set up for Velora in the profile {profile} (it streams to {service}): press "
        "Configure Velora."
    ),
    "check.by_plugin": (
        "{host} streams to {service} (profile {profile}); whether your plugin's stream is on "
        "Velora shows here while you are live."
    ),
    "check.host_unknown": (
        "Velora has not confirmed yet that {service}, which {host} streams to, is Velora's."
    ),
    "check.host_key_unknown": (
        "{host} streams to Velora (profile {profile}); Velora has not confirmed that the key is "
        "your channel's."
    ),
    "check.host_foreign_key": (
        "The stream key in {host} is another platform's: press Configure Velora to use yours."
    ),
    "check.encoder": "Your encoder's settings suit Velora ({settings}).",
    "check.encoder_suited": "Your encoder is set to suit Velora while you stream there.",
    "check.encoder_unknown": "{host} does not tell all of your encoder's settings.",
    "check.all_right": "All checks passed. {sentences}",
    "check.not_wrong": "No problem was found. {sentences}",
    "check.unknown": "These could not be checked: {sentences}",
    # -- the title's length, below its field -----------------------------------------------
    "title.count": "{length}/{limit}",
    "title.finished": "Sent now: “{title}” ({count})",
    "title.too_long": "{length}/{limit}: {excess} too many, Velora will not accept it",
    # -- a streaming service ---------------------------------------------------------------
    "service.unnamed": "a service without an address",
    "service.with_key": "{place} with key {key}",
    # -- who is signed in ------------------------------------------------------------------
    "account.reading": "Your sign-in is being read …",
    "account.uncertain": "Your sign-in can't be read right now.",
    "account.none": "Not signed in.",
    "account.environment": "Using the access token in VELORA_ACCESS_TOKEN.",
    "account.entered": "Using the access token you pasted.",
    "account.signed_in": "Signed in as {name} since {since}.",
    "account.someone": "a Velora user",
    "account.scope_missing": (
        "This needs the permission {scope}, which was not granted: press Sign in with Velora and "
        "allow it."
    ),
    "account.scope_unapproved": (
        "This needs the permission {scope}, which was not granted: press Sign in with Velora and "
        "allow it. If Velora refuses, it has not approved your app for that yet: ask for it at "
        "developer.velora.tv."
    ),
    # -- the panel -------------------------------------------------------------------------
    "panel.description": (
        '<b>Velora for OBS</b> · <a href="https://velora.tv" style="color: #8ab4ff">Help</a>'
    ),
    "panel.section": "Show",
    "panel.section_help": "What this panel shows: there is more than fits into one view.",
    "section.info": "Stream info",
    "section.setup": "Stream setup",
    "section.presets": "Presets",
    "section.picture": "Text on screen",
    "section.account": "Account",
    "panel.token_from": (
        'A token comes from an app at <a href="https://developer.velora.tv" '
        'style="color: #8ab4ff">developer.velora.tv</a>. It needs the permissions stream:key, '
        "stream:read and stream:write."
    ),
    "panel.use_token_help": "Shows a field for an access token that you have already.",
    "panel.regenerate_help": (
        "Makes a new stream key on Velora, in case someone may have seen yours. The old one stops "
        "working immediately."
    ),
    "panel.regenerate_yes_help": (
        "The old key stops working immediately, and nothing brings it back."
    ),
    "panel.regenerate_no_help": "Your stream key stays as it is.",
    "panel.use_my_key_help": (
        "Puts your channel's stream key in place. The one that is there is kept: Restore previous "
        "service brings it back."
    ),
    "panel.keep_this_key_help": (
        "You go on streaming with the key that is there, and will not be asked about it again."
    ),
    "panel.sign_in_help": (
        "Opens Velora in your browser. Once you have allowed access there, you stay signed in."
    ),
    "panel.sign_out_help": (
        "Deletes your sign-in, a pasted token and your app's client ID from this computer."
    ),
    "panel.register": (
        'Ask <a href="https://developer.velora.tv" style="color: #8ab4ff">developer.velora.tv</a> '
        "to approve the app for stream:key and stream:write."
    ),
    "panel.registered": (
        "Your app is set: press Sign in with Velora. To use another app, enter its client ID."
    ),
    "panel.client_id": "Client ID",
    "panel.client_id_help": (
        "It is kept with your sign-in, never with your scenes; this field is emptied once the ID "
        "is saved."
    ),
    "panel.client_secret": "Client secret",
    "panel.client_secret_help": "Only if your app has one. It is kept like the client ID.",
    "panel.redirect_address": "Redirect URI",
    "panel.redirect_address_help": "Copy it into your Velora app exactly as shown.",
    "panel.redirect_port": "Redirect port",
    "panel.redirect_port_help": (
        "Change it only if another program uses it; then register the new redirect address in your "
        "app."
    ),
    "panel.sign_in_address": "Velora's page",
    "panel.sign_in_address_help": (
        "If no browser opens by itself, copy this into a browser on this computer. It works for "
        "this sign-in only."
    ),
    "panel.access_token": "Access token",
    "panel.access_token_help": (
        "Use it instead of signing in. It is kept like the client ID, and works until it expires."
    ),
    "panel.token_from_environment": (
        "The access token comes from VELORA_ACCESS_TOKEN; a token pasted here is not used."
    ),
    "panel.title": "Title",
    "panel.title_help": "At most 140 characters. What you leave empty stays as it is on Velora.",
    "panel.category": "Category",
    "panel.find_category_help": (
        "Looks on Velora for categories with these letters in their name, and puts them into the "
        "list."
    ),
    "panel.star_category_help": (
        "Categories with a star come first in the list, then those that you used last."
    ),
    "panel.no_category": "(Velora's own)",
    "panel.tags": "Tags",
    "panel.tags_help": (
        "Separate tags with commas. If there are none, Velora keeps its tags. To remove those that "
        "it has, press Load from Velora, take them out here, and press Update now."
    ),
    "panel.protocol": "Protocol",
    "panel.protocol_help": (
        "RTMP fits almost everyone. SRT holds up better on a poor connection, but nobody has shown "
        "yet that Velora takes streams by it. Press Configure Velora after changing this."
    ),
    "panel.srt_form": "SRT stream id",
    "panel.srt_form_help": (
        "If it is empty, your stream key is sent alone. Velora's ingest is probably an "
        "OvenMediaEngine, whose form is vhost/app/key: if SRT is refused, try "
        "default/{{app}}/{{key}}. There are also {{host}} and {{port}}. Press Configure Velora "
        "after changing this."
    ),
    "panel.use_rtmp_help": "Sets up RTMP for Velora, as Configure Velora does.",
    "button.use_rtmp": "Use RTMP instead",
    "panel.update_on_start": "Update when I go live",
    "panel.by_plugin": "A plugin streams to Velora",
    "panel.by_plugin_help": (
        "For plugins that send a second stream, such as obs-multi-rtmp or Aitum Multistream: your "
        "title, category and tags are sent and your live status is shown although your own service "
        "is another platform's. Nothing else is changed."
    ),
    "panel.suit_encoder": "Encoder settings for Velora",
    "panel.suit_encoder_help": (
        "While you stream to Velora, your encoder then works without B-frames and with a keyframe "
        "every 2 s. Your profile stays as it is, and so do streams to other platforms."
    ),
    "panel.configure_help": (
        "Gets your stream key from Velora and puts it, with the address, into your stream settings."
    ),
    "panel.update_now_help": (
        "Sends your changes to title, category and tags to Velora now. There is a hotkey for it in "
        "the settings."
    ),
    "hotkey.update_now": "Velora: update title, category and tags",
    "hotkey.put_back": "Velora: put back the title, category and tags of before",
    "hotkey.preset": "Velora: apply the preset “{name}”",
    "panel.refresh_help": "Gets the categories and your channel's status from Velora.",
    "panel.check_help": "Tests every step to Velora: sign-in, permissions, stream key and ingest.",
    "panel.restore_help": "Puts back {service}, exactly as it was before Configure Velora.",
    "panel.previous": "Previous service: {service}.",
    "panel.previous_since": "Previous service, until {day}: {service}.",
    "panel.previous_more": "Earlier services that you can restore after it: {count}.",
    "panel.live_interval": "Check every (s)",
    "panel.live_interval_help": "How often your channel is checked while you stream to Velora.",
    "panel.text_source": "Text source",
    "panel.text_source_help": (
        "A text source in your scenes that shows viewers or title while you are live. After the "
        "stream it gets its old text back."
    ),
    "panel.no_text_source": "(none)",
    "panel.text_template": "Text to show",
    "panel.text_template_help": (
        "For example: {{viewers}} watching. Also {{peak}}, {{title}}, {{category}}, {{uptime}}, "
        "{{date}}, {{time}}, {{weekday}}, {{scene}}, {{preset}} and {{count}}. If it is empty, the "
        "source is left alone."
    ),
    "panel.template_unknown": "The text has {names}, which stands for nothing: use {known}.",
    "panel.preset": "Preset",
    "panel.preset_help": "A set of title, category and tags that you saved under a name.",
    "panel.no_preset": "(none)",
    "panel.preset_marked": "⚠ {name}",
    "panel.preset_warning": (
        "Velora no longer has this preset's category {category}: choose another one above, then "
        "press Save changes."
    ),
    "panel.preset_apply_help": (
        "Puts the preset's title, category and tags into the fields. While you stream to Velora, "
        "it is sent as well. There are hotkeys for your first ten presets in the settings."
    ),
    "panel.put_back_help": (
        "Sends the title, category and tags that Velora had before the last update, and puts them "
        "into the fields."
    ),
    "panel.presets_more_help": "Save, rename, delete or share presets, and choose recent titles.",
    "panel.presets_less_help": "Shows only what you need every day.",
    "panel.preset_name": "Name",
    "panel.preset_name_help": "For Save as preset and Rename.",
    "panel.preset_save_help": (
        "Saves what is in Title, Category and Tags under this name. What is empty stays as it is "
        "when you apply the preset."
    ),
    "panel.preset_overwrite_help": (
        "Replaces what is in the chosen preset with the title, category and tags in the fields."
    ),
    "panel.preset_rename_help": "Gives the chosen preset the name above. Its hotkey stays.",
    "panel.preset_up_help": "Moves the chosen preset up in the list.",
    "panel.preset_down_help": "Moves the chosen preset down in the list.",
    "panel.preset_delete_help": "Deletes the chosen preset from this computer.",
    "panel.preset_delete_yes_help": "Deletes the preset; its hotkey goes with it.",
    "panel.preset_delete_no_help": "The preset stays as it is.",
    "panel.scenes_line": "Sent when these go on air: {scenes}.",
    "panel.scene_tie_help": (
        "While you stream to Velora, the preset is sent when the scene that is on air now goes on "
        "air again, at most every 30 seconds."
    ),
    "panel.scene_untie_help": "The preset is no longer sent by any scene.",
    "panel.preset_export": "Export to",
    "panel.preset_export_help": "Choose a file, and all your presets are written to it.",
    "panel.preset_import": "Import from",
    "panel.preset_import_help": "Choose a file of presets, and they are added to yours.",
    "panel.recent": "Recent title",
    "panel.recent_help": "The last twenty titles you sent, with their category and tags.",
    "panel.no_recent": "(none)",
    "panel.recent_use_help": (
        "Puts this title, its category and its tags into the fields. While you stream to Velora, "
        "they are sent as well."
    ),
    "panel.count_line": "{{count}} in titles is {count} now.",
    "panel.stream_number": "Set it to",
    "panel.stream_number_help": "The number of this stream, or of the next one.",
    "panel.set_count_help": "{{count}} goes up by one with each stream that Velora shows.",
    "panel.load_help": "Fills in the title, category and tags that your channel has on Velora now.",
    "button.sign_in": "Sign in with Velora",
    "button.use_token": "Use an access token",
    "button.sign_out": "Sign out",
    "button.configure": "Configure Velora",
    "button.update_now": "Update now",
    "button.open_channel": "Open my channel",
    "button.open_chat": "Open chat",
    "panel.open_channel_help": "Opens your channel's page on Velora in your browser.",
    "panel.open_chat_help": (
        "Opens your chat in your browser, and shows its address: OBS has it in a dock of its own "
        "once you have copied it into Docks → Custom Browser Docks."
    ),
    "panel.chat_address": "Chat address",
    "panel.chat_address_help": (
        "For a dock in OBS: open Docks → Custom Browser Docks, enter a name and this address, and "
        "press Apply."
    ),
    "button.find_category": "Find category",
    "button.star_category": "Star this category",
    "button.unstar_category": "Remove the star",
    "button.load": "Load from Velora",
    "button.refresh": "Refresh",
    "button.check": "Check everything",
    "button.regenerate": "Regenerate stream key",
    "button.regenerate_yes": "Yes, make a new key",
    "button.regenerate_no": "No, keep it",
    "button.restore": "Restore previous service",
    "button.use_my_key": "Use my channel's key",
    "button.keep_this_key": "Keep this key",
    "button.preset_apply": "Apply",
    "button.preset_save": "Save as preset",
    "button.preset_overwrite": "Save changes",
    "button.preset_rename": "Rename",
    "button.preset_delete": "Delete",
    "button.preset_delete_yes": "Yes, delete it",
    "button.preset_delete_no": "No, keep it",
    "button.presets_more": "More …",
    "button.presets_less": "Less",
    "button.put_back": "Put back",
    "button.scene_tie": "Send with this scene",
    "button.scene_untie": "With no scene",
    "button.recent_use": "Use this title",
    "button.preset_up": "Move up",
    "button.preset_down": "Move down",
    "button.preset_export": "Export",
    "button.preset_import": "Import",
    "button.set_count": "Set the count",
    "panel.second_copy": (
        "Velora for OBS is already loaded from {path}. Remove this second entry: "
        "select it and press the minus below the list."
    ),
    # -- what the browser shows after signing in -------------------------------------------
    "page.signed_in": "You're signed in to Velora as {name}",
    "page.someone": "yourself",
    "page.close": "You can close this page now.",
    "page.failed": "You are not signed in",
    "page.nothing_here": "There is nothing here",
    "page.nothing_here_text": "This address is only used for signing in to Velora.",
    # -- the command line ------------------------------------------------------------------
    "cli.signed_in": "You are signed in to Velora as {name}.",
    "cli.withheld": "Velora did not give the permission for {scopes}.",
    "cli.sign_in_open": (
        "Velora's page opens in your browser: allow access there. If it does not open, open this "
        "address: {address}"
    ),
    "cli.sign_in_unsaved": "You are signed in, but that could not be stored: try again.",
    "cli.offline": "The channel is offline.",
    "cli.live": "The channel is live.",
    "cli.live_with": "The channel is live with {viewers}.",
    "cli.stream_key": "Stream key",
    "cli.whip_hidden": "it contains the stream key: use --show-key to see it",
    "cli.key_hidden": "Use --show-key to see the stream key. Whoever has it can stream as you.",
    "cli.key_made": (
        "Your new stream key is {key}; the old one no longer works. Velora for OBS puts the new "
        "one into OBS; enter it yourself in other programs."
    ),
    "cli.regenerate_sure": (
        "Your old stream key will stop working immediately, everywhere you use it. Make a new one? "
        "[y/N]"
    ),
    "cli.regenerate_unasked": (
        "A new stream key makes the old one useless, and there is no terminal to ask: use --yes if "
        "you are sure."
    ),
    "cli.stream_refused": (
        "Velora refused the stream although the key is the right one: check on velora.tv that "
        "streaming is enabled for your account, and that no other program streams with it."
    ),
    "cli.stream_unreachable": (
        "Velora's ingest {server} can't be reached: check your internet connection and firewall."
    ),
    "cli.encoding_failed": "ffmpeg could not stream: {complaint}",
    "cli.stream_running": (
        "Another velora stream runs on this computer: stop that one first, then try again."
    ),
    "cli.stream_all_the_same": "{reason} The stream starts all the same.",
    "cli.stream_again": "The connection broke: streaming again in {seconds} s.",
    "cli.stream_new_key": "Velora has a new stream key ({key}): streaming again with it.",
    "cli.stream_dropped": "{count} frames dropped",
    "cli.stream_input": "give a file to stream, or ffmpeg's input arguments behind --",
    "error.no_ffmpeg": "ffmpeg is not installed: install it, then try again.",
    "error.muxer_missing": (
        "This ffmpeg can't stream by WHIP, which needs ffmpeg 8: use --protocol rtmp, or install a "
        "newer ffmpeg."
    ),
    "error.input_unreadable": "ffmpeg finds no picture in {file}: choose another file.",
    "cli.nothing_to_set": (
        "There is nothing to set: use --title, --category, --tag or --clear-tags."
    ),
    "cli.categories_first": (
        "These are the first {count} by the alphabet; use --search NAME to find the others."
    ),
    "cli.categories_none": "Velora has no category with “{text}” in its name.",
    # -- the log ---------------------------------------------------------------------------
    "log.scene_preset": "The scene on air sends the preset “{name}”.",
    "log.loaded": "Version {version} is loaded.",
}
