"""Stream info when a stream starts, and when Update now is pressed."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.fakes import OTHER, RTMP, SRT, FakeHost, FakeVelora, run, wait_for
from velora_core import errors
from velora_core.app import Application
from velora_core.service import Service
from velora_core.state import StreamSettings, Tone

FULL = StreamSettings(title=" Hello ", category="Music", tags=("a", " A", "b"))


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.going_live.RETRY_DELAYS", (0.01, 0.01, 0.01))


@pytest.fixture
def app(make: Any, host: FakeHost) -> Application:
    """Configured for Velora, with categories known."""
    app: Application = make()
    run(app, app.refresh())
    run(app, app.configure())
    app.settings = FULL
    host.logged.clear()
    return app


def go_live(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()


def settle(app: Application, velora: FakeVelora, updates: int) -> None:
    """Lets worker and UI thread take turns until so many updates were tried."""

    def done() -> bool:
        app.ui_turn()
        return len(velora.named("update")) >= updates

    wait_for(done, f"{updates} updates")
    run(app, app._runtime.press("", lambda: None))


def test_going_live__sends_what_is_set_once(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}
    ]
    assert app.state.status == (
        "Your stream has the right info: Velora now has the title “Hello”, the category Music and "
        "the tags a, b."
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
    app.ui_turn()
    assert "Your stream has the right info" in app.state.status
    assert len(host.warnings) == 1
    assert "Your stream is not affected" in host.warnings[0]


def test_trouble__that_stays_is_not_fought_for_ever(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 20
    go_live(app, host)
    settle(app, velora, 4)
    settle(app, velora, 4)
    assert len(velora.named("update")) == 4
    assert "could not be set" in app.state.status
    assert app.state.tone is Tone.WARNING
    assert len(host.warnings) == 1


@pytest.mark.parametrize(
    "failure",
    [
        errors.Unauthorized(),
        errors.MissingScope(scope="stream:write"),
        errors.CategoryNotFound(slug="x"),
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


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (FULL._replace(title="x" * 141), "141 characters"),
        (FULL._replace(title="a\nb"), "line break"),
        (FULL._replace(category="No Such Thing"), "no category “No Such Thing”"),
    ],
)
def test_bad_entries__are_said_and_nothing_is_sent(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings, words: str
) -> None:
    app.settings = settings
    go_live(app, host)
    settle(app, velora, 0)
    assert velora.named("update") == []
    assert words in app.state.status
    assert settings == app.settings


def test_rate_limit__is_waited_for(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.RateLimited(retry_after=40.0))
    go_live(app, host)
    settle(app, velora, 1)
    app.ui_turn()
    assert "trying again in 40 seconds" in app.state.status


def test_stream_ends__and_so_do_the_tries(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("velora_core.going_live.RETRY_DELAYS", (0.05,) * 9)
    velora.failures["update"] += [errors.TimedOut()] * 20
    go_live(app, host)
    settle(app, velora, 1)
    app.ui_turn()
    app.stream_stopped()
    tried = len(velora.named("update"))
    threading.Event().wait(0.2)
    settle(app, velora, 0)
    assert len(velora.named("update")) == tried


def test_stream_ends__before_the_info_went_out(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    busy = app.refresh()
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
    status = run(app, app.update_now())
    assert status == "Velora now has the title “New” and the category Just Chatting."
    assert velora.named("update") == [{"title": "New", "category_slug": "just-chatting"}]


def test_update_now__with_nothing_entered(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings()
    assert "nothing to send" in run(app, app.update_now())
    assert velora.named("update") == []


def test_update_now__shows_why_it_failed(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.TimedOut())
    assert run(app, app.update_now()) == str(errors.TimedOut())
    assert app.state.tone is Tone.ERROR


def test_update_now__takes_the_place_of_an_older_one_that_waits(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.going_live.RETRY_DELAYS", (0.1,) * 9)
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    settle(app, velora, 1)
    app.ui_turn()
    app.settings = StreamSettings(title="Newer")
    run(app, app.update_now())
    threading.Event().wait(0.3)
    settle(app, velora, 0)
    assert [one.get("title") for one in velora.named("update")] == ["Hello", "Newer"]


def test_update_now__is_tried_again_while_live(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    settle(app, velora, 1)
    velora.failures["update"].append(errors.ConnectionFailed())
    app.settings = StreamSettings(title="Newer")
    app.update_now()
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
    job = app.update_now()
    velora.block.set()
    run(app, job)
    settle(app, velora, 2)
    assert [one.get("title") for one in velora.named("update")] == ["Hello", "Newer"]


def test_going_live__comes_before_what_is_less_urgent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    app.configure()
    go_live(app, host)
    velora.block.set()
    wait_for(lambda: velora.calls[-1][0] == "setup")
    names = [name for name, _ in velora.calls]
    assert names[-2:] == ["update", "setup"]


def test_close__leaves_no_try_behind(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 20
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    app.close()
    app.ui_turn()
    tried = len(velora.named("update"))
    threading.Event().wait(0.1)
    assert len(velora.named("update")) == tried
