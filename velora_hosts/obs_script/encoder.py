"""The stream's encoders: how they are set, and other settings of the video's for one stream.

Each encoder of OBS has its own words. What is set for one stream is taken back when it has ended:
OBS updates its encoders from the profile before each start, but never takes a setting out of them
that the profile doesn't have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import obspython as obs

from velora_core.host.encoder import Encoder, EncoderFit
from velora_hosts.obs.encoder_options import B_FRAMES, KEYFRAMES, parsed_options, whole_number

__all__ = ["fit_encoder", "give_back_encoder", "read_encoder"]

_VIDEO: Final = ("simple_video_stream", "advanced_video_stream")
_AUDIO: Final = ("simple_aac", "simple_opus", "adv_stream_audio", "adv_stream_aac")
"""What OBS calls its encoders for the stream, from 29 on."""

_X264: Final = "obs_x264"
_AUTOMATIC: Final = 250
"""Frames between two keyframes that x264, NVENC and AMF permit where no interval is set."""

_FREE_TEXT: Final = ("x264opts", "opts", "ffmpeg_opts")
"""Settings in which people write options of the encoder behind, which count more than the rest."""
_OTHER_OPTIONS: Final = frozenset(("min-keyint", "keyint-min", "intra-refresh", "frameIntervalP"))
_OPTIONS: Final = B_FRAMES | KEYFRAMES | _OTHER_OPTIONS


class _Lent(NamedTuple):
    """What an encoder was set to for a stream: by name, before and now; None is no value."""

    encoder: Any
    before: Mapping[str, bool | int | str | None]
    given: Mapping[str, bool | int | str]


_lent: _Lent | None = None


# -- reading -------------------------------------------------------------------------------------


def read_encoder() -> Encoder | None:
    """Return how the stream's encoders are set now; None when there are none."""
    with _video_encoder() as video:
        if video is None:
            return None
        read = _read_video(video)
    with _audio_encoder() as audio:
        codec = None if audio is None else (obs.obs_encoder_get_codec(audio) or "").lower()
    info = obs.obs_audio_info()
    rate = info.samples_per_sec if obs.obs_get_audio_info(info) else None
    return read._replace(audio_codec=codec or None, audio_sample_rate=rate or None)


def _read_video(encoder: Any) -> Encoder:
    kind = obs.obs_encoder_get_id(encoder) or ""
    settings = obs.obs_encoder_get_settings(encoder)
    known = obs.obs_data_has_user_value(settings, "rate_control")
    values: dict[str, Any] = {
        "preset": obs.obs_data_get_string(settings, "preset"),
        "tune": obs.obs_data_get_string(settings, "tune"),
        "profile": obs.obs_data_get_string(settings, "profile"),
        "bitrate": obs.obs_data_get_int(settings, "bitrate"),
        "options": _options(settings),
    }
    if not known and not _advanced():
        values.update(_of_simple_output())
    interval, automatic = _keyframe_interval(kind, settings, values["options"])
    read = Encoder(
        video_codec=obs.obs_encoder_get_codec(encoder) or None,
        b_frames=_has_b_frames(kind, settings, values),
        keyframe_interval=interval,
        automatic_keyframes=automatic,
        rate_control=obs.obs_data_get_string(settings, "rate_control") or None,
        bitrate=values["bitrate"] or None,
    )
    obs.obs_data_release(settings)
    return read


def _of_simple_output() -> dict[str, Any]:
    """Return what the simple output puts into its encoder when it starts for the first time."""
    config = _profile_config()
    if config is None:
        return {"preset": None, "bitrate": None}
    written = ""
    if obs.config_get_bool(config, "SimpleOutput", "UseAdvanced"):
        written = obs.config_get_string(config, "SimpleOutput", "x264Settings") or ""
    return {
        "preset": obs.config_get_string(config, "SimpleOutput", "Preset") or None,
        "bitrate": obs.config_get_int(config, "SimpleOutput", "VBitrate"),
        "options": dict(parsed_options(written)),
    }


