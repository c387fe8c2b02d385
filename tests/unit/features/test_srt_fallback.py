"""SRT: the form of the stream id, and RTMP when a start has failed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import KEY, NEW_KEY, OTHER, RTMP, SRT, FakeHost, FakeVelora, run
from tests.unit.features.live import work
from tests.unit.features.stream_key_check.steps import change
from velora_core.app.credentials import Credentials
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.host.output import OutputSample
from velora_core.secret import Secret

FORM = "default/{app}/{key}"
STREAM_ID = f"default%2Flive%2F{KEY}"
FAILED = (
    "Press Use RTMP instead, or try another SRT stream id: your stream could not be started by "
    "SRT, and it isn't known which form of it Velora takes."
)


@pytest.fixture
def app(make: Any) -> Application:
    app: Application = make()
    run(app, app.actions.refresh())
    app.settings = StreamSettings(protocol="srt", srt_form=FORM)
    run(app, app.actions.configure())
    return app


def key(host: FakeHost) -> object:
    return host.service().settings["key"]


def fail(app: Application, end: EndReason) -> None:
    app.stream_starting()
    ends(app, end)


def ends(app: Application, end: EndReason = EndReason.NORMAL) -> None:
    """Have a stream or start end, as OBS tells of it: in two steps."""
    app.stream_stopped()
    app.stream_ended(end)
    work(app)


def test_configure__sends_the_key_in_the_form(app: Application, host: FakeHost) -> None:
    assert (host.service().server, key(host)) == (SRT, STREAM_ID)
    app.settings = StreamSettings(protocol="srt")
    assert KEY not in run(app, app.actions.configure())
    assert key(host) == KEY
    app.settings = StreamSettings(protocol="rtmp", srt_form=FORM)
    run(app, app.actions.configure())
    assert (host.service().server, key(host)) == (RTMP, KEY)


def test_configure__a_form_that_can_not_be_used_changes_nothing(
    app: Application, host: FakeHost
) -> None:
    before = host.service()
    app.settings = StreamSettings(protocol="srt", srt_form="{key}/live")
    assert run(app, app.actions.configure()) == (
        "The form of the SRT stream id can't be used: end it with a slash and the stream key in "
        "braces, or leave it empty to send the key alone."
    )
    assert host.service() == before


def test_key_in_a_form__is_the_same_key(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    changes = len(host.changes)
    app.panel_opened()
    work(app)
    assert len(host.changes) == changes
    assert app.state.asking == ""
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    app.stream_starting()
    ends(app)
    assert key(host) == f"default%2Flive%2F{NEW_KEY}"  # mended in its form


def test_a_start_that_obs_refuses_itself__says_nothing_of_srt(
    app: Application, host: FakeHost
) -> None:
    app.stream_starting()
    app.stream_stopped(EndReason.UNSTARTED)
    work(app)
    assert not app.state.offers_rtmp
    assert app.state.status == (
        "OBS itself could not start the stream, and has not tried to reach Velora: do what its own "
        "message says, then press Start Streaming again."
    )
    assert host.warnings == []


@pytest.mark.parametrize("said", [False, True])
def test_a_start_of_which_nothing_more_is_heard__offers_rtmp_once(
    app: Application, host: FakeHost, said: bool
) -> None:
    app.stream_starting()
    if said:
        app._runtime.change(offers_rtmp=True)
    app.stream_stopped(EndReason.UNHEARD)
    work(app)
    assert app.state.offers_rtmp
    assert host.warnings == ([] if said else [FAILED])


@pytest.mark.parametrize("end", [EndReason.REFUSED, EndReason.UNREACHABLE])
def test_a_failed_start__offers_rtmp_in_one_press(
    app: Application, host: FakeHost, end: EndReason
) -> None:
    fail(app, end)
    assert FAILED in host.warnings
    assert FAILED in app.state.status
    assert app.state.offers_rtmp
    run(app, app.actions.use_rtmp())
    assert (host.service().server, key(host)) == (RTMP, KEY)
    assert app.settings.protocol == "rtmp"
    assert not app.state.offers_rtmp


def test_a_failed_start__the_next_takes_the_offer_back(app: Application) -> None:
    fail(app, EndReason.REFUSED)
    app.stream_starting()
    assert not app.state.offers_rtmp


def test_no_offer__elsewhere_by_rtmp_or_after_a_good_stream(
    app: Application, host: FakeHost
) -> None:
    fail(app, EndReason.NORMAL)
    assert not app.state.offers_rtmp
    run(app, app.actions.use_rtmp())
    fail(app, EndReason.REFUSED)
    assert not app.state.offers_rtmp
    host.services[host.current_profile] = OTHER
    fail(app, EndReason.REFUSED)
    assert not app.state.offers_rtmp


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker", "features.srt_fallback")
    return clock


def wait(app: Application, clock: Clock, seconds: int) -> None:
    for _ in range(seconds):
        clock.now += 1
        work(app)


def goes_on_trying(app: Application, host: FakeHost, clock: Clock, seconds: int = 1) -> None:
    """Begin a start that Velora refuses, and that OBS takes for a lost connection."""
    host.counted = OutputSample(bytes_sent=0, frames=0, reconnecting=True)
    app.stream_starting()
    wait(app, clock, seconds)


def test_a_start_that_goes_on_trying__offers_it_as_well(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    app.stream_starting()
    wait(app, clock, 7)
    assert not app.state.offers_rtmp
    wait(app, clock, 1)
    assert app.state.offers_rtmp
    assert host.warnings[-1].startswith("Press Use RTMP instead")
    assert "keeps trying" not in host.warnings[-1]  # nobody knows that
    ends(app)
    assert app.state.offers_rtmp

    app.stream_starting()
    app.stream_started()
    wait(app, clock, 20)
    assert not app.state.offers_rtmp
    app.stream_stopped()
    app.stream_starting()
    app.stream_stopped()
    wait(app, clock, 20)
    assert not app.state.offers_rtmp


def test_a_start_that_hangs__may_be_the_encoders(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    host.counted = OutputSample(bytes_sent=0, frames=0)
    app.stream_starting()
    wait(app, clock, 8)
    assert host.warnings[-1].endswith("OBS may not say by SRT that its encoder fails.")
    ends(app)

    host.able["tells_refusal"] = False  # from outside, such a start can't be ended
    app.stream_starting()
    wait(app, clock, 8)
    assert "If OBS stays at Connecting, quit it and start it again" in host.warnings[-1]
    host.able.clear()
    ends(app)

    host.error_of_start = "NVENC Error: no\n capable devices found."
    app.stream_starting()
    wait(app, clock, 8)
    assert host.warnings[-1] == (
        "OBS can't encode your stream (“NVENC Error: no capable devices found”): put that right in "
        "its settings, then press Configure Velora, which ends this start."
    )
    run(app, app.actions.configure())
    work(app)
    assert host.ended_starts == 1
    ends(app)
    assert app.state.status.startswith("OBS will stream to srt://")


def test_a_start_that_hangs__is_said_without_what_the_address_holds(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    address = f"srt://ingest.velora.tv:9999?passphrase=only-for-tests&streamid={KEY}"
    change(host, server=address)
    host.counted = OutputSample(bytes_sent=0, frames=0)
    host.error_of_start = f"Error setting stream header for '{address}': not {KEY}"
    app.stream_starting()
    wait(app, clock, 8)
    assert "for 'srt://ingest.velora.tv:9999': not ••••z789" in host.warnings[-1]
    for secret in ("passphrase", KEY):
        assert secret not in f"{host.warnings}{app.state.status}"


def test_a_refusal_taken_for_a_lost_connection__is_noticed_at_once(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    host.counted = OutputSample(bytes_sent=0, frames=900, reconnecting=True)  # of the last stream
    app.stream_starting()
    wait(app, clock, 1)
    assert app.state.offers_rtmp
    assert "OBS keeps trying" in host.warnings[-1]
    said = len(host.warnings)
    wait(app, clock, 10)
    assert len(host.warnings) == said
    ends(app)
    assert not host.sampling
    assert host.ended_starts == 0
    run(app, app.actions.use_rtmp())
    assert (host.service().server, key(host)) == (RTMP, KEY)


def test_use_rtmp__ends_a_start_that_goes_on_trying_first(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    goes_on_trying(app, host, clock)
    assert run(app, app.actions.use_rtmp()).startswith("OBS is asked to give up the start by SRT")
    work(app)
    assert host.ended_starts == 1
    assert host.service().server == SRT  # as long as it tries
    ends(app)
    assert (host.service().server, key(host)) == (RTMP, KEY)
    assert not app.state.offers_rtmp
    assert f"with key ••••{KEY[-4:]} in the profile “Main”." in app.state.status


def test_restoring__ends_a_start_that_goes_on_trying_first(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    goes_on_trying(app, host, clock)
    app.actions.restore_previous()
    work(app)
    assert host.ended_starts == 1
    assert host.service().server == SRT
    ends(app)
    assert host.service() == OTHER


def confirm(app: Application) -> str:
    run(app, app.actions.request_new_key())
    return run(app, app.actions.regenerate())


def test_regenerating__ends_a_start_that_goes_on_trying_first(
    clock: Clock, app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    goes_on_trying(app, host, clock)
    assert confirm(app).startswith("OBS is asked to give up the start by SRT")
    work(app)
    assert (host.ended_starts, velora.named("regenerate")) == (1, [])
    ends(app)
    assert key(host) == f"default%2Flive%2F{NEW_KEY}"
    assert len(velora.named("regenerate")) == 1


def test_regenerating__not_for_somebody_who_signs_in_meanwhile(
    clock: Clock,
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on_trying(app, host, clock)
    confirm(app)
    monkeypatch.setattr(Credentials, "identity", "somebody else")
    ends(app)
    assert velora.named("regenerate") == []


def test_use_my_key__ends_a_start_that_goes_on_trying_first(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    by_hand = change(host, key="live_test_by_hand")
    app.panel_opened()
    work(app)
    assert app.actions.asking
    goes_on_trying(app, host, clock)
    app.actions.use_my_key()
    work(app)
    assert (host.ended_starts, host.service()) == (1, by_hand)
    ends(app)
    assert key(host) == STREAM_ID


def test_what_was_asked_for__is_not_done_after_a_stream_that_has_begun_all_the_same(
    clock: Clock, app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    goes_on_trying(app, host, clock)
    confirm(app)
    work(app)
    host.live, host.counted = True, OutputSample(bytes_sent=9000, frames=10)
    app.stream_started()
    wait(app, clock, 11)
    host.live = False
    ends(app)
    assert host.ended_starts == 1
    assert velora.named("regenerate") == []


def test_use_rtmp__where_nobody_can_end_the_start(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    host.ends_starts = False
    goes_on_trying(app, host, clock)
    run(app, app.actions.use_rtmp())
    work(app)
    assert app.state.status.splitlines()[-1].startswith("Quit OBS, start it again")
    ends(app)
    assert host.service().server == SRT


def test_a_later_attempt_that_works__takes_the_offer_back(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    goes_on_trying(app, host, clock, seconds=3)
    assert app.state.offers_rtmp
    host.counted = OutputSample(bytes_sent=9000, frames=10)
    wait(app, clock, 1)
    assert not app.state.offers_rtmp
    assert app.state.status == "Your stream is sent by SRT now: a later attempt has worked."
    host.counted = OutputSample(bytes_sent=9000, frames=10, reconnecting=True)  # lost later
    wait(app, clock, 20)
    assert not app.state.offers_rtmp


def test_a_start_that_connects_after_the_offer__takes_it_back(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    goes_on_trying(app, host, clock)
    app.stream_started()  # from outside OBS is said to stream while it still tries
    wait(app, clock, 9)
    assert app.state.offers_rtmp
    host.counted = OutputSample(bytes_sent=9000, frames=10)
    wait(app, clock, 1)
    assert not app.state.offers_rtmp
    assert app.state.status == "Your stream is sent by SRT now: a later attempt has worked."


@pytest.mark.parametrize("told", [True, False])
def test_use_rtmp__a_start_that_has_connected_meanwhile_is_left_alone(
    clock: Clock, app: Application, host: FakeHost, told: bool
) -> None:
    goes_on_trying(app, host, clock)
    with app._runtime.worker.gathering():  # it has something else to do first
        job = app.actions.use_rtmp()
        host.counted = OutputSample(bytes_sent=0 if told else 9000, frames=10)
        if told:
            app.stream_started()
    run(app, job)
    wait(app, clock, 20)
    assert host.ended_starts == 0
    assert app.state.status == "Your stream is sent by SRT now: a later attempt has worked."
    ends(app)
    assert host.service().server == SRT  # nobody has pressed anything for hours


def test_use_rtmp__a_start_that_ends_by_itself_is_not_said_to_go_on(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    host.ends_starts = False
    goes_on_trying(app, host, clock)
    with app._runtime.worker.gathering():
        job = app.actions.use_rtmp()
        app.stream_stopped()
        app.stream_ended(EndReason.NORMAL)
    run(app, job)
    work(app)
    assert host.service().server == RTMP
    assert "Quit OBS" not in app.state.status


def test_use_rtmp__another_profile_is_not_set_up(
    clock: Clock, app: Application, host: FakeHost
) -> None:
    goes_on_trying(app, host, clock)
    run(app, app.actions.use_rtmp())
    host.services["Other"] = OTHER
    host.current_profile = "Other"
    app.profile_changed()
    ends(app)
    assert host.service() == OTHER


@pytest.mark.parametrize("streams", [False, True])
def test_use_rtmp__a_start_that_obs_had_refused_ends_without_a_word(
    clock: Clock, app: Application, host: FakeHost, streams: bool
) -> None:
    app.stream_starting()
    wait(app, clock, 8)
    run(app, app.actions.use_rtmp())
    host.live = streams
    wait(app, clock, 9)
    assert host.service().server == SRT
    wait(app, clock, 2)
    assert host.ended_starts == 1
    assert host.service().server == (SRT if streams else RTMP)
