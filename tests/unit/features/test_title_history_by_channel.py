"""Titles and what Velora had before, where one user has several channels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, grant, run, run_until_idle, sign_in_as
from tests.unit.features.live import go_live, update_clock
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.auth.grant import Grant
from velora_core.storage.storage import Storage

NOTHING = {"VELORA_NOTHING": ""}
BEFORE = StreamInfo("Was A's", "Just Chatting", "just-chatting", is_live=False)


@pytest.fixture
def app(make: Any, folder: Path, velora: FakeVelora) -> Application:
    """A's channel, which has been sent a title."""
    Storage(folder).save_sign_in(grant("a"))
    app: Application = make(**NOTHING)
    velora.info = BEFORE
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="A's title")
    run(app, app.actions.update_now())
    assert app.state.before is not None
    velora.info = StreamInfo("A's title", "Just Chatting", "just-chatting", is_live=False)
    velora.calls.clear()
    return app


def shown(app: Application) -> list[str | None]:
    return [content.title for content in app.state.recent]


def test_put_back__nothing_of_another_channel(app: Application, velora: FakeVelora) -> None:
    sign_in_as(app, grant("b"))
    assert app.state.before is None
    assert not app.panel().shows("put_back")
    assert "nothing to put back" in run(app, app.features.title_history.put_back())
    assert velora.named("update") == []
    sign_in_as(app, grant("a", since=2000.0))
    run(app, app.features.title_history.put_back())
    assert velora.named("update")[0]["title"] == "Was A's"


def test_put_back__signing_in_meanwhile_leaves_the_fields(app: Application) -> None:
    app.edit({"title": "B's title"})
    steps = app.features.title_history._put_back()
    next(steps)
    next(steps)
    sign_in_as(app, grant("b"))
    with pytest.raises(errors.InvalidInput, match="another channel"):
        next(steps)
    assert app.settings.title == "B's title"


def test_recent__each_channel_has_its_own(app: Application, folder: Path) -> None:
    sign_in_as(app, grant("b"))
    assert shown(app) == []
    app.settings = StreamSettings(title="B's title")
    run(app, app.actions.update_now())
    assert shown(app) == ["B's title"]
    sign_in_as(app, grant("a"))
    assert shown(app) == ["A's title"]


def test_another_sign_in_at_that_moment__nothing_is_put_back(
    app: Application, velora: FakeVelora, mocker: MockerFixture
) -> None:
    """It comes between the pressing and the sending."""
    credentials = app._session.credentials
    fill = app.features.title_history._filling.fill

    def meanwhile(content: Any) -> None:
        fill(content)
        app._runtime.worker.submit(lambda: credentials._adopt(grant("b")), interruptible=False)

    mocker.patch.object(app.features.title_history._filling, "fill", meanwhile)
    status = run(app, app.features.title_history.put_back())
    assert "signed in to another channel now, so nothing was put back" in status
    assert velora.named("update") == []


def test_another_sign_in_before_it_is_tried_again__nothing_is_put_back(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = update_clock(monkeypatch)
    run(app, app.actions.configure())
    app.settings = StreamSettings()
    go_live(app, host)
    velora.failures["update"] = [errors.ServerError(status=500)]
    run(app, app.features.title_history.put_back())
    velora.calls.clear()
    sign_in_as(app, grant("b"))
    clock.now += 60.0
    for _ in range(3):
        run_until_idle(app)
    assert velora.named("update") == []
    assert "nothing was put back" in app.panel(drawn=True).find("status").text


def test_same_channel_signed_in_again__keeps_it(app: Application) -> None:
    sign_in_as(app, grant("a", name="Renamed", since=3000.0))
    assert shown(app) == ["A's title"]
    assert app.state.before is not None


def test_signed_out__nothing_can_be_put_back(app: Application) -> None:
    run(app, app.actions.sign_out())
    assert app.state.before is None
    assert app.state.recent == ()


def test_nameless_sign_in__has_its_own(make: Any, folder: Path, velora: FakeVelora) -> None:
    Storage(folder).save_sign_in(grant("", name=""))
    app = make(**NOTHING)
    velora.info = BEFORE
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="Hello")
    run(app, app.actions.update_now())
    assert app.state.before is not None
    sign_in_as(app, grant("", name="", since=2000.0))
    assert app.state.before is None


