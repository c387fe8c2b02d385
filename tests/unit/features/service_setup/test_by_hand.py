"""A software that can't be set up by a program."""

from __future__ import annotations

import pytest

from tests.unit.fakes import NEW_KEY, FakeHost, FakeVelora, run, wait_for
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.secret import Secret


@pytest.fixture
def meld(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """It tells nothing of where its stream goes, and takes nothing."""
    host.able = {"name": "Meld Studio", "sets": False, "reads": False, "protocols": ("rtmp",)}
    monkeypatch.setattr(host, "destination", lambda: None)
    for name in ("snapshot", "restore", "set_destination", "change_destination"):
        monkeypatch.delattr(FakeHost, name)
    return host


def test_not_settable__says_what_to_do_by_hand(meld: FakeHost, app: Application) -> None:
    said = "Meld Studio can't be set up from here: enter Velora's address and your stream key"
    assert run(app, app.actions.configure()).startswith(said)
    assert run(app, app.actions.restore_previous()).startswith(said)


def test_not_settable__a_new_key_is_made_all_the_same(
    meld: FakeHost, app: Application, velora: FakeVelora
) -> None:
    run(app, app.actions.request_new_key())
    status = run(app, app.actions.regenerate())
    assert status.startswith("Your new key is ••••new9; the old one no longer works. Enter")
    assert "in Meld Studio yourself (Settings → Stream)" in status
    assert velora.setup.stream_key == Secret(NEW_KEY)


def test_not_readable__the_stream_is_taken_for_veloras(
    meld: FakeHost, app: Application, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    app.stream_started()
    wait_for(lambda: velora.named("update"))
    app.panel_opened()
    app.profile_changed()
    assert "Something unexpected" not in run(app, app.actions.check())
    app.stream_stopped()
