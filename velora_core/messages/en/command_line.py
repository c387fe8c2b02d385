"""What the command ``velora`` says."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "cli.signed_in": "You are signed in to Velora as {name}.",
    "cli.withheld": "Velora did not give the permission for {scopes}.",
    "cli.sign_in_open": (
        "Velora's page opens in your browser: allow access there. If it does not open, open this "
        "address: {address}"
    ),
    "cli.sign_in_unsaved": "You are signed in, but that could not be stored: try again.",
    "cli.variable_first": (
        "The access token in VELORA_ACCESS_TOKEN takes precedence, though: remove the variable to "
        "use this sign-in."
    ),
    "cli.no_token": "There is no access token on standard input: give one, then try again.",
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
    "cli.key_made_hidden": "Run velora setup --show-key to see the new key.",
    "cli.regenerate_sure": (
        "Your old stream key will stop working immediately, everywhere you use it. Make a new one? "
        "[y/N]"
    ),
    "cli.regenerate_unasked": (
        "A new stream key makes the old one useless, and there is no terminal to ask: use --yes if "
        "you are sure."
    ),
    "cli.presets_none": "You have no presets: velora presets save NAME makes the first one.",
    "cli.preset_unknown": "You have no preset called “{name}”: run velora presets to see them.",
    "cli.preset_taken": (
        "You already have a preset called “{name}”: choose another name, or use --replace."
    ),
    "cli.preset_empty": (
        "The preset would be empty: give a title, a category or a tag, or leave all of them out to "
        "save what Velora has now."
    ),
    "cli.preset_replaced": "The preset “{name}” is replaced.",
    "cli.preset_delete_sure": "The preset “{name}” can't be brought back. Delete it? [y/N]",
    "cli.preset_delete_unasked": (
        "The preset “{name}” can't be brought back, and there is no terminal to ask: use --yes if "
        "you are sure."
    ),
    "cli.preset_kept": "The preset stays as it is.",
    "cli.file_missing": "There is no file {file}: check its name.",
    "cli.file_is_folder": "{file} is a folder: add the name of a file.",
    "cli.folder_missing": "There is no folder {folder}: check its name, or create it first.",
    "cli.file_there": "There is a file {file} already: choose another name, or use --replace.",
    "cli.output_failed": "The output can't be written ({reason}): make room, then try again.",
    "cli.stream_complaint": "The stream is over. The last thing that ffmpeg reported: {complaint}",
    "cli.as_it_is": "{sentence}",
    "cli.stream_refused": (
        "Velora did not take the stream, although the key is the right one: try again. If that "
        "does not help, check on velora.tv that streaming is enabled for your account, and that no "
        "other program streams with it."
    ),
    "cli.stream_unreachable": (
        "Velora's ingest {server} can't be reached: check your internet connection and firewall."
    ),
    "cli.stream_no_media": (
        "Velora's server {server} answers, but picture and sound can't get there: allow UDP in "
        "your firewall, use ffmpeg 9 if yours is 8, or use --protocol rtmp."
    ),
    "cli.stream_srt": (
        "Velora's SRT ingest {server} can't be reached, or it refused the stream: allow UDP in "
        "your firewall and try again, or use --protocol rtmp."
    ),
    "cli.encoding_failed": (
        "ffmpeg could not stream ({complaint}): correct what it names, then try again."
    ),
    "cli.encoding_ended": (
        "ffmpeg ended before it had streamed anything, and gave no reason: try again."
    ),
    "cli.encoding_silent": (
        "ffmpeg streamed nothing for {seconds} s: check its input and your internet connection, "
        "then try again."
    ),
    "cli.stream_running": (
        "Another velora stream runs on this computer: stop that one first, then try again."
    ),
    "cli.page_open": (
        "The page is open in your browser. If it is not, open this address there within two "
        "minutes; it works once: {address} Ctrl-C ends the page, and the stream from it."
    ),
    "cli.page_opens": (
        "The page opens in your browser. Ctrl-C ends the page, and the stream from it."
    ),
    "cli.page_unopened": (
        "No browser could be opened: choose a default browser and start velora page again, or "
        "start it in a terminal, where it prints an address."
    ),
    "cli.page_no_browser": (
        "No browser could be opened: open this address in one on this computer within two "
        "minutes; it works once: {address} Ctrl-C ends the page, and the stream from it."
    ),
    "cli.stream_all_the_same": "{reason} The stream starts all the same.",
    "cli.stream_again": "The connection broke: streaming again in {seconds} s.",
    "cli.stream_silent": "Nothing was streamed for {silence} s: streaming again in {seconds} s.",
    "cli.stream_new_key": "Velora has a new stream key ({key}): streaming again with it.",
    "cli.stream_dropped_one": "1 frame dropped",
    "cli.stream_dropped": "{count} frames dropped",
    "cli.stream_input": (
        "give a file to stream, or --screen, or --camera, or ffmpeg's input arguments after --"
    ),
    "cli.stream_microphone": "--microphone is for --screen and --camera",
    "cli.help_commands": "Run velora --help to see all commands.",
    "cli.help_of": "Run velora {command} --help to see what it takes.",
    "cli.category_empty": (
        "There is no name after --category: give a category's name or slug, or leave --category "
        "out."
    ),
    "cli.nothing_to_set": (
        "There is nothing to set: use --title, --category, --tag or --clear-tags."
    ),
    "cli.categories_first": (
        "These are the first {count} categories; use --search NAME to find others."
    ),
    "cli.categories_none": "Velora has no category with “{text}” in its name.",
}
