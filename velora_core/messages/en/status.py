"""What the status line and the log say: how an action ended, and what to do next."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "status.reading": "Your sign-in and settings are being read … Press Refresh in a moment.",
    "status.welcome": ("Step 1 of 2: sign in, or paste an access token. Step 2: {next}."),
    "status.ready": "Press Configure Velora to set {host} up for Velora{in_profile}.",
    "status.ready_copy": (
        "Your title, category and tags are sent when you go live. Once, {host} needs Velora's "
        "address and your stream key: copy both in Stream setup, and paste them into {host} "
        "({stream_settings})."
    ),
    "next.configure": "press Configure Velora",
    "next.copy": "copy Velora's address and your stream key into {host}, in Stream setup",
    "status.by_plugin": (
        "Your stream goes to Velora with another plugin: your title, category and tags are sent "
        "when you start."
    ),
    "status.configured_before": "{host} streams to Velora{in_profile} ({server}).",
    "status.in_profile": " in the profile “{profile}”",
    "status.working": (
        "Velora has not answered yet. {host} is not affected: press Refresh in a moment to see the "
        "answer."
    ),
    "status.token_wanted": "Paste an access token below, then {next}.",
    "status.token_noted": "Your token is entered. Next: {next}.",
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
    "status.signed_in": "Signed in as {name}. Next: {next}.",
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
    "status.configured": "{host} will stream to {server} with key {key}{in_profile}.",
    "status.go_live": "To go live, press {start_button}.",
    "status.encoder_below": "Your encoder may not suit Velora yet: Stream setup says why.",
    "status.configured_whip": (
        "{host} will stream to {server} by WHIP with key {key}{in_profile}."
    ),
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
    "status.address_copied": (
        "Velora's address {address} is on the clipboard: paste it into {target}."
    ),
    "status.copy_key_sure": (
        "Whoever sees your stream key can stream as you: paste it only into what streams for you. "
        "To copy it, press Yes, copy it."
    ),
    "status.copy_key_not": "Your stream key was not copied.",
    "status.key_copied": (
        "Your stream key {key} is on the clipboard for {seconds} seconds: paste it into {target} "
        "now."
    ),
    "next.plugin": "your plugin",
    "next.host": "{host} ({stream_settings})",
    "status.tells_itself": "{host} itself tells when it streams, so this is not needed.",
    "status.followed": (
        "{host} counts as live until you press I have stopped, or Velora no longer shows your "
        "stream."
    ),
    "status.followed_by_velora": "Velora shows your stream, so {host} counts as live.",
    "status.followed_no_more": "{host} no longer counts as live.",
    "status.regenerate_kept": "Your stream key stays as it is.",
    "status.key_applied": (
        "{host} will stream with your new key {key}{in_profile}; the old one no longer works."
    ),
    "status.key_made": (
        "Your new key is {key}; the old one no longer works. {host} is set up for another service"
        "{in_profile} and stays so."
    ),
    "status.key_made_here": (
        "Your new key is {key}; the old one no longer works. Enter the new one in {host} yourself "
        "({stream_settings})."
    ),
    "status.restored": "{host} streams to your previous service again{in_profile}: {service}.",
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
        "Velora did not take the stream, although {host} has the right key: press Start Streaming "
        "again. If that does not help, check on velora.tv that streaming is enabled for your "
        "account."
    ),
    "status.not_reached": (
        "Velora's ingest can't be reached, although {host} has the right address and key: check "
        "your internet connection and firewall, then press Start Streaming again."
    ),
    "status.refused_unasked": (
        "Velora did not take the stream, and without a sign-in your stream key can't be checked: "
        "sign in with Velora, press Configure Velora, then press Start Streaming again."
    ),
    "status.refused_unknown": (
        "Velora did not take the stream, and your stream key could not be checked: press "
        "Configure Velora in a moment, then press Start Streaming again. {reason}"
    ),
    "status.failed_anyway": (
        "The stream did not start, although {host} has the right address and key: {host} gives the "
        "reason in a window of its own."
    ),
    "status.unstarted": (
        "{host} itself could not start the stream, and has not tried to reach Velora: do what its "
        "own message says, then press Start Streaming again."
    ),
    "status.unheard": (
        "{host} has not started streaming yet, although it has the right address and key: if it "
        "shows a message, do what that says, then press Start Streaming again."
    ),
    "status.failed_unasked": (
        "The stream has not started, and without a sign-in your stream key can't be checked: sign "
        "in with Velora, press Configure Velora, then press Start Streaming again."
    ),
    "status.failed_unknown": (
        "The stream has not started, and your stream key could not be checked: press Configure "
        "Velora in a moment, then press Start Streaming again. {reason}"
    ),
    "status.restart_for_audio": (
        "Restart {host} before you stream: until then it keeps using its old audio encoder."
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
        "{reason} Your stream info is not on Velora yet: {host} is trying again in "
        "{wait}, and there is nothing for you to do. Your stream is not affected."
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
    "status.programs_saved": (
        "The preset “{name}” is applied when your scenes capture one of these programs: {programs}."
    ),
    "status.programs_none": "No program applies the preset “{name}” any more.",
    "status.game_preset": ("“{program}” is captured, so the fields now hold the preset “{name}”."),
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
        "list were searched. Found: {found}."
    ),
    "status.category_starred": "“{name}” is always among the first in the list now.",
    "status.category_unstarred": "“{name}” has no star any more.",
    "status.category_again": "{host} looks the category up again in {wait}.",
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
    "change.no_title": "no title",
    "change.category": "the category {category}",
    "change.tag": "the tag {tags}",
    "change.tags": "the tags {tags}",
    "change.no_tags": "no tags",
    "change.second": "1 second",
    "change.seconds": "{count} seconds",
    "change.and": "{first} and {last}",
    "change.or": "{first} or {last}",
    "log.game_preset": "“{program}” is captured, which sends the preset “{name}”.",
    "log.scene_preset": "The scene on air sends the preset “{name}”.",
    "log.loaded": "Velora {version} is loaded.",
    # -- the panel as a page, and programs that use it -------------------------------------
    "status.page_opens": "Velora opens as a page in your browser.",
    "status.page_no_browser": (
        "No browser could be opened: copy the dock address below, and open it yourself."
    ),
    "status.page_off": "The dock is off.",
    "status.program_added": (
        "{name} may control Velora once it has the token below: copy it now, you can't see it "
        "again later."
    ),
    "status.program_revoked": "{name} can no longer control Velora.",
}
