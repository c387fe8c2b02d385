"""How the running stream stands: viewers, losses, the encoder."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
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
        "Velora is not pushing changes to your stream at the moment, so they are fetched every "
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
    "live.not_shown_copied": (
        "Velora does not show your stream, a minute after your start: look in {host} whether it "
        "streams to Velora, with the address and the stream key of your channel."
    ),
    "live.from_browser": "Your browser is streaming to Velora.",
    "live.shown_now": "Velora shows your stream now (as of {at}).",
    "live.summary": (
        "Your stream lasted {duration}, with a peak of {peak} and an average of {average}."
    ),
    "live.summary_short": "Your stream lasted {duration}.",
    "srt.failed": (
        "Press Use RTMP instead, or try another SRT stream id: your stream could not be started by "
        "SRT, and it isn't known which form of it Velora takes."
    ),
    "srt.connecting": (
        "Press Use RTMP instead, or try another SRT stream id: your stream does not start by "
        "SRT, {host} keeps trying, and it isn't known which form of it Velora takes."
    ),
    "srt.not_connected": (
        "Press Use RTMP instead, or try another SRT stream id: your stream has not started by SRT "
        "so far. It isn't known which form of it Velora takes, and {host} may not say by SRT that "
        "its encoder fails."
    ),
    "srt.not_begun": (
        "Press Use RTMP instead, or try another SRT stream id: your stream has not started by SRT "
        "so far. If {host} stays at Connecting, quit it and start it again: its encoder may have "
        "failed, and only that ends such a start."
    ),
    "srt.encoder_fails": (
        "{host} can't encode your stream (“{error}”): put that right in its settings, then press "
        "Configure Velora, which ends this start."
    ),
    "srt.ending": (
        "{host} is asked to give up the start by SRT, and what you have asked for follows: press "
        "Refresh to see that."
    ),
    "srt.never_ends": (
        "Quit {host}, start it again, and press the button then: it keeps trying by SRT, and "
        "can't be told to stop from outside."
    ),
    "srt.connected": "Your stream is sent by SRT now: a later attempt has worked.",
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
    "encoder.up_to": "as rarely as every {seconds} seconds",
    "encoder.any_interval": "at no fixed interval",
    "encoder.remedy": (
        "Turn on “{setting}” in Stream setup, or set a keyframe interval of 2 s and no B-frames in "
        "the output settings of {host}."
    ),
    "encoder.remedy_by_hand": (
        "Set a keyframe interval of 2 s and no B-frames in the output settings of {host}."
    ),
    "encoder.shared": (
        "Something beside the stream uses the same encoder, such as a recording or the replay "
        "buffer, so nothing was changed for this stream."
    ),
}