def _has_b_frames(kind: str, settings: Any, values: Mapping[str, Any]) -> bool | None:
    options: Mapping[str, str] = values["options"]
    for name in B_FRAMES:
        if name in options:
            return options[name] != "0"
    if kind.startswith("com.apple.videotoolbox"):
        return bool(obs.obs_data_get_bool(settings, "bframes"))
    if kind == _X264:
        if obs.obs_data_has_user_value(settings, "bf"):
            return bool(obs.obs_data_get_int(settings, "bf"))
        preset, tune, profile = (
            options.get(name, values[name]) for name in ("preset", "tune", "profile")
        )
        if tune == "zerolatency" or profile == "baseline":
            return False
        return None if preset is None else preset != "ultrafast"
    if "qsv" in kind and not obs.obs_data_has_user_value(settings, "bf"):
        return bool(obs.obs_data_get_int(settings, "bframes"))
    named = obs.obs_data_has_user_value(settings, "bf") or obs.obs_data_has_default_value(
        settings, "bf"
    )
    return bool(obs.obs_data_get_int(settings, "bf")) if named else None


def _keyframe_interval(
    kind: str, settings: Any, options: Mapping[str, str]
) -> tuple[float | None, bool]:
    """Return the keyframe interval in seconds, and whether the encoder chooses it."""
    frame = obs.obs_get_frame_interval_ns() / 1e9
    for name in KEYFRAMES:
        frames = whole_number(options.get(name, ""))
        if frames is not None and frame:
            return frames * frame, False
    seconds = obs.obs_data_get_int(settings, "keyint_sec")
    if seconds > 0:
        return float(seconds), False
    if frame and (kind == _X264 or "nvenc" in kind or "amf" in kind):
        return _AUTOMATIC * frame, True
    return None, True


def _options(settings: Any) -> dict[str, str]:
    """Return the options that somebody has written out, by name."""
    return dict(
        pair
        for name in _FREE_TEXT
        for pair in parsed_options(obs.obs_data_get_string(settings, name) or "")
    )


# -- other settings for one stream ---------------------------------------------------------------


def fit_encoder(keyframe_interval: int) -> EncoderFit:
    """Have the stream that is about to connect encoded as Velora takes it. Nothing is saved.

    It then has no B-frames, and a keyframe each `keyframe_interval` seconds.
    """
    give_back_encoder()
    with _video_encoder() as encoder:
        if encoder is None:
            return EncoderFit.UNKNOWN
        # No stream has started yet, so it works for something else.
        if obs.obs_encoder_active(encoder) or _recording_follows():
            return EncoderFit.SHARED
        settings = obs.obs_encoder_get_settings(encoder)
        given = _fitting(obs.obs_encoder_get_id(encoder) or "", settings, keyframe_interval)
        before = {name: _value(settings, name, value) for name, value in given.items()}
        obs.obs_data_release(settings)
        global _lent
        _lent = _Lent(obs.obs_encoder_get_ref(encoder), before, given)
        wanted = obs.obs_data_create()
        for name, value in given.items():
            _set(wanted, name, value)
        obs.obs_encoder_update(encoder, wanted)
        obs.obs_data_release(wanted)
    return EncoderFit.DONE


def give_back_encoder() -> None:
    """Set what `fit_encoder` has set back to what it was, unless somebody has set it since."""
    global _lent
    lent, _lent = _lent, None
    if lent is None:
        return
    # Not by obs_encoder_update: a recording may have joined, whose encoder must not be set anew
    # in the middle of it.
    settings = obs.obs_encoder_get_settings(lent.encoder)
    for name, value in lent.given.items():
        if _value(settings, name, value) != value:
            continue
        before = lent.before[name]
        if before is None:
            obs.obs_data_unset_user_value(settings, name)
        else:
            _set(settings, name, before)
    obs.obs_data_release(settings)
    obs.obs_encoder_release(lent.encoder)


