"""Stream info when a stream starts, and when Update now is pressed."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, RTMP, SRT, FakeHost, FakeVelora, run, wait_for
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.local_time import LocalTime
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.features.stream_info import RETRY_DELAYS
from velora_hosts.obs.service import Service

FULL = StreamSettings(title=" Hello ", category="Music", tags=("a", " A", "b"))


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", (0.0, 0.0, 0.0))


@pytest.fixture
def slow_retries(monkeypatch: pytest.MonkeyPatch, _quick_retries: None) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", RETRY_DELAYS)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker", "features.stream_info")
    return clock


@pytest.fixture
def app(make: Any, host: FakeHost, clock: Clock) -> Application:
    """Configured for Velora, with categories known."""
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.settings = FULL
    host.logged.clear()
    return app


def go_live(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()


def settle(app: Application, velora: FakeVelora, updates: int) -> None:
    """Let worker and UI thread take turns until so many updates were tried."""

    def done() -> bool:
        app.process_ui_queue()
        return len(velora.named("update")) >= updates

    wait_for(done, f"{updates} updates")
    run(app, app._runtime.press("", lambda: None))


def tried(app: Application, velora: FakeVelora) -> int:
    """Return how often the info was sent, with everything done that is due."""
    run(app, app.actions.refresh())  # less urgent than the rest
    return len(velora.named("update"))


def test_going_live__sends_what_is_set_once(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}
    ]
    assert app.state.status == (
        "Velora now has the title “Hello”, the category Music and the tags a, b."
    )
    assert host.warnings == []


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (StreamSettings(title="T"), {"title": "T"}),
        (StreamSettings(category="music"), {"category_slug": "music"}),
        (StreamSettings(tags=("x",)), {"tags": ("x",)}),
    ],
)
def test_going_live__sends_only_what_is_set(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings, sent: Any
) -> None:
    app.settings = settings
    go_live(app, host)
    settle(app, velora, 1)
    assert velora.named("update") == [sent]


@pytest.mark.parametrize(
    "settings", [StreamSettings(), FULL._replace(update_on_start=False), StreamSettings(title="  ")]
)
def test_going_live__nothing_to_send(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings
) -> None:
    app.settings = settings
    go_live(app, host)
    settle(app, velora, 0)
    assert velora.named("update") == []


def test_going_live__elsewhere_is_left_alone(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    before = len(velora.calls)
    go_live(app, host)
    settle(app, velora, 0)
    assert len(velora.calls) == before
    assert host.logged == []


@pytest.mark.parametrize("server", [RTMP, RTMP + "/", SRT, SRT + "?mode=caller", RTMP.upper()])
def test_going_live__asks_once_where_velora_is_when_nothing_is_known(
    make: Any, host: FakeHost, velora: FakeVelora, server: str
) -> None:
    app = make()
    host.services["Main"] = Service("rtmp_custom", {"server": server})
    app.settings = FULL._replace(category="")
    go_live(app, host)
    settle(app, velora, 1)
    app.stream_stopped()
    go_live(app, host)
    settle(app, velora, 2)
    assert len(velora.named("setup")) == 1


def test_trouble__is_overcome_and_told_once(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.TimedOut(), errors.ServerError(status=503)]
    go_live(app, host)
    settle(app, velora, 3)
    app.process_ui_queue()
    assert "Velora now has" in app.state.status
    assert len(host.warnings) == 1
    assert "Your stream is not affected" in host.warnings[0]


@pytest.mark.parametrize(
    "failure",
    [
        errors.Unauthorized(),
        errors.InsufficientScope(scope="stream:write"),
        errors.Rejected(status=400, message="No."),
    ],
)
def test_refusal__is_final(
    app: Application, host: FakeHost, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["update"].append(failure)
    go_live(app, host)
    settle(app, velora, 1)
    settle(app, velora, 1)
    assert len(velora.named("update")) == 1
    assert str(failure) in app.state.status
    assert len(host.warnings) == 1


TOO_LONG = "The title has 141 characters, and Velora allows 140: shorten it by 1."
UNKNOWN = "Velora has no category “No Such Thing”: choose one from the list."


@pytest.mark.parametrize(
    ("settings", "reasons", "sent"),
    [
        (
            FULL._replace(title="x" * 141),
            TOO_LONG,
            {"category_slug": "music", "tags": ("a", "b")},
        ),
        (
            FULL._replace(title="a\nb"),
            str(errors.TitleInvalid()),
            {"category_slug": "music", "tags": ("a", "b")},
        ),
        (
            FULL._replace(category="No Such Thing"),
            UNKNOWN,
            {"title": "Hello", "tags": ("a", "b")},
        ),
        (
            FULL._replace(tags=("a", "b\nc")),
            str(errors.TagInvalid()),
            {"title": "Hello", "category_slug": "music"},
        ),
        (
            FULL._replace(title="x" * 141, category="No Such Thing"),
            f"{TOO_LONG} {UNKNOWN}",
            {"tags": ("a", "b")},
        ),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_bad_entry__is_said_and_keeps_nothing_else_back(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    settings: StreamSettings,
    reasons: str,
    sent: Any,
    by_hand: bool,
) -> None:
    app.settings = settings
    if by_hand:
        run(app, app.actions.update_now())
    else:
        go_live(app, host)
    settle(app, velora, 1)
    assert velora.named("update") == [sent]
    status = app.state.status
    assert status.startswith(f"{reasons} Everything else was sent: Velora now has ")
    assert app.state.tone is StatusLevel.WARNING
    assert host.warnings == ([] if by_hand else [status])
    kept = app.settings._replace(tags_on_velora=False)
    assert kept._replace(category=settings.category, category_name="") == settings
    assert app.pending_update is None


@pytest.mark.parametrize(
    ("settings", "reasons"),
    [
        (StreamSettings(title="x" * 141), TOO_LONG),
        (StreamSettings(category="No Such Thing"), UNKNOWN),
        (StreamSettings(title="x" * 141, category="No Such Thing"), f"{TOO_LONG} {UNKNOWN}"),
    ],
)
def test_bad_entries__with_nothing_else(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings, reasons: str
) -> None:
    app.settings = settings
    go_live(app, host)
    settle(app, velora, 0)
    assert velora.named("update") == []
    assert app.state.status.startswith(reasons + " Your stream info was not sent")
    assert host.warnings == [app.state.status]


@pytest.mark.parametrize("by_hand", [False, True])
def test_category_that_is_gone__the_rest_is_sent_at_once_and_once(
    app: Application, host: FakeHost, velora: FakeVelora, by_hand: bool
) -> None:
    velora.failures["update"].append(errors.CategoryNotFound(slug="musik"))
    app.settings = FULL._replace(category="musik")
    if by_hand:
        run(app, app.actions.update_now())
    else:
        go_live(app, host)
    settle(app, velora, 2)
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "musik", "tags": ("a", "b")},
        {"title": "Hello", "tags": ("a", "b")},
    ]
    assert app.state.status == (
        "Velora has no category “musik”: choose one from the list. Did you mean “Music”? "
        "Everything else was sent: Velora now has the title “Hello” and the tags a, b."
    )
    assert len(host.warnings) == (0 if by_hand else 1)


def test_category_that_is_gone__is_not_sent_again_when_the_rest_fails(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.CategoryNotFound(slug="music"), errors.TimedOut()]
    go_live(app, host)
    settle(app, velora, 3)
    assert [sorted(one) for one in velora.named("update")] == [
        ["category_slug", "tags", "title"],
        ["tags", "title"],
        ["tags", "title"],
    ]
    assert "Velora no longer has the category “Music”" in app.state.status
    assert "trying again" not in app.state.status


def test_category_that_is_gone__and_nothing_else(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.CategoryNotFound(slug="music"))
    app.settings = StreamSettings(category="Music")
    go_live(app, host)
    settle(app, velora, 1)
    assert len(velora.named("update")) == 1
    assert app.state.status.startswith(str(errors.CategoryGone(name="Music")))
    assert len(host.warnings) == 1


def test_update_now__bad_entry_and_the_rest_is_there(app: Application, velora: FakeVelora) -> None:
    run(app, app.actions.update_now())
    app.settings = FULL._replace(category="No Such Thing")
    assert run(app, app.actions.update_now()) == (
        f"{UNKNOWN} Everything else is up to date: Velora already has the title “Hello” and the "
        "tags a, b, so nothing had to be sent."
    )
    assert len(velora.named("update")) == 1


@pytest.mark.usefixtures("slow_retries")
def test_tries__come_after_their_delays_as_long_as_the_stream_lives(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 100
    go_live(app, host)
    assert tried(app, velora) == 1
    for count, delay in enumerate((*RETRY_DELAYS, *[RETRY_DELAYS[-1]] * 40), start=1):
        assert f"trying again in {delay} seconds" in host.logged[-1][1]
        clock.now += delay - 1
        assert tried(app, velora) == count
        clock.now += 1
        assert tried(app, velora) == count + 1
    assert len(host.warnings) == 1
    host.live = False
    app.stream_stopped()
    assert "was not sent to Velora" in app.state.status
    count = tried(app, velora)
    clock.now += 1e6
    assert tried(app, velora) == count


@pytest.mark.parametrize(("asked", "waited"), [(40.0, 40), (0.2, 5), (None, 60)])
@pytest.mark.usefixtures("slow_retries")
def test_rate_limit__is_waited_for(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    asked: float | None,
    waited: int,
) -> None:
    velora.failures["update"].append(errors.RateLimited(retry_after=asked))
    go_live(app, host)
    settle(app, velora, 1)
    assert f"trying again in {waited} seconds" in app.state.status
    app.process_ui_queue()
    clock.now += waited - 0.1
    assert tried(app, velora) == 1
    clock.now += 0.1
    assert tried(app, velora) == 2


@pytest.mark.usefixtures("slow_retries")
def test_stream_ends__and_so_do_the_tries(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    settle(app, velora, 1)
    app.process_ui_queue()
    assert "trying again" in app.state.status
    host.live = False
    app.stream_stopped()
    assert "Your stream info was not sent to Velora" in app.state.status
    clock.now += 1e6
    assert tried(app, velora) == 1


@pytest.mark.usefixtures("slow_retries")
def test_stream_ends__before_the_next_try_was_arranged(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    host.live = False
    app.stream_stopped()
    app.process_ui_queue()
    assert "trying again" not in app.state.status
    clock.now += 1e6
    assert tried(app, velora) == 1


def test_stream_ends__during_a_try_that_fails(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    host.live = False
    app.stream_stopped()
    velora.block.set()
    settle(app, velora, 1)
    app.process_ui_queue()
    assert app.state.status == str(errors.TimedOut())
    assert tried(app, velora) == 1
    assert host.warnings == []


@pytest.mark.usefixtures("slow_retries")
def test_start_that_led_nowhere__ends_the_tries_though_nobody_said_so(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 50
    app.stream_starting()
    for _ in range(20):
        tried(app, velora)
        clock.now += 60
    count = tried(app, velora)
    assert 1 < count < len(RETRY_DELAYS)
    clock.now += 1e6
    assert tried(app, velora) == count


def test_next_stream__has_tries_of_its_own(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.Unauthorized()]
    go_live(app, host)
    settle(app, velora, 1)
    app.settings = StreamSettings(title="Second stream")
    velora.failures["update"] += [errors.TimedOut()] * 3
    go_live(app, host)  # without an end of the first one
    settle(app, velora, 5)
    assert [one["title"] for one in velora.named("update")] == ["Hello"] + ["Second stream"] * 4
    assert "Velora now has" in app.state.status


def test_stream_events__of_a_stream_that_began_before_loading(
    app: Application, velora: FakeVelora
) -> None:
    app.stream_started()
    app.stream_stopped()
    assert tried(app, velora) == 0


def test_stream_ends__before_the_info_went_out(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    busy = app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    app.settings = FULL
    go_live(app, host)
    app.stream_stopped()
    velora.block.set()
    run(app, busy)
    settle(app, velora, 0)
    assert velora.named("update") == []


def test_update_now__says_what_velora_has(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings(title="New", category="just chatting")
    status = run(app, app.actions.update_now())
    assert status == "Velora now has the title “New” and the category Just Chatting."
    assert velora.named("update") == [{"title": "New", "category_slug": "just-chatting"}]


def test_update_now__with_nothing_entered(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings()
    assert "nothing to send" in run(app, app.actions.update_now())
    assert velora.named("update") == []


def test_update_now__shows_why_it_failed(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.TimedOut())
    assert run(app, app.actions.update_now()) == str(errors.TimedOut())
    assert app.state.tone is StatusLevel.ERROR


def test_update_now__takes_the_place_of_an_older_one_that_waits(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    settle(app, velora, 1)
    app.process_ui_queue()
    app.settings = StreamSettings(title="Newer")
    run(app, app.actions.update_now())
    clock.now += 1e6
    tried(app, velora)
    assert [one.get("title") for one in velora.named("update")] == ["Hello", "Newer"]


@pytest.mark.usefixtures("slow_retries")
def test_update_now__while_the_older_ones_next_try_is_being_arranged(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    app.settings = StreamSettings(title="Newer")
    assert "“Newer”" in run(app, app.actions.update_now())
    clock.now += 1e6
    tried(app, velora)
    assert [one.get("title") for one in velora.named("update")] == ["Hello", "Newer"]


def test_update_now__that_makes_room_says_so(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.Cancelled())
    assert "“Update now” was put off" in run(app, app.actions.update_now())
    assert tried(app, velora) == 1


def test_update_now__of_something_older_that_was_just_taken_up_is_dropped(
    app: Application, velora: FakeVelora
) -> None:
    older = app.actions.update_now()
    app.settings = StreamSettings(title="Newer")
    run(app, app.actions.update_now())
    before = velora.named("update")
    older.work()  # the worker had it in its hands already
    assert velora.named("update") == before


def test_update_now__twice_sends_what_was_entered_last(
    app: Application, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    for title in ("A", "B", "C"):
        app.settings = StreamSettings(title=title)
        job = app.actions.update_now()
    velora.block.set()
    run(app, job)
    assert velora.named("update") == [{"title": "C"}]


@pytest.mark.usefixtures("slow_retries")
def test_update_now__in_a_stream_that_began_before_loading_is_tried_again(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    host.live = True
    velora.failures["update"].append(errors.TimedOut())
    assert "trying again in 5 seconds" in run(app, app.actions.update_now())
    clock.now += 5
    assert tried(app, velora) == 2
    assert "Velora now has" in host.logged[-1][1]


def test_update_now__of_a_stream_that_has_ended_since_is_still_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(update_on_start=False)
    go_live(app, host)
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    job = app.actions.update_now()
    host.live = False
    app.stream_stopped()
    velora.block.set()
    assert "\nVelora now has the title “Hello”" in run(app, job)


def test_update_now__is_tried_again_while_live(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    velora.failures["update"].append(errors.TransportError())
    app.settings = StreamSettings(title="Newer")
    app.actions.update_now()
    settle(app, velora, 3)
    assert velora.named("update")[1:] == [{"title": "Newer"}, {"title": "Newer"}]


def test_older_one_that_fails_late__is_not_tried_again(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    app.settings = StreamSettings(title="Newer")
    job = app.actions.update_now()
    velora.block.set()
    run(app, job)
    settle(app, velora, 2)
    assert [one.get("title") for one in velora.named("update")] == ["Hello", "Newer"]


def test_going_live__comes_before_what_is_less_urgent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    app.actions.configure()
    go_live(app, host)
    velora.block.set()
    wait_for(lambda: velora.calls[-1][0] == "setup")
    names = [name for name, _ in velora.calls]
    assert names[-2:] == ["update", "setup"]


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize("arranged", [True, False])
def test_close__leaves_no_try_behind(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, arranged: bool
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 20
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    if arranged:
        app.process_ui_queue()
    app.close()
    clock.now += 1e6
    app.process_ui_queue()
    wait_for(lambda: not any(one.name == "velora-worker" for one in threading.enumerate()))
    assert len(velora.named("update")) == 1


UNSENT = {"title": " Hello ", "category": "Music", "tags": ["a", " A", "b"]}


def test_unsent__as_long_as_velora_has_not_taken_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    assert app.pending_update is None
    velora.failures["update"] += [errors.TimedOut()] * 2
    go_live(app, host)
    assert app.pending_update == UNSENT
    settle(app, velora, 3)
    assert app.pending_update is None


def test_unsent__not_what_velora_refused(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.Unauthorized())
    go_live(app, host)
    settle(app, velora, 1)
    assert app.pending_update is None


def test_unsent__not_of_a_stream_that_is_over(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    app.stream_stopped()
    assert app.pending_update is None


def test_unsent__not_while_nothing_runs(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.TimedOut())
    run(app, app.actions.update_now())
    assert app.pending_update is None


SENT = {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}


def test_unsent__is_sent_by_the_next_one_if_the_stream_still_runs(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    host.live = True
    velora.failures["update"] += [errors.TimedOut()] * 2
    following: Application = make(pending_update=UNSENT)
    following.settings = StreamSettings(title="Of the other scenes")
    settle(following, velora, 3)
    assert velora.named("update") == [SENT] * 3
    assert following.pending_update is None


@pytest.mark.parametrize("opened", [False, True])
def test_unsent__is_sent_by_the_next_one_once_the_stream_has_connected(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, opened: bool
) -> None:
    following: Application = make(pending_update=UNSENT)
    if opened:
        settle(following, velora, 0)
    assert following.pending_update == UNSENT  # for one more that is loaded before that
    host.live = True
    following.stream_started()
    settle(following, velora, 1)
    assert velora.named("update") == [SENT]
    assert following.pending_update is None


def test_unsent__nothing_for_a_stream_that_did_not_connect(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    following: Application = make(pending_update=UNSENT)
    settle(following, velora, 0)
    following.stream_stopped()
    assert following.pending_update is None
    following.stream_starting()
    host.live = True
    following.stream_started()
    settle(following, velora, 0)
    assert velora.named("update") == []


def test_unsent__is_handed_on_and_on(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    host.live = True
    velora.failures["update"] += [errors.TimedOut()] * 20
    following: Application = make(pending_update=UNSENT)
    settle(following, velora, 1)
    assert following.pending_update == UNSENT


def test_profile_moved_away_from__still_goes_to_velora(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    """Velora has moved since this profile was configured, and another one has been since."""
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    go_live(app, host)
    assert tried(app, velora) == 1


# -- only what differs ------------------------------------------------------------------------


def test_update_now__sends_only_what_differs(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = StreamInfo("Hello", "Art", "art", is_live=False, tags=("a", "b"))
    run(app, app.actions.refresh())
    assert run(app, app.actions.update_now()) == "Velora now has the category Music."
    assert velora.named("update") == [{"category_slug": "music"}]


def test_update_now__all_is_there__sends_nothing(app: Application, velora: FakeVelora) -> None:
    run(app, app.actions.update_now())
    assert run(app, app.actions.update_now()) == (
        "Velora already has the title “Hello”, the category Music and the tags a, b, "
        "so nothing had to be sent."
    )
    assert len(velora.named("update")) == 1


def test_update_now__in_mid_stream__sends_what_was_changed_since_the_start(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    app.settings = FULL._replace(title="Next part")
    status = run(app, app.actions.update_now())
    assert status == ("Velora now has the title “Next part”.")
    assert velora.named("update")[1:] == [{"title": "Next part"}]


def test_update_now__may_not_read__sends_everything(app: Application, velora: FakeVelora) -> None:
    app._session.stream_info.forget()
    velora.failures["info"].append(errors.InsufficientScope(scope="stream:read"))
    run(app, app.actions.update_now())
    assert len(velora.named("update")[0]) == 3


def test_update_now__no_connection__is_said_without_a_second_wait(
    app: Application, velora: FakeVelora
) -> None:
    app._session.stream_info.forget()
    velora.failures["info"].append(errors.TimedOut())
    assert "did not answer in time" in run(app, app.actions.update_now())
    assert velora.named("update") == []


def test_update_now__lost_on_the_way__sends_everything_again(
    app: Application, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.ConnectionLost())
    run(app, app.actions.update_now())
    run(app, app.actions.update_now())
    assert [len(one) for one in velora.named("update")] == [3, 3]


def test_other_account__nothing_is_taken_for_known(app: Application, velora: FakeVelora) -> None:
    asked = len(velora.named("info"))
    run(app, app.actions.update_now())
    assert len(velora.named("info")) == asked  # refreshed just before
    app.entered("client_id", "")  # as a sign-in or sign-out would
    run(app, app.actions.update_now())
    assert len(velora.named("info")) == asked + 1


# -- the other way round ----------------------------------------------------------------------


def test_load__fills_the_fields(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.info = StreamInfo("Theirs", "Art", "art", is_live=False, tags=("x",))
    assert run(app, app.actions.load()) == (
        "The panel now shows what Velora has: the title “Theirs” and the category Art."
    )
    assert app.settings == FULL._replace(
        title="Theirs", category="art", category_name="Art", tags=("x",), tags_on_velora=True
    )


def test_load__new_channel__empties_title_and_category_and_keeps_tags(
    app: Application, host: FakeHost
) -> None:
    run(app, app.actions.load())
    assert app.settings == FULL._replace(title="", category="")


def test_load__typed_meanwhile__is_kept(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    job = app.actions.load()
    app.settings = app.settings._replace(title="Typed")
    assert "fields in the meantime" in run(app, job)
    assert app.settings.title == "Typed"


def test_load__fails__changes_nothing(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.failures["info"].append(errors.Unauthorized())
    assert "does not accept your access token" in run(app, app.actions.load())
    assert app.settings == FULL


# -- tags that were taken out -----------------------------------------------------------------


def test_tags_emptied_after_they_were_loaded__are_removed_from_velora(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = StreamInfo("Theirs", "Art", "art", is_live=False, tags=("x",))
    run(app, app.actions.load())
    assert app.settings.tags_on_velora
    app.settings = app.settings._replace(tags=())
    assert app.settings.clear_tags
    assert run(app, app.actions.update_now()) == "Velora now has no tags."
    assert velora.named("update") == [{"tags": ()}]
    assert not app.settings.tags_on_velora
    assert not app.settings.clear_tags


def test_tags_emptied_after_they_were_sent__are_removed_at_the_next_start(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    assert app.settings.tags_on_velora
    host.live = False
    app.stream_stopped()
    app.settings = StreamSettings(tags_on_velora=True)
    go_live(app, host)
    settle(app, velora, 2)
    assert velora.named("update")[1:] == [{"tags": ()}]
    assert not app.settings.tags_on_velora


def test_tags_emptied_while_they_were_being_sent__are_removed_with_the_next_update(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    job = app.actions.update_now()
    wait_for(lambda: velora.named("update"))
    app.settings = app.settings._replace(tags=())
    velora.block.set()
    run(app, job)
    assert app.settings.clear_tags


def test_tags_emptied__that_velora_has_not_either__are_not_sent(
    app: Application, velora: FakeVelora
) -> None:
    velora.info = StreamInfo("T", None, None, is_live=False, tags=())
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="T", tags_on_velora=True)
    assert "already" in run(app, app.actions.update_now())
    assert velora.named("update") == []


def test_tags_that_are_only_white_space__change_nothing(
    app: Application, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(title="T", tags=(" ", ""))
    run(app, app.actions.update_now())
    assert velora.named("update") == [{"title": "T"}]


def test_unsent__knows_of_emptied_tags(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 50
    app.settings = StreamSettings(tags_on_velora=True)
    go_live(app, host)
    pending_update = app.pending_update
    assert pending_update == {"title": "", "category": "", "tags": [], "clear_tags": True}
    app.close()
    velora.failures["update"].clear()
    velora.calls.clear()
    following: Application = make(pending_update=pending_update)
    settle(following, velora, 1)
    assert velora.named("update")[-1] == {"tags": ()}


# -- a stream that may be none of our business ------------------------------------------------

TWITCH = Service("rtmp_common", {"service": "Twitch", "server": "auto", "key": "live_test_other"})
CUSTOM = Service("rtmp_custom", {"server": "rtmp://other.test/app", "key": "live_test_other"})


def stream_for_ten_minutes(app: Application, host: FakeHost, clock: Clock) -> None:
    go_live(app, host)
    for _ in range(60):
        clock.now += 10
        run(app, app._runtime.press("", lambda: None))
    host.live = False
    app.stream_stopped()


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("service", [TWITCH, CUSTOM])
def test_elsewhere_while_nothing_is_known__not_a_word(
    make: Any,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    service: Service,
    signed_in: bool,
) -> None:
    app: Application = make(**({} if signed_in else {"HOME": "/nowhere"}))
    run(app, app._runtime.press("", lambda: None))
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = service
    before = app.state.status
    stream_for_ten_minutes(app, host, clock)
    asks = signed_in and service is CUSTOM
    assert [name for name, _ in velora.calls] == ["setup"] * asks
    assert host.logged == []
    assert app.state.status == before
    assert app.state.live is None
    assert app.state.live_summary == "You are not streaming to Velora."


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize(
    ("failure", "most"),
    [
        (errors.InsufficientScope(scope="stream:key"), 2),
        (errors.Unauthorized(), 2),
        (errors.TransportError(), 30),
    ],
)
def test_may_be_elsewhere_and_can_not_be_found_out__not_a_word(
    make: Any,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    failure: errors.VeloraError,
    most: int,
) -> None:
    app: Application = make()
    run(app, app._runtime.press("", lambda: None))
    velora.failures["setup"] += [failure] * 99
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = CUSTOM
    before = app.state.status
    stream_for_ten_minutes(app, host, clock)
    assert {name for name, _ in velora.calls} == {"setup"}
    assert len(velora.calls) <= most
    assert (host.logged, app.state.status, app.state.live) == ([], before, None)


@pytest.mark.usefixtures("slow_retries")
def test_velora_that_is_found_out_late__gets_the_info_then(
    make: Any, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    app: Application = make()
    velora.failures["setup"] += [errors.TransportError()]
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP})
    go_live(app, host)
    settle(app, velora, 0)
    assert velora.named("update") == []
    clock.now += RETRY_DELAYS[0]
    settle(app, velora, 1)
    assert velora.named("update") == [{"title": "Hello"}]
    assert host.warnings == []


# -- variables -----------------------------------------------------------------------------


def test_variables__are_filled_in_once(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([LocalTime("1.2.", "10:00", "Monday"), LocalTime("1.2.", "10:01", "Monday")])
    monkeypatch.setattr("velora_core.app.local_time.local_time", lambda: next(moments))
    app.settings = FULL._replace(title="{Category} on {weekday} {{{time}}} {preset}")
    velora.failures["update"] = [errors.ServerError(status=500)] * 2
    go_live(app, host)
    settle(app, velora, 3)
    assert [one["title"] for one in velora.named("update")] == ["Music on Monday {10:00}"] * 3
    assert "“Music on Monday {10:00}”" in app.state.status
    run(app, app.actions.update_now())
    assert velora.named("update")[3:] == [{"title": "Music on Monday {10:01}"}]


def test_variables__unknown_is_named_and_not_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(title="{categroy} {date} {x}")
    go_live(app, host)
    settle(app, velora, 1)
    assert velora.named("update") == [{"category_slug": "music", "tags": ("a", "b")}]
    assert "The title has {categroy}, {x}, which stands for nothing: use {date}, {time}" in (
        app.state.status
    )
    assert "write {{ and }} for braces" in app.state.status


def test_variables__of_a_title_that_becomes_too_long(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.settings = FULL._replace(title="x" * 135 + "{category}", category="just-chatting")
    go_live(app, host)
    settle(app, velora, 1)
    assert "title" not in velora.named("update")[0]
    assert "shorten it by 8" in app.state.status


def test_variables__unsent_title_is_handed_over_finished(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None
) -> None:
    app.settings = FULL._replace(title="{category} {{x}}")
    velora.failures["update"] = [errors.ServerError(status=500)]
    go_live(app, host)
    settle(app, velora, 1)
    assert app.pending_update is not None
    assert app.pending_update["title"] == "Music {{x}}"


# -- parts ---------------------------------------------------------------------------------


def test_part__is_sent_alone(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    run(app, app.features.stream_info.send_part(StreamSettings(title="Part")))
    run(
        app, app.features.stream_info.send_part(StreamSettings(tags_on_velora=True), compares=False)
    )
    assert velora.named("update")[1:] == [{"title": "Part"}, {"tags": ()}]


def test_part__with_what_is_still_unsent(
    app: Application, host: FakeHost, velora: FakeVelora, slow_retries: None
) -> None:
    velora.failures["update"] = [errors.ServerError(status=500)]
    go_live(app, host)
    settle(app, velora, 1)
    run(app, app.features.stream_info.send_part(StreamSettings(category="just-chatting")))
    assert velora.named("update")[1:] == [
        {"title": "Hello", "category_slug": "just-chatting", "tags": ("a", "b")}
    ]


def test_part__of_a_stream_that_goes_elsewhere(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    host.live = True
    run(app, app.features.stream_info.send_part(StreamSettings(title="Part")))
    assert velora.named("update") == []
