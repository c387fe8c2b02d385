"""Captions and helps of the panel: sections, fields, buttons and notices."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "title.count": "{length}/{limit}",
    "title.finished": "Your title would now be “{title}” ({count}).",
    "title.no_game": "None of your presets' programs is captured now, so {{game}} stays empty.",
    "title.game_untold": "Which program is captured is not known here, so {{game}} stays empty.",
    "title.too_long": "{length}/{limit}: {excess} too many, Velora will not accept it",
    "service.unnamed": "a service without an address",
    "service.with_key": "{place} with key {key}",
    "account.reading": "Your sign-in is being read …",
    "account.uncertain": "Your sign-in can't be read right now.",
    "account.damaged": "Your sign-in can't be read because its file is damaged.",
    "account.newer": "Your sign-in can't be read because a newer version has written its file.",
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
    "panel.client_secret_help": "Enter it only if your app has one. It is kept like the client ID.",
    "panel.redirect_address": "Redirect URI",
    "panel.redirect_port": "Redirect port",
    "panel.redirect_port_help": (
        "Change it only if another program uses it; then register the new redirect URI in your app."
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
    "panel.protocol_copy_help": (
        "Copy address copies Velora's address for this protocol. RTMP fits almost everyone; "
        "nobody has shown yet that Velora takes streams by SRT."
    ),
    "panel.settings_scope": "Settings of",
    "panel.settings_scope_help": (
        "Whether your title, category, tags and stream setup are the same in all scene "
        "collections, or belong to this scene collection or profile only."
    ),
    "scope.user": "All scenes",
    "scope.collection": "This collection",
    "scope.profile": "This profile",
    "settings.taken_over": (
        "Your title, category, tags and stream setup now apply in all scene collections: they were "
        "taken over from “{collection}”. You can change that in Stream setup."
    ),
    "settings.replaced": (
        "Your own title, category, tags and stream setup now apply here instead of those of the "
        "scene collection “{collection}”: to have those again, choose This collection in Stream "
        "setup."
    ),
    "settings.replaced_by": (
        "Your own title, category, tags and stream setup, which were taken over from the scene "
        "collection “{winner}”, now apply here instead of those of “{collection}”: to have those "
        "again, choose This collection in Stream setup."
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
    "panel.refresh_help": "Gets the categories and your channel's status from Velora.",
    "panel.check_help": "Tests every step to Velora: sign-in, permissions, stream key and ingest.",
    "panel.restore_help": (
        "Puts back {service}{in_profile}, exactly as it was before Configure Velora."
    ),
    "panel.previous": "Previous service{in_profile}: {service}.",
    "panel.previous_since": "Previous service{in_profile}, until {day}: {service}.",
    "panel.previous_more": "Earlier services that you can restore after it: {count}.",
    "panel.live_interval": "Check every (s)",
    "panel.live_interval_help": "How often your channel is checked while you stream to Velora.",
    "panel.text_source": "Text source",
    "panel.text_source_help": (
        "A text source in your scenes that shows viewers or title while you are live. After the "
        "stream it gets its old text back."
    ),
    "panel.no_text_source": "(none)",
    "panel.no_texts": "{host} has no way for other programs to set texts on the picture.",
    "panel.no_text_sources": (
        "Your scenes have no text source yet: add one in {host}, then press Refresh."
    ),
    "panel.text_template": "Text to show",
    "panel.text_template_help": (
        "For example: {{viewers}} watching. Also {{peak}}, {{title}}, {{category}}, {{uptime}}, "
        "{{date}}, {{time}}, {{weekday}}, {{scene}}, {{preset}}, {{game}} and {{count}}. If it is "
        "empty, the source is left alone."
    ),
    "panel.template_unknown": "The text has {names}, which stands for nothing: use {known}.",
    "panel.preset": "Preset",
    "panel.preset_help": "A set of title, category and tags that you saved under a name.",
    "panel.no_preset": "(none)",
    "panel.presets_none": (
        "You have no presets yet. A preset keeps a title, a category and tags under a name: press "
        "More … to save the first one."
    ),
    "panel.preset_marked": "⚠ {name}",
    "panel.preset_warning": (
        "Velora no longer has this preset's category {category}: choose another one under Stream "
        "info, then press Save changes here, under More."
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
    "panel.preset_name_help": "The name that Save as preset and Rename give to a preset.",
    "panel.preset_save_help": (
        "Saves what is in Title, Category and Tags under this name. What is empty stays as it is "
        "when you apply the preset."
    ),
    "panel.preset_overwrite_help": (
        "Replaces what is in the chosen preset with the title, category and tags in the fields."
    ),
    "panel.preset_rename_help": "Renames the chosen preset to what is in Name. Its hotkey stays.",
    "panel.preset_up_help": "Moves the chosen preset up in the list.",
    "panel.preset_down_help": "Moves the chosen preset down in the list.",
    "panel.preset_delete_help": "Deletes the chosen preset from this computer.",
    "panel.preset_delete_yes_help": "Deletes the preset; its hotkey goes with it.",
    "panel.preset_delete_no_help": "The preset stays as it is.",
    "panel.scenes_line": "Scenes that send this preset when they go on air: {scenes}.",
    "panel.scene_tie_help": (
        "While you stream to Velora, the preset is sent when the scene that is on air now goes on "
        "air again, at most every 30 seconds."
    ),
    "panel.scene_untie_help": "The preset is no longer sent by any scene.",
    "panel.programs": "For programs",
    "panel.programs_help": (
        "Executables or window titles, separated by commas, with * for any text: "
        "minecraft.exe, Minecraft*. When your scenes capture one of them, the preset is applied "
        "before you go live."
    ),
    "panel.programs_live": "Switch while live",
    "panel.programs_live_help": (
        "While you stream to Velora, the preset is sent as well when one of its programs is "
        "captured: at most once in 30 seconds."
    ),
    "panel.programs_save_help": "Keeps what is in For programs with the chosen preset.",
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
        "Opens your chat in your browser, and shows its address, which you can copy into a dock of "
        "OBS."
    ),
    "panel.chat_address": "Chat address",
    "panel.chat_address_help": (
        "For a dock in OBS: open Docks → Custom Browser Docks, enter a name and this address, and "
        "press Apply. The OBS that Debian and Ubuntu bring has no such docks."
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
    "button.copy_address": "Copy address",
    "button.copy_key": "Copy stream key",
    "button.copy_key_yes": "Yes, copy it",
    "button.copy_key_no": "No, don't copy it",
    "panel.copy_address_help": (
        "Puts Velora's address on the clipboard, to be pasted where your stream is set up."
    ),
    "panel.copy_key_help": (
        "Puts your stream key on the clipboard for 30 seconds, to be pasted where your stream is "
        "set up. It asks first."
    ),
    "panel.copy_key_yes_help": (
        "Puts your stream key on the clipboard for 30 seconds. It is not shown here."
    ),
    "panel.copy_key_no_help": "Nothing is copied.",
    "button.go_live": "I'm going live",
    "button.have_stopped": "I have stopped",
    "panel.go_live_help": (
        "Press it when you start your stream: your title, category and tags are sent, and your "
        "live status is followed. Without it, that happens as soon as Velora shows your stream."
    ),
    "panel.have_stopped_help": (
        "Press it when you have stopped streaming. Without it, that is noticed when Velora no "
        "longer shows your stream."
    ),
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
    "button.programs_save": "Save programs",
    "button.preset_up": "Move up",
    "button.preset_down": "Move down",
    "button.preset_export": "Export",
    "button.preset_import": "Import",
    "button.set_count": "Set the count",
    # -- the panel as a page, and programs that use it -------------------------------------
    "section.page": "Dock and remote",
    "button.open_page": "Open the dock",
    "button.close_page": "Turn the dock off",
    "button.program_add": "Add this program",
    "button.program_revoke": "Remove this program",
    "panel.open_page_help": (
        "Turns the dock on and opens it in your browser: this panel as a page that is always up to "
        "date. Only programs on this computer can reach it."
    ),
    "panel.close_page_help": "Closes the dock for your browser and for all other programs.",
    "panel.page_kept": "Keep the dock on",
    "panel.page_kept_help": "The dock is on as long as the broadcasting software runs.",
    "panel.page_address": "Dock address",
    "panel.page_address_help": (
        "Copy it, and add it in OBS under Docks → Custom Browser Docks. If there are none, as in "
        "the OBS that Debian and Ubuntu bring, open it in a browser. Show it to nobody: it opens "
        "the dock."
    ),
    "panel.program_name": "Program",
    "panel.program_name_help": (
        "A program that may control Velora through the dock, such as Stream Deck: type its name "
        "here, then press Add this program."
    ),
    "panel.program_add_help": "Makes a token for the program, which you can copy once.",
    "panel.program_token": "Its token",
    "panel.program_token_help": (
        "Copy it now, and paste it into the program: you can't see it again later."
    ),
    "panel.program": "Programs",
    "panel.program_help": "The programs that have a token.",
    "panel.no_program": "(none)",
    "panel.program_revoke_help": "The program's token stops working at once.",
}
