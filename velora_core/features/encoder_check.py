"""Check of the encoder: what Velora's players dislike, and settings that suit them."""

from __future__ import annotations

from functools import partial
from typing import Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.host.encoder import Encoder, EncoderFit
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature

__all__ = ["KEYFRAME_INTERVAL", "EncoderCheck", "advice", "dislikes", "in_words"]

_ABOUT_ENCODER: Final = "encoder"
"""Topic of what is said."""

_STILL_MAY_START: Final = 90.0
"""Seconds after a start seems to have failed in which it may go on, with its encoder set for it."""

KEYFRAME_INTERVAL: Final = 2
"""Seconds between two keyframes with which a viewer does not wait long for the first picture."""


def dislikes(encoder: Encoder | None, host: str) -> str:
    """Return what Velora's players dislike of an encoder, in one sentence; empty for nothing.

    What is not known counts as nothing. Velora's ingest is in all likelihood an OvenMediaEngine:
    B-frames make its WebRTC players stutter, and they show nothing before the first keyframe.

    Args:
        encoder: as it is set; None where there is none.
        host: what the broadcasting software is called.
    """
    if encoder is None:
        return ""
    interval = encoder.keyframe_interval
    late = encoder.automatic_keyframes or (interval or 0) > KEYFRAME_INTERVAL
    every = message("encoder.any_interval")
    if interval:
        name = "encoder.up_to" if encoder.automatic_keyframes else "encoder.every"
        every = message(name, seconds=f"{interval:.3g}")
    if encoder.b_frames:
        return message("encoder.both" if late else "encoder.b_frames", host=host, every=every)
    return message("encoder.keyframes", host=host, every=every) if late else ""


def advice(encoder: Encoder | None, host: str, *, fits: bool = True) -> str:
    """Return the same with the remedy; empty when there is nothing to say.

    Args:
        encoder: as it is set; None where there is none.
        host: what the broadcasting software is called.
        fits: whether it can have its encoder set for one stream.
    """
    disliked = dislikes(encoder, host)
    return f"{disliked} {_remedy(host, fits=fits)}" if disliked else ""


def _remedy(host: str, *, fits: bool) -> str:
    if not fits:
        return message("encoder.remedy_by_hand", host=host)
    return message("encoder.remedy", host=host, setting=message("panel.suit_encoder"))


def in_words(encoder: Encoder) -> str:
    """Return what is known of an encoder, for people."""
    rate = encoder.audio_sample_rate
    parts = (
        (encoder.video_codec or "").upper(),
        encoder.rate_control or "",
        f"{encoder.bitrate} kbit/s" if encoder.bitrate else "",
        (encoder.audio_codec or "").upper(),
        f"{rate / 1000:g} kHz" if rate else "",
    )
    return ", ".join(part for part in parts if part)


class EncoderCheck(Feature):
    """Says what is not right when a stream starts, and sets the encoder for it if that is wanted.

    What is set counts for that stream alone, and is in no file of the broadcasting software.
    """

    def __init__(self, runtime: Runtime, session: Session) -> None:
        """Create the encoder check.

        Args:
            runtime: the threads.
            session: knows where Velora takes streams.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._last_advice = ""
        self._giving_back: Job | None = None
        self._advises = False  # the stream that starts goes out with an encoder that was not set
        self._recorded = False  # with its own settings, since a start seems to have failed

    def advise(self, settings: StreamSettings) -> str:
        """Show what is to be said of the encoder as it is set now, until the panel opens anew.

        Returns:
            It; empty when there is nothing.
        """
        suited = settings.suit_encoder and self._fits
        said = "" if suited else advice(self._host.encoder(), self._name, fits=self._fits)
        self._last_advice = said or self._last_advice
        self._runtime.change(encoder_advice=said)
        return said

    def panel_opened(self) -> None:
        """Show it no longer: the encoder may have been set otherwise since."""
        self._runtime.change(encoder_advice="")

    def profile_changed(self) -> None:
        """Show it no longer: another profile has another encoder."""
        self._runtime.change(encoder_advice="")
        self._give_back_at_last()

    def stream_starting(self, settings: StreamSettings) -> bool:
        """Set the encoder if the streamer wants that; what else is to be said can wait."""
        self.stream_stopped()  # a start that has failed may not have been told of
        if not self._session.recognizes(self._host.destination()):
            return True
        if not (settings.suit_encoder and self._fits):
            self._advises = True
            return True
        disliked = dislikes(self._host.encoder(), self._name)
        if disliked and self._host.fit_encoder(KEYFRAME_INTERVAL) is EncoderFit.SHARED:
            self._say_shared(disliked)
        return True

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Leave the encoder as it is, also if the start was taken for one that has failed.

        What is not right with it is said once, when the software has done its part of the start.
        """
        self._wait_no_more()
        if self._advises:
            self._advises = False
            self._runtime.call_on_ui(self._advise_once)
        disliked = dislikes(self._host.encoder(), self._name) if self._recorded else ""
        self._recorded = False
        if disliked:
            self._say_shared(disliked)

    def _advise_once(self) -> None:
        able = self._host.capabilities()
        self._say(advice(self._host.encoder(), able.name, fits=able.fits_encoder))

    def recording_starting(self) -> None:
        """Give the encoder back to a recording or replay buffer that is about to start.

        A start that seems to have failed streams with it no more than before, and may never.
        """
        if self._giving_back:
            self.stream_stopped()
            self._recorded = True

    def start_failed(self) -> None:
        """Give the encoder its own settings back later: a start that goes on has to have these.

        A question of a plugin's looks like a start that has failed, until it is answered. Where
        nobody streams with these settings, they hurt nobody meanwhile.
        """
        self._wait_no_more()
        back = partial(self._runtime.call_on_ui, self._give_back_at_last)
        self._giving_back = self._runtime.worker.submit(
            back, priority=Priority.BACKGROUND, delay=_STILL_MAY_START, interruptible=False
        )

    def _give_back_at_last(self) -> None:
        if self._giving_back:
            self.stream_stopped()

    def _wait_no_more(self) -> None:
        job, self._giving_back = self._giving_back, None
        if job:
            job.cancel()

    def stream_stopped(self) -> None:
        """Give the encoder its own settings back."""
        self._wait_no_more()
        self._advises = self._recorded = False
        self._host.give_back_encoder()

    def close(self) -> None:
        """Give the encoder its own settings back: there may be nobody later who does."""
        self.stream_stopped()

    @property
    def _name(self) -> str:
        return self._host.capabilities().name

    @property
    def _fits(self) -> bool:
        return self._host.capabilities().fits_encoder

    def _say_shared(self, disliked: str) -> None:
        shared = message("encoder.shared")
        self._say(f"{disliked} {shared}")

    def _say(self, sentence: str) -> None:
        """Say it unless it was said before: each stream would begin with it."""
        if sentence and sentence != self._last_advice:
            self._last_advice = sentence
            self._runtime.show(sentence, StatusLevel.WARNING, topic=_ABOUT_ENCODER)
            self._runtime.log(LogLevel.INFO, sentence)
