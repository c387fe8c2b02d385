"""The title's count, which has OBS build the view anew only where nobody notices."""

from __future__ import annotations

import pytest

from tests.unit.fake_obspython import Data
from tests.unit.fakes import wait_for
from tests.unit.obs_script.script import Script
from velora_core.api.models import Category


class Typing:
    """Keys in the field for the title, as OBS tells of them."""

    def __init__(self, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
        self.script, self.props, self.now = script, script.panel(), 100.0
        monkeypatch.setattr("velora_hosts.obs_script.panel.time", self)

    def monotonic(self) -> float:
        return self.now

    def key(self, title: str, *, after: float = 1.0) -> bool:
        """Return whether the view is to be built anew."""
        self.now += after
        field = self.props.find("title")
        assert field
        self.script.type(title=title)
        return bool(field.modified(self.props, field, Data()))

    @property
    def count(self) -> tuple[str, bool]:
        line = self.props.find("title_count")
        assert line
        return line.text, line.visible


@pytest.fixture
def typing(script: Script, monkeypatch: pytest.MonkeyPatch) -> Typing:
    script.type(title="")
    return Typing(script, monkeypatch)


def test_count__follows_what_is_typed(typing: Typing) -> None:
    assert not typing.count[1]
    assert typing.key("H")
    assert typing.count == ("1/140", True)
    assert typing.key("Hello")
    assert typing.key("Hell")
    assert typing.count == ("4/140", True)
    assert typing.key("")
    assert not typing.count[1]


def test_count__too_long__is_a_warning(typing: Typing, script: Script) -> None:
    typing.key("x" * 140)
    line = typing.props.find("title_count")
    assert line
    assert line.info == script.obs.OBS_TEXT_INFO_NORMAL
    typing.key("x" * 152)
    assert line.info == script.obs.OBS_TEXT_INFO_ERROR
    assert line.text == "152/140: 12 too many, Velora will not accept it"


def test_count__two_letters_in_a_rush__one_rebuild(typing: Typing) -> None:
    assert typing.key("H")
    assert not typing.key("He", after=0.001)
    assert typing.key("Hel", after=0.06)


def test_count__in_the_middle_of_a_text__leaves_the_cursor_alone(typing: Typing) -> None:
    typing.key("Hello")
    assert not typing.key("HXello")
    assert typing.key("Ho")  # a part was cut out


def test_count__many_categories__no_rebuild_while_typing(typing: Typing, script: Script) -> None:
    app = script.module._session.app
    many = tuple(Category(f"music-{number}", f"Music {number}") for number in range(301))
    wait_for(lambda: app.state.categories)  # those that the opened panel has asked for
    app._runtime.change(categories=many)
    assert not typing.key("Hello")


def test_count__after_unloading__does_nothing(typing: Typing, script: Script) -> None:
    script.unload()
    field = typing.props.find("title")
    assert field
    assert script.call("on_modified", typing.props, field, Data()) is False
