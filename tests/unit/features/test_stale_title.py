"""A title that is an old one, or that takes the place of one that was set elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, grant, run, run_until_idle
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.auth.grant import Grant
from velora_core.storage.storage import Storage

DAY = 86_400.0
THEIRS = (
    "“Theirs” was your title on Velora, set on its website or elsewhere, and “Ours” has taken its "
    "place: press Put back to have it again."
)


class Day:
    """The time of day, which a test sets on."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    day = Day()
    monkeypatch.setattr("velora_core.features.stale_title.time", day)
    return day


@pytest.fixture
def app(make: Any, velora: FakeVelora, day: Day) -> Application:
    """Has sent the title “Ours” once, and Velora has it."""
    app: Application = make()
    run(app, app.actions.configure())
    app.settings = StreamSettings(title="Ours")
    run(app, app.actions.update_now())
    velora.info = velora.info._replace(title="Ours")
    velora.calls.clear()
    return app


def go_live(app: Application, host: FakeHost) -> list[str]:
    """Starts a stream, and returns the sentences that the panel shows once all is done."""
    app.panel(drawn=True)
    app.stream_starting()
    run(app, app._runtime.press("", lambda: None))
    status = app.state.status
    app.stream_stopped()
    return status.split("\n")


def said(app: Application) -> list[str]:
    return [entry.sentence for entry in app._runtime.status_history]


def test_same_title__for_less_than_a_day(app: Application, host: FakeHost, day: Day) -> None:
    day.now += DAY - 60
    assert go_live(app, host) == ["Velora now has the title “Ours”."]


def test_same_title__for_more_than_a_day(
    app: Application, host: FakeHost, velora: FakeVelora, day: Day
) -> None:
    day.now += DAY + 60
    old, sent = go_live(app, host)
    assert old.startswith("Your title “Ours” has been the same since ")
    assert sent == "Velora now has the title “Ours”."
    assert app.state.tone is StatusLevel.NORMAL
    assert host.warnings == []
    asked = [name for name, _ in velora.calls]
    assert asked[:2] == ["info", "update"]  # at the end of the stream the key may be checked
    assert velora.timeout == 1.5


def test_same_title__that_is_not_sent(app: Application, host: FakeHost, day: Day) -> None:
    day.now += DAY + 60
    app.settings = StreamSettings(title="Ours", update_on_start=False)
    assert go_live(app, host)[-1].startswith("Your title “Ours” has been the same since ")