def _fitting(kind: str, settings: Any, keyframe_interval: int) -> dict[str, bool | int | str]:
    """Return the settings of an encoder of this kind, by name."""
    given: dict[str, bool | int | str] = {"keyint_sec": keyframe_interval}
    if kind.startswith("com.apple.videotoolbox"):
        given["bframes"] = False
    else:  # Quick Sync calls it "bframes", but takes this as well
        given["bf"] = 0
    for name in _FREE_TEXT:
        written = obs.obs_data_get_string(settings, name) or ""
        kept = [
            word
            for word, (option, _) in zip(written.split(), parsed_options(written), strict=True)
            if option not in _OPTIONS
        ]
        if len(kept) < len(written.split()):
            given[name] = " ".join(kept)
    return given


def _value(settings: Any, name: str, like: bool | int | str) -> bool | int | str | None:
    """Return what somebody has set; None when that is the encoder's default."""
    if not obs.obs_data_has_user_value(settings, name):
        return None
    get: Callable[[Any, str], bool | int | str] = obs.obs_data_get_int
    if isinstance(like, str):
        get = obs.obs_data_get_string
    elif isinstance(like, bool):
        get = obs.obs_data_get_bool
    return get(settings, name)


def _set(data: Any, name: str, value: bool | int | str) -> None:
    if isinstance(value, str):
        obs.obs_data_set_string(data, name, value)
    elif isinstance(value, bool):
        obs.obs_data_set_bool(data, name, value)
    else:
        obs.obs_data_set_int(data, name, value)


def _recording_follows() -> bool:
    """Return whether OBS is set to record with the stream's encoder once the stream starts."""
    config = _profile_config()
    if config is None:
        return False
    if _advanced():
        section, shares = "AdvOut", _text(config, "AdvOut", "RecEncoder") == "none"
        shares = shares and _text(config, "AdvOut", "RecType") != "FFmpeg"
    else:
        section, shares = "SimpleOutput", _text(config, "SimpleOutput", "RecQuality") == "Stream"
    if not shares:
        return False
    get = getattr(obs, "obs_frontend_get_user_config", None)  # from 31 on
    user = get() if get else obs.obs_frontend_get_global_config()
    if obs.config_get_bool(user, "BasicWindow", "RecordWhenStreaming"):
        return True
    return bool(
        obs.config_get_bool(config, section, "RecRB")
        and obs.config_get_bool(user, "BasicWindow", "ReplayBufferWhileStreaming")
    )


# -- OBS -----------------------------------------------------------------------------------------


def _profile_config() -> Any:
    """Return the profile's settings; None in OBS 29, which doesn't let scripts read them."""
    if not hasattr(obs, "config_get_string"):
        return None
    return obs.obs_frontend_get_profile_config()


def _text(config: Any, section: str, name: str) -> str:
    return obs.config_get_string(config, section, name) or ""


def _advanced() -> bool:
    """Return whether the output mode is the advanced one."""
    encoder = obs.obs_get_encoder_by_name(_VIDEO[1])
    if encoder is None:
        return False
    obs.obs_encoder_release(encoder)
    return True


@contextmanager
def _video_encoder() -> Iterator[Any]:
    """Hold the stream's encoder, or None. Before the first stream it is found by its name."""
    encoder = None
    output = obs.obs_frontend_get_streaming_output()
    if output is not None:
        encoder = obs.obs_encoder_get_ref(obs.obs_output_get_video_encoder(output))
        obs.obs_output_release(output)
    with _held(encoder or _named(_VIDEO)) as held:
        yield held


@contextmanager
def _audio_encoder() -> Iterator[Any]:
    encoder = None
    output = obs.obs_frontend_get_streaming_output()
    if output is not None:
        encoder = obs.obs_encoder_get_ref(obs.obs_output_get_audio_encoder(output, 0))
        obs.obs_output_release(output)
    with _held(encoder or _named(_AUDIO)) as held:
        yield held


@contextmanager
def _held(encoder: Any) -> Iterator[Any]:
    try:
        yield encoder
    finally:
        if encoder is not None:
            obs.obs_encoder_release(encoder)


def _named(names: tuple[str, ...]) -> Any:
    for name in names:
        encoder = obs.obs_get_encoder_by_name(name)
        if encoder is not None:
            return encoder
    return None
