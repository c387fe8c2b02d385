"""Sentences of what reaches broadcasting software from outside; a script inside OBS has none."""

from __future__ import annotations

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "companion.unreachable": (
        "OBS does not answer at {place}: start OBS, choose Tools → WebSocket Server Settings, and "
        "tick Enable WebSocket server."
    ),
    "companion.not_obs": (
        "What answers at {place} is not OBS's WebSocket server: compare the port with OBS, Tools → "
        "WebSocket Server Settings."
    ),
    "companion.too_old": (
        "The OBS at {place} speaks another version of its WebSocket protocol: update OBS to 29 or "
        "later."
    ),
    "companion.password_missing": (
        "The OBS at {place} asks for a password, and none is known: run velora companion in a "
        "terminal, and enter the command password there. OBS shows its password in Tools → "
        "WebSocket Server Settings → Show Connect Info."
    ),
    "companion.password_wrong": (
        "The OBS at {place} does not accept the password: enter the command password, then copy "
        "the one that OBS shows in Tools → WebSocket Server Settings → Show Connect Info."
    ),
    "companion.kicked": (
        "Somebody ended Velora's connection in OBS at {place}, and Velora does not reconnect by "
        "itself: enter connect when you want it back."
    ),
    "companion.connection_ended": (
        "Velora lost the connection to OBS at {place} and reconnects by itself."
    ),
    "companion.silent": "OBS at {place} has not answered in time: try again in a moment.",
    "companion.busy": (
        "OBS at {place} is busy loading scenes or a profile: try again in a moment."
    ),
    "companion.streaming": (
        "OBS at {place} is streaming, and its stream settings can't be changed meanwhile: stop "
        "the stream, then try again."
    ),
    "companion.no_whip": (
        "The OBS at {place} has no WHIP, so nothing was changed: enter protocol rtmp or protocol "
        "srt, then configure."
    ),
    "companion.profile_changing": (
        "OBS at {place} has just changed to another profile, so nothing was done: try again in a "
        "moment."
    ),
    "companion.changed_meanwhile": (
        "Somebody else has just changed the stream settings in OBS at {place}: look at them, then "
        "try again."
    ),
    "companion.account": (
        "OBS has your {platform} account connected and puts that account's stream key there at "
        "each start, which Velora can't change from outside: in OBS, Settings → Stream, choose "
        "{platform}, press Disconnect Account, then Cancel."
    ),
    "companion.connected": "Velora is connected to OBS at {place}.",
    "companion.quit": "OBS at {place} has quit; Velora reconnects when it is back.",
    "companion.script_acts": (
        "Velora's script is loaded in OBS at {place} and does all this there: use its panel, in "
        "Tools → Scripts. To use this instead, remove the script."
    ),
    "companion.script_gone": (
        "Velora's script is no longer loaded in OBS at {place}: from now on, velora companion "
        "does its work."
    ),
    "companion.meld_unreachable": ("Meld Studio does not answer at {place}: start Meld Studio."),
    "companion.not_meld": (
        "What answers at {place} is not Meld Studio: close the program that uses this port, then "
        "start Meld Studio again."
    ),
    "companion.meld_too_old": (
        "The Meld Studio at {place} does not tell whether it streams: update Meld Studio, then "
        "start it again."
    ),
    "companion.meld_ended": (
        "Velora lost the connection to Meld Studio at {place} and reconnects by itself."
    ),
    "companion.meld_silent": (
        "Meld Studio at {place} has not answered in time; Velora reconnects by itself."
    ),
    "companion.meld_connected": "Velora is connected to Meld Studio at {place}.",
    "companion.ask_file": (
        "OBS on this computer has its WebSocket password in its settings. May Velora read it there "
        "for {place}? [y/N]"
    ),
    "companion.ask_password": (
        "Password of OBS at {place} (in OBS: Tools → WebSocket Server Settings → Show Connect "
        "Info): "
    ),
    "companion.ask_unencrypted": (
        "OBS at {place} is on another computer, and its WebSocket server encrypts nothing: whoever "
        "can read your network can read the stream key. Connect all the same? [y/N]"
    ),
    "companion.not_unencrypted": (
        "Velora does not connect to OBS at {place}, because your stream key would go there "
        "unencrypted. To connect all the same, use --unencrypted."
    ),
    "companion.served": (
        "Another velora companion on this computer already serves {place}: use that one, or "
        "enter quit there first."
    ),
    "companion.not_signed_in": "You are not signed in to Velora: enter sign-in, then try again.",
    "companion.client_id_missing": (
        "Signing in needs a Velora app: enter page, create an app at developer.velora.tv with the "
        "redirect URI that Account shows there, and enter its client ID on the page."
    ),
    "companion.page_no_browser": (
        "No browser could be opened: choose a default browser and try again, or run velora "
        "companion in a terminal, where page prints an address."
    ),
    "companion.page_entry": (
        "No browser could be opened: open this address in one on this computer within two minutes. "
        "It works once: {address}"
    ),
    "companion.browser_missing": (
        "No browser could be opened: open the address that sign-in prints in one on this computer, "
        "or choose a default browser and enter sign-in again."
    ),
    # What the panel's sentences say of a button, and what they say here instead.
    "companion.press": "press {button}",
    "companion.enter": "enter {command}",
    "companion.commands": "You can enter: {commands}.",
    "companion.noted": (
        "That is noted: enter update to send it now; otherwise it goes out with your next stream."
    ),
    "companion.noted_setup": (
        "That is noted: enter configure to use it, or copy-address where you paste it yourself."
    ),
    "companion.protocols": "The protocol is rtmp, srt or whip.",
    "companion.no_preset": "There is no preset “{name}”: compare it with those in Velora's panel.",
    "companion.not_now": (
        "Nothing was done: there is no connection to your broadcasting software, or Velora's "
        "script is loaded there."
    ),
    "companion.xsplit_ready": (
        "Velora is waiting for XSplit: enter copy-extension, then add the address in XSplit under "
        "Extensions. Without that, enter live when you start to stream and stopped when you end; "
        "if you don't, Velora notices your stream a few seconds late."
    ),
    "companion.xsplit_tells": (
        "Velora's page is open in XSplit and tells when a stream starts and ends there."
    ),
    "companion.xsplit_elsewhere": (
        "XSplit's output “{name}” does not go to Velora: title, category and tags are not sent."
    ),
    "companion.xsplit_copied": (
        "The address of Velora's page for XSplit is on the clipboard for {seconds} seconds. Show "
        "it to nobody: it opens the page."
    ),
    "companion.xsplit_no_page": "Velora's page is not on yet: try again in a moment.",
    "companion.refused": (
        "OBS at {place} did not do what Velora asked for ({request}, {code}): check OBS, then try "
        "again."
    ),
}
