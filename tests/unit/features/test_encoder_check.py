"""The encoder: what is said of it, and when it is set to suit Velora."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run, wait_for
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.features.diagnostics import InUse, run_diagnostics
from velora_core.features.encoder_check import dislikes
from velora_core.host.encoder import Encoder, EncoderFit
from velora_core.host.host import EndReason

REMEDY = (
    "Turn on “Encoder settings for Velora” in Stream setup, or set a keyframe interval of 2 s and "
    "no B-frames in the output settings of OBS."
)
DEFAULTS = Encoder("h264", True, 250 / 60, True, "CBR", 6000, "aac", 48_000)
GOOD = Encoder("h264", False, 2.0, False, "CBR", 6000, "aac", 48_000)
SUITED = StreamSettings(suit_encoder=True)


@pytest.fixture
def app(make: Any) -> Application:
    """Set up for Velora."""
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    return app


def start(app: Application, host: FakeHost) -> str:
    """Return what is said of a stream that starts."""
    host.logged.clear()
    app.stream_starting()
    app.stream_started()
    app.process_ui_queue()
    app.stream_stopped()
    return " ".join(sentence for _, sentence in host.logged)


@pytest.mark.parametrize(
    ("encoder", "sentence"),
    [
        (None, ""),
        (Encoder(), ""),
        (GOOD, ""),
        (GOOD._replace(keyframe_interval=1.0), ""),
        (
            DEFAULTS,
            "OBS encodes with B-frames and sends a keyframe as rarely as every 4.17 seconds: "
            "for your viewers on Velora the picture may stutter, and starts late.",
        ),
        (
            GOOD._replace(b_frames=True),
            "OBS encodes with B-frames: for your viewers on Velora the picture may stutter.",
        ),
        (
            GOOD._replace(keyframe_interval=10.0),
            "OBS sends a keyframe only every 10 seconds: for your viewers on Velora the picture "
            "starts late.",
        ),
        (
            GOOD._replace(keyframe_interval=None, automatic_keyframes=True),
            "OBS sends a keyframe at no fixed interval: for your viewers on Velora the picture "
            "starts late.",
        ),
        (GOOD._replace(b_frames=None, keyframe_interval=None), ""),
    ],
)
def test_what_is_disliked__is_one_sentence(encoder: Encoder | None, sentence: str) -> None:
    assert dislikes(encoder, "OBS") == sentence


def test_configure__says_it_with_the_remedy(app: Application, host: FakeHost) -> None:
    assert "encodes" not in run(app, app.actions.configure())
    host.encoding = DEFAULTS
    said = run(app, app.actions.configure())
    assert said.endswith(
        " in the profile “Main”. To go live, press Start Streaming. Your encoder may not suit "
        "Velora yet: Stream setup says why."
    )
    # Nothing is below a line in the log.
    assert host.logged[-1][1].endswith(
        f"“Main”. To go live, press Start Streaming. {app.state.encoder_advice}"
    )
    line = app.panel().find("encoder_line")
    assert line.visible
    assert line.tone is StatusLevel.WARNING
    assert line.text.endswith(REMEDY)
    app.settings = SUITED
    assert not app.panel().shows("encoder_line")
    assert "encoder" not in run(app, app.actions.configure())


def test_check__says_it_once(app: Application, host: FakeHost) -> None:
    host.encoding = DEFAULTS
    run(app, app.actions.configure())
    assert app.panel(drawn=True).shows("encoder_line")
    assert app.state.encoder_advice in run(app, app.actions.check())
    assert not app.panel().shows("encoder_line")


@pytest.mark.parametrize("event", ["panel_opened", "profile_changed"])
def test_advice__is_gone_when_it_may_be_out_of_date(
    app: Application, host: FakeHost, event: str
) -> None:
    host.encoding = DEFAULTS
    run(app, app.actions.configure())
    getattr(app, event)()
    assert not app.panel().shows("encoder_line")


def test_a_start__says_it_once(app: Application, host: FakeHost) -> None:
    host.encoding = DEFAULTS
    assert start(app, host).endswith(REMEDY)
    assert app.state.tone is StatusLevel.WARNING
    assert host.warnings == []  # the log does not pop up for it
    assert REMEDY not in start(app, host)
    host.encoding = GOOD._replace(b_frames=True)
    assert "B-frames: for your" in start(app, host)
    assert host.fitted == []


def test_a_start__is_not_held_up_by_what_can_be_said_later(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the encoder takes OBS's UI thread a while."""
    read: list[str] = []

    def encoder() -> Encoder:
        read.append("encoder")
        return DEFAULTS

    monkeypatch.setattr(host, "encoder", encoder)
    app.stream_starting()
    app.stream_started()
    assert read == []
    app.process_ui_queue()
    assert read == ["encoder"]


