"""Recent titles, what Velora had before, and the count of streams."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run, wait_for
from tests.unit.features.live import go_live_and_update as go_live
from tests.unit.features.live import update_clock
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Priority
from velora_core.application import Application
from velora_core.storage.history import HistoryStore
from velora_core.storage.preset_content import PresetContent

FULL = StreamSettings(title="Hello {category}", category="Music", tags=("a", "b"))
BEFORE = StreamInfo("Was {x}", "Just Chatting", "just-chatting", is_live=False, tags=("old",))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return update_clock(monkeypatch)


@pytest.fixture
def app(make: Any, host: FakeHost) -> Application:
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.settings = FULL
    app.panel(drawn=True)
    return app


def test_recent__as_it_was_typed(app: Application) -> None:
    run(app, app.actions.update_now())
    assert app.state.recent == (PresetContent("Hello {category}", "music", "Music", ("a", "b")),)
    app.settings = StreamSettings(title="Second")
    run(app, app.actions.update_now())
    assert [title.title for title in app.state.recent] == ["Second", "Hello {category}"]


def test_recent__has_what_velora_had_already(app: Application, velora: FakeVelora) -> None:
    velora.info = StreamInfo("Old", "Music", "music", is_live=False, tags=("a", "b"))
    run(app, app.actions.refresh())
    run(app, app.actions.update_now())
    assert velora.named("update") == [{"title": "Hello Music"}]
    assert app.state.recent[0].tags == ("a", "b")


def test_recent__without_what_velora_refused(app: Application, velora: FakeVelora) -> None:
    velora.failures["update"] = [errors.CategoryNotFound(slug="music")]
    run(app, app.actions.update_now())
    assert app.state.recent[0].category is None
    velora.failures["update"] = [errors.ServerError(status=500)]
    app.settings = StreamSettings(title="Failed")
    run(app, app.actions.update_now())
    assert len(app.state.recent) == 1


def test_choose__fills_and_sends_only_while_live(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host, velora)
    recent = app.state.recent[0]
    app.settings = StreamSettings(title="Other")
    run(app, app.actions.update_now())
    run(app, app.features.title_history.choose(recent))
    assert app.settings == StreamSettings(
        title="Hello {category}", category="music", category_name="Music", tags=("a", "b")
    )
    assert velora.named("update")[2:] == [{"title": "Hello Music"}]
    host.live = False
    app.stream_stopped()
    app.settings = StreamSettings()
    app.panel(drawn=True)
    assert run(app, app.features.title_history.choose(recent)) == (
        "The fields now hold the title “Hello {category}”, the category Music and the tags a, b."
    )
    assert len(velora.named("update")) == 3


def test_put_back__and_forth(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.info = BEFORE
    run(app, app.actions.refresh())
    run(app, app.actions.update_now())
    assert app.state.before == PresetContent(
        "Was {{x}}", "just-chatting", "Just Chatting", ("old",)
    )
    app.panel(drawn=True)
    run(app, app.features.title_history.put_back())
    assert velora.named("update")[1] == {
        "title": "Was {x}",
        "category_slug": "just-chatting",
        "tags": ("old",),
    }
    assert app.settings.title == "Was {{x}}"
    run(app, app.features.title_history.put_back())
    assert velora.named("update")[2]["title"] == "Hello Music"


def test_put_back__while_an_update_is_on_its_way(
    app: Application, velora: FakeVelora, mocker: MockerFixture
) -> None:
    """What Velora had before that one comes back, not what it had long before."""
    velora.info = BEFORE
    run(app, app.actions.refresh())
    arrived, go = threading.Event(), threading.Event()
    update = velora.send_stream_info

    def slowly(*values: Any, **more: Any) -> Any:
        answer = update(*values, **more)
        arrived.set()
        assert go.wait(5)
        return answer

    mocker.patch.object(velora, "send_stream_info", slowly)
    app.actions.update_now()
    assert arrived.wait(5)
    job = app.features.title_history.put_back()
    go.set()
    run(app, job)
    assert [sent["title"] for sent in velora.named("update")] == ["Hello Music", "Was {x}"]


def test_put_back__after_an_update_by_another_obs(
    app: Application, velora: FakeVelora, folder: Path
) -> None:
    """What that one has replaced comes back, also where no panel was opened since."""
    velora.info = BEFORE
    run(app, app.actions.refresh())
    run(app, app.actions.update_now())
    other = HistoryStore(folder)
    other.owner = app._session.storage.history.owner
    other.add_sent(PresetContent("Theirs"), PresetContent("Hello Music"))
    run(app, app.features.title_history.put_back())
    assert app.settings.title == "Hello Music"


def test_put_back__of_a_start_whose_past_is_known(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.info = BEFORE
    run(app, app.actions.refresh())
    go_live(app, host, velora)
    run(app, app.features.title_history.put_back())
    assert velora.named("update")[1]["title"] == "Was {x}"


def test_put_back__nothing_is_known(app: Application, velora: FakeVelora) -> None:
    assert "nothing to put back" in run(app, app.features.title_history.put_back())
    assert velora.named("update") == []


def test_put_back__survives_a_start(app: Application, make: Any, velora: FakeVelora) -> None:
    velora.info = BEFORE
    run(app, app.actions.refresh())
    run(app, app.actions.update_now())
    app.close()
    again = make()
    run(again, again.actions.refresh())
    assert again.state.before is not None
    assert again.state.recent


# -- the count of streams ------------------------------------------------------------------


def shown(app: Application) -> None:
    app.features.show_live(LiveStatus(is_live=True, checked_at=1.0))
    run(app, app._runtime.press("", lambda: None))


def test_count__is_of_streams_that_velora_took(
    app: Application, host: FakeHost, velora: FakeVelora, folder: Path
) -> None:
    app.settings = StreamSettings(title="Day {count}")
    app.stream_starting()
    app.stream_stopped()  # was refused
    go_live(app, host, velora)
    app.features.show_live(LiveStatus(is_live=False, checked_at=1.0))
    assert HistoryStore(folder).read().streams == 0
    shown(app)
    shown(app)
    assert HistoryStore(folder).read().streams == 1
    assert app.state.stream_number == 1
    host.live = False
    app.stream_stopped()
    assert app.state.stream_number == 2
    assert {update["title"] for update in velora.named("update")} == {"Day 1"}


def test_count__once_although_loaded_anew(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, folder: Path
) -> None:
    go_live(app, host, velora)
    shown(app)
    app.close()
    again = make()
    run(again, again.actions.refresh())
    shown(again)
    assert HistoryStore(folder).read().streams == 1
    assert again.state.stream_number == 1


def test_count__cuts_nothing_and_is_not_lost(
    app: Application, velora: FakeVelora, folder: Path
) -> None:
    velora.block = threading.Event()
    running = app._runtime.worker.submit(lambda: velora._call("info"), priority=Priority.BACKGROUND)
    wait_for(lambda: app._runtime.worker.running is running)
    app.features.show_live(LiveStatus(is_live=True, checked_at=1.0))
    assert not running.interrupted
    app.close()
    velora.block.set()
    wait_for(lambda: HistoryStore(folder).read().streams == 1)


def test_count__can_be_set(
    app: Application, host: FakeHost, velora: FakeVelora, folder: Path
) -> None:
    assert "{count} is now 42" in run(app, app.features.title_history.set_streams(42))
    assert HistoryStore(folder).read().streams == 41
    go_live(app, host, velora)
    shown(app)
    assert app.state.stream_number == 42
    run(app, app.features.title_history.set_streams(7))
    assert app.state.stream_number == 7
    assert HistoryStore(folder).read().streams == 7


def test_elsewhere__counts_nothing(app: Application, host: FakeHost, folder: Path) -> None:
    host.services["Main"] = OTHER
    app.stream_starting()
    host.live = True
    app.stream_started()
    run(app, app._runtime.press("", lambda: None))
    assert HistoryStore(folder).read().streams == 0


def test_history__that_can_not_be_kept(app: Application, folder: Path, host: FakeHost) -> None:
    (folder / "history.json").mkdir()
    run(app, app.actions.update_now())
    app.process_ui_queue()
    assert any("history.json can't be read" in text for _, text in host.logged)