def test_pasted_token__another_one_puts_nothing_back(make: Any, velora: FakeVelora) -> None:
    """It may be another account's; its titles can be chosen again all the same."""
    velora.info = BEFORE
    first = make(VELORA_ACCESS_TOKEN=TOKEN)
    run(first, first.actions.refresh())
    first.settings = StreamSettings(title="Hello")
    run(first, first.actions.update_now())
    assert first.state.before is not None
    first.close()
    second = make(VELORA_ACCESS_TOKEN=TOKEN + "_other")
    run_until_idle(second)
    assert second.state.before is None
    assert shown(second) == ["Hello"]


# -- what is there from before -------------------------------------------------------------

OLD = {
    "version": 1,
    "recent": [{"title": "Old"}, {"title": "Older"}],
    "before": {"title": "Whose?"},
    "streams": 41,
    "preset": "p",
    "unknown": 1,
}


def write(folder: Path, data: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "history.json").write_text(json.dumps(data), encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    return found


def test_older_history__goes_to_the_channel_that_is_sent_something_first(
    make: Any, folder: Path
) -> None:
    write(folder, OLD)
    Storage(folder).save_sign_in(grant("a"))
    app = make(**NOTHING)
    run(app, app.actions.refresh())
    assert shown(app) == ["Old", "Older"]
    assert app.state.before is None  # nobody knows whose it is
    assert app.state.streams == 41
    app.settings = StreamSettings(title="New")
    run(app, app.actions.update_now())
    assert shown(app) == ["New", "Old", "Older"]
    sign_in_as(app, grant("b"))
    assert shown(app) == []
    assert read(folder)["unknown"] == 1


def test_channel_known_by_its_name__is_known_better_after_another_sign_in(
    make: Any, folder: Path, velora: FakeVelora
) -> None:
    Storage(folder).save_sign_in(grant(""))
    app = make(**NOTHING)
    velora.info = BEFORE
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="Hello")
    run(app, app.actions.update_now())
    sign_in_as(app, grant("a"))
    assert shown(app) == ["Hello"]
    assert app.state.before is None  # somebody else may have that name
    app.settings = StreamSettings(title="Second")
    run(app, app.actions.update_now())
    assert shown(app) == ["Second", "Hello"]


@pytest.mark.parametrize("channels", [[], {"user:a": 5}, {"user:a": {"recent": 5, "before": []}}])
def test_damaged_channels__count_as_none(make: Any, folder: Path, channels: Any) -> None:
    write(folder, {**OLD, "channels": channels})
    Storage(folder).save_sign_in(grant("a"))
    app = make(**NOTHING)
    run(app, app.actions.refresh())
    assert app.state.before is None
    app.settings = StreamSettings(title="New")
    run(app, app.actions.update_now())
    assert shown(app) == ["New", "Old", "Older"]


def test_many_channels__the_file_stays_small(make: Any, folder: Path) -> None:
    write(folder, {"version": 1, "channels": {f"user:{n}": {"recent": []} for n in range(50)}})
    Storage(folder).save_sign_in(grant("a"))
    app = make(**NOTHING)
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="New")
    run(app, app.actions.update_now())
    kept = list(read(folder)["channels"])
    assert len(kept) == 20
    assert kept[-1] == "user:a"


def test_sign_in__knows_the_user_by_what_stays(app: Application) -> None:
    assert grant("a").to_json()["user"] == "a"
    sign_in = grant("a")
    assert Grant.from_json(sign_in.to_json()) == sign_in
    older = {key: value for key, value in sign_in.to_json().items() if key != "user"}
    assert Grant.from_json(older) == sign_in._replace(user="")
    assert app.state.account.user == "a"
