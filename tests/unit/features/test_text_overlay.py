"""Text sources show the stream while it runs, and what they held before afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, wait_for
from velora_core.app.live_status import LiveStatus, Viewers
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Worker
from velora_core.application import Application
from velora_core.features.text_overlay import TextOverlay, render_template
from velora_core.host.host import ReplacedText

LIVE = LiveStatus(
    True, Viewers().with_sample(9, 0.0).with_sample(4, 0.0), 450.0, "Hello", "Music", 1.0
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.ruling(monkeypatch, "app.worker", "features.text_overlay")


class Picture:
    """The object under test with all it needs."""

    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self.woken = 0
        self.turns: list[Any] = []
        self.worker = Worker(interrupt=lambda: None, failed=lambda error: None)
        self.on = TextOverlay(host, self.worker, self.turns.append)


@pytest.fixture
def picture(host: FakeHost) -> Any:
    host.texts = {"Viewers": "soon", "Other": "mine"}
    picture = Picture(host)
    yield picture
    picture.worker.close()
    wait_for(lambda: not picture.worker.alive)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{viewers} watching", "4 watching"),
        ("{peak}", "9"),
        ("{title} · {category}", "Hello · Music"),
        ("{uptime}", "0:07"),
        ("{Viewers} {} {nothing} {title.x} {{peak}} {", "4 {} {peak} {"),
        ("{title!r:>9}", "{title!r:>9}"),
        ("plain", "plain"),
    ],
)
def test_render_template(template: str, text: str) -> None:
    assert render_template(template, LIVE, 450.0) == text


def test_render_template__what_is_in_a_title_is_not_filled_in() -> None:
    assert render_template("{title}", LIVE._replace(title="{viewers}"), 0) == "{viewers}"


def test_render_template__nothing_known() -> None:
    assert render_template("{viewers} {title}|{uptime}", LiveStatus(), -3) == "– |0:00"


def test_show__writes_only_what_changes(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}", "Gone": "{viewers}", "Other": "  "})
    picture.on.show(LIVE)
    picture.on.show(LIVE)
    assert picture.host.texts_set == [("Viewers", "4")]
    picture.on.show(LIVE._replace(viewers=Viewers().with_sample(5, 0.0)))
    assert picture.host.texts == {"Viewers": "5", "Other": "mine"}


def test_not_on_air__nothing_is_touched(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LiveStatus(is_live=False, checked_at=1.0))
    assert picture.host.texts_set == []
    assert picture.host.kept == {}


def test_end__gives_back_what_was_there(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LIVE)
    assert picture.host.kept == {"Viewers": ReplacedText("soon", "4")}
    picture.on.give_back()
    assert picture.host.texts["Viewers"] == "soon"
    assert picture.host.kept == {}
    picture.on.use({"Viewers": "now {viewers}"})
    assert picture.host.texts["Viewers"] == "soon"


def test_kept__before_the_source_is_written_to(
    picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(picture.host, "save_replaced_texts", lambda _: order.append("kept"))
    monkeypatch.setattr(picture.host, "set_text", lambda *_: order.append("set"))
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LIVE)
    assert order == ["kept", "set"]


def test_turned_off_while_live__gives_that_one_back(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}", "Other": "{title}"})
    picture.on.show(LIVE)
    picture.on.use({"Other": "{title}"})
    assert picture.host.texts == {"Viewers": "soon", "Other": "Hello"}
    picture.on.use({})
    assert picture.host.texts == {"Viewers": "soon", "Other": "mine"}


def test_chosen_while_live__shows_at_once(picture: Picture) -> None:
    picture.on.show(LIVE)
    picture.on.use({"Viewers": "{viewers}"})
    assert picture.host.texts["Viewers"] == "4"
    picture.on.use({"Viewers": "{viewers}!"})
    assert picture.host.texts["Viewers"] == "4!"
    picture.on.give_back()
    assert picture.host.texts["Viewers"] == "soon"


def test_typed_into_the_source_meanwhile__is_what_comes_back(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LIVE)
    picture.host.texts["Viewers"] = "by hand"
    picture.on.show(LIVE)
    assert picture.host.texts["Viewers"] == "4"
    picture.on.give_back()
    assert picture.host.texts["Viewers"] == "by hand"


def test_typed_after_the_last_look__is_left_alone(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LIVE)
    picture.host.texts["Viewers"] = "by hand"
    picture.on.give_back()
    assert picture.host.texts["Viewers"] == "by hand"


def test_after_a_crash__what_was_kept_comes_back(host: FakeHost) -> None:
    host.kept = {"Viewers": ReplacedText("soon", "4"), "Gone": ReplacedText("a", "b")}
    picture = Picture(host)  # the scripts are loaded before the sources
    picture.on.give_back()
    assert set(host.kept) == {"Viewers", "Gone"}
    host.texts = {"Viewers": "4"}
    picture.on.give_back(forget_missing=True)
    assert host.texts == {"Viewers": "soon"}
    assert host.kept == {}
    picture.worker.close()


def test_uptime__changes_each_minute(picture: Picture, clock: Clock) -> None:
    picture.on.use({"Viewers": "{uptime}"})
    picture.on.show(LIVE)
    assert picture.host.texts["Viewers"] == "0:07"
    clock.now += 30
    with picture.worker._changed:
        picture.worker._changed.notify()
    wait_for(lambda: picture.turns)
    picture.turns.pop()()
    assert picture.host.texts["Viewers"] == "0:08"
    picture.on.give_back()
    clock.now += 600
    with picture.worker._changed:
        picture.worker._changed.notify()
    assert [job for job in picture.worker._waiting if not job.done] == []


def test_without_uptime__no_timer(picture: Picture) -> None:
    picture.on.use({"Viewers": "{viewers}"})
    picture.on.show(LIVE)
    assert picture.worker._waiting == []


def test_application__closing_gives_back(make: Any, host: FakeHost) -> None:
    host.texts = {"Viewers": "soon"}
    app: Application = make()
    app.settings = StreamSettings(texts={"Viewers": "{viewers}"})
    app.features.text_overlay.show(LIVE)
    assert host.texts["Viewers"] == "4"
    app.close()
    assert host.texts["Viewers"] == "soon"


def test_application__scenes_that_leave_are_saved_as_they_were(make: Any, host: FakeHost) -> None:
    host.texts = {"Viewers": "soon"}
    app: Application = make()
    app.settings = StreamSettings(texts={"Viewers": "{viewers}"})
    app.features.text_overlay.show(LIVE)
    app.scenes_unloading()
    assert host.texts["Viewers"] == "soon"
    app.features.text_overlay.show(LIVE)  # an answer that came just then
    assert (host.texts["Viewers"], host.kept) == ("soon", {})
    host.live = True
    app.scenes_loaded()
    app.features.text_overlay.show(LIVE)
    assert host.texts["Viewers"] == "4"


@pytest.mark.parametrize("live", [False, True])
def test_application__scenes_that_come_are_put_right_unless_live(
    make: Any, host: FakeHost, live: bool
) -> None:
    host.kept = {"Viewers": ReplacedText("soon", "4")}
    app: Application = make()
    host.texts = {"Viewers": "4"}
    host.live = live
    app.scenes_loaded()
    assert host.texts["Viewers"] == ("4" if live else "soon")