def test_changed_elsewhere__is_replaced_and_said(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = velora.info._replace(title="Theirs")
    assert go_live(app, host) == [THEIRS, "Velora now has the title “Ours”."]
    assert app.state.tone is StatusLevel.WARNING
    assert host.warnings == []  # the log window stays closed
    assert velora.named("update") == [{"title": "Ours"}]
    velora.info = velora.info._replace(title="Ours")
    assert go_live(app, host) == ["Velora now has the title “Ours”."]


def test_changed_elsewhere__is_stored_behind_the_title_and_not_before(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    velora.info = velora.info._replace(title="Theirs")
    updates: list[int] = []  # there have been, whenever something is stored
    channel = app._session.storage.channel
    monkeypatch.setattr(channel, "_store", lambda _: updates.append(len(velora.named("update"))))
    go_live(app, host)
    assert updates == [1]


def test_changed_elsewhere__and_not_sent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = velora.info._replace(title="Theirs")
    app.settings = StreamSettings(title="Ours", update_on_start=False)
    assert go_live(app, host)[-1] == (
        "Your stream goes out as “Theirs”, which is what Velora has: press Update now to send the "
        "title in the panel."
    )
    assert velora.named("update") == []


def test_changed_here__is_nothing_to_mention(
    app: Application, host: FakeHost, velora: FakeVelora, day: Day
) -> None:
    day.now += 9 * DAY
    app.settings = StreamSettings(title="New")
    assert go_live(app, host) == ["Velora now has the title “New”."]


def test_by_hand__nothing_is_asked_or_said(app: Application, velora: FakeVelora, day: Day) -> None:
    velora.info = velora.info._replace(title="Theirs")
    app.settings = StreamSettings(title="New")
    assert run(app, app.actions.update_now()) == "Velora now has the title “New”."


def test_without_an_answer__the_title_is_sent_all_the_same(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["info"] += [errors.TimedOut()]
    assert go_live(app, host) == ["Velora now has the title “Ours”."]


def test_first_stream__asks_nothing(make: Any, host: FakeHost, velora: FakeVelora) -> None:
    app = make()
    run(app, app.actions.configure())
    app.settings = StreamSettings(title="Ours")
    go_live(app, host)
    assert velora.named("info") == []


def test_another_token__is_another_channel(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = velora.info._replace(title="Theirs")
    other = make(VELORA_ACCESS_TOKEN=TOKEN + "2")
    run(other, other.actions.configure())
    other.settings = StreamSettings(title="Ours")
    velora.calls.clear()
    assert go_live(other, host)[-1] == "Velora now has the title “Ours”."
    assert velora.named("info") == []


@pytest.mark.parametrize(
    ("now", "known"),
    [
        (grant("", name="", token=TOKEN + "_refreshed"), True),
        (grant("", name="", since=2000.0), False),  # somebody else may have signed in
    ],
    ids=["refreshed", "signed in anew"],
)
def test_sign_in_without_a_name__is_the_same_channel_for_as_long_as_it_is(
    now: Grant, known: bool, make: Any, folder: Path, host: FakeHost, velora: FakeVelora
) -> None:
    for sign_in in (grant("", name=""), now):
        Storage(folder).save_sign_in(sign_in)
        app = make(VELORA_NOTHING="")
        run(app, app.actions.configure())
        app.settings = StreamSettings(title="Ours")
        if sign_in is not now:
            run(app, app.actions.update_now())
            app.close()
    velora.info = velora.info._replace(title="Theirs")
    assert (THEIRS in go_live(app, host)) is known


def test_to_another_platform__asks_nothing(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.actions.restore_previous())
    velora.calls.clear()
    go_live(app, host)
    assert velora.calls == []


def test_after_the_next_start__it_is_still_known(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    velora.info = velora.info._replace(title="Theirs")
    again = make()
    run(again, again._runtime.press("", lambda: None))
    again.settings = StreamSettings(title="Ours")
    assert THEIRS in go_live(again, host)


def test_without_an_answer__is_asked_again_before_the_next_try(
    app: Application, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", (0.0,))
    velora.info = velora.info._replace(title="Theirs")
    velora.failures["info"] += [errors.TimedOut()]
    velora.failures["update"] += [errors.TimedOut()]
    app.stream_starting()
    while not velora.named("update")[1:]:
        run_until_idle(app)
    run_until_idle(app)
    assert THEIRS in said(app)
    assert [name for name, _ in velora.calls] == ["info", "update", "info", "update"]


@pytest.mark.parametrize("connected", [True, False])
def test_update_that_a_reload_has_cut__says_it_as_well(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, connected: bool
) -> None:
    velora.info = velora.info._replace(title="Theirs")
    velora.failures["update"] += [errors.TimedOut()]
    app.stream_starting()
    run(app, app._runtime.press("", lambda: None))
    pending = app.pending_update
    assert pending
    app.close()
    host.live = connected
    again = make(pending_update=pending)
    run_until_idle(again)
    again.stream_started()
    run_until_idle(again)
    assert again.pending_update is None
    assert THEIRS in said(again)


def test_reload_with_nothing_to_send__asks_nothing(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    host.live = True
    velora.info = velora.info._replace(title="Theirs")
    again = make()
    run_until_idle(again)
    assert velora.named("update") == []
    assert said(again) == []