def test_suited__while_the_stream_runs(app: Application, host: FakeHost) -> None:
    app.settings = SUITED
    host.encoding = DEFAULTS
    app.stream_starting()
    assert host.fitted == [2]
    app.stream_started()
    assert host.fitted == [2]
    app.stream_stopped()
    assert host.fitted == []


def test_suited_already__nothing_is_set(app: Application, host: FakeHost) -> None:
    app.settings = SUITED
    host.encoding = GOOD
    app.stream_starting()
    assert host.fitted == []


@pytest.mark.parametrize("suited", [True, False])
def test_a_stream_elsewhere__not_a_word(app: Application, host: FakeHost, suited: bool) -> None:
    app.settings = StreamSettings(suit_encoder=suited)
    host.encoding = DEFAULTS
    host.services[host.current_profile] = OTHER
    assert "encode" not in start(app, host)
    app.stream_starting()
    assert host.fitted == []


def test_shared__is_said(app: Application, host: FakeHost) -> None:
    app.settings = SUITED
    host.encoding, host.fit = DEFAULTS, EncoderFit.SHARED
    assert "such as a recording or the replay buffer" in start(app, host)


def test_a_start_that_failed_unheard__is_given_back_before_the_next(
    app: Application, host: FakeHost
) -> None:
    app.settings = SUITED
    host.encoding = DEFAULTS
    app.stream_starting()
    host.services[host.current_profile] = OTHER
    app.stream_starting()
    assert host.fitted == []


def test_a_start_that_seems_to_have_failed__keeps_it_for_a_while(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin may only have asked something, and the stream go out with this encoder."""
    app.settings = SUITED
    host.encoding = DEFAULTS
    app.stream_starting()
    app.stream_stopped(EndReason.UNSTARTED)
    assert host.fitted == [2]
    app.stream_started()
    assert host.fitted == [2]
    app.stream_stopped()
    assert host.fitted == []
    monkeypatch.setattr("velora_core.features.encoder_check._STILL_MAY_START", 0.01)
    app.stream_starting()
    app.stream_stopped(EndReason.UNSTARTED)

    def given_back() -> bool:
        app.process_ui_queue()
        return host.fitted == []

    wait_for(given_back)


def test_recording_after_a_start_that_seems_to_have_failed__has_its_own_settings(
    app: Application, host: FakeHost
) -> None:
    """It shares the encoder, which nothing streams with."""
    app.settings = SUITED
    host.encoding = DEFAULTS
    app.stream_starting()
    app.features.encoder_check.recording_starting()
    assert host.fitted == [2]  # the stream still connects
    app.stream_stopped(EndReason.UNSTARTED)
    app.features.encoder_check.recording_starting()
    assert host.fitted == []
    host.logged.clear()
    app.stream_started()  # a plugin had only asked something
    app.process_ui_queue()
    assert "such as a recording" in " ".join(sentence for _, sentence in host.logged)
    host.logged.clear()
    app.stream_stopped()
    app.stream_starting()
    app.stream_started()
    assert host.fitted == [2]
    assert host.logged == []


def test_closed_in_mid_stream__is_given_back(app: Application, host: FakeHost) -> None:
    app.settings = SUITED
    host.encoding = DEFAULTS
    app.stream_starting()
    app.close()
    assert host.fitted == []


@pytest.mark.parametrize(
    ("encoder", "suited", "ok", "part"),
    [
        (GOOD, False, True, "suit Velora (H264, CBR, 6000 kbit/s, AAC, 48 kHz)."),
        (DEFAULTS, False, False, REMEDY),
        (DEFAULTS, True, True, "is set to suit Velora while"),
        (GOOD._replace(b_frames=None), True, None, "does not tell"),
        (GOOD._replace(b_frames=None, keyframe_interval=8.0), False, False, REMEDY),
    ],
)
def test_check_everything(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    encoder: Encoder,
    suited: bool,
    ok: bool | None,
    part: str,
) -> None:
    in_use = InUse("OBS", "Main", host.destination(), False, None, encoder, suited)
    found: list[Any] = []
    check = lambda: found.extend(run_diagnostics(app._session, "srt", in_use))  # noqa: E731
    run(app, app._runtime.press("", check))
    last = found[-1]
    assert (last.name, last.ok) == ("encoder", ok)
    assert part in last.sentence
