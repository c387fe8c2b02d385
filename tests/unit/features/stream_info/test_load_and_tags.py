"""Load from Velora, and tags that were taken out."""

from __future__ import annotations

import threading

import pytest

from tests.unit.conftest import Make
from tests.unit.fakes import FakeHost, FakeVelora, grant, run, sign_in_as, wait_for
from tests.unit.features.stream_info.steps import FULL, go_live, wait_for_updates
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.app.state import StreamSettings
from velora_core.application import Application


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
    wait_for_updates(app, velora, 1)
    assert app.settings.tags_on_velora
    host.live = False
    app.stream_stopped()
    app.settings = StreamSettings(tags_on_velora=True)
    go_live(app, host)
    wait_for_updates(app, velora, 2)
    assert velora.named("update")[1:] == [{"tags": ()}]
    assert not app.settings.tags_on_velora


@pytest.mark.parametrize(("user", "removed"), [("first", True), ("second", False)])
def test_tags_emptied__of_another_channel_than_is_signed_in_to_by_now(
    make: Make, velora: FakeVelora, user: str, removed: bool
) -> None:
    """Its own tags were never in the field: nobody has taken them out."""
    app = make(VELORA_NONE="")
    sign_in_as(app, grant("first"))
    velora.info = StreamInfo("Theirs", "Art", "art", is_live=False, tags=("x",))
    run(app, app.actions.load())
    run(app, app.actions.sign_out())
    sign_in_as(app, grant(user))
    app.settings = app.settings._replace(title="New", tags=())
    run(app, app.actions.update_now())
    assert velora.named("update") == [{"title": "New", **({"tags": ()} if removed else {})}]


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
