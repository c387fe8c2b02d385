"""Broadcasting software that can do less than a script inside OBS: what is said instead."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import NEW_KEY, OTHER, FakeHost, FakeVelora, run, run_until_idle
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.encoder import Encoder
from velora_core.host.host import EndReason, ReplacedText

DEFAULTS = Encoder("h264", True, 250 / 60, True, "CBR", 6000, "aac", 48_000)
BY_HAND = "Set a keyframe interval of 2 s and no B-frames in the output settings of OBS."
RESTART = "Restart OBS before you stream"


@pytest.fixture(autouse=True)
def _less_able(host: FakeHost) -> None:
    host.able = {"applies_audio": False, "sets_at_start": False, "fits_encoder": False}


def fails(app: Application, host: FakeHost) -> str:
    host.logged.clear()
    app.stream_starting()
    app.stream_stopped(EndReason.FAILED)
    run_until_idle(app)
    return app.state.status


def test_audio__is_said_to_need_a_restart(app: Application) -> None:
    app.settings = app.settings._replace(protocol="whip")
    assert RESTART in run(app, app.actions.configure())
    assert RESTART not in run(app, app.actions.configure())
    assert RESTART in run(app, app.actions.restore_previous())


def test_audio__that_stays_needs_none(app: Application) -> None:
    assert RESTART not in run(app, app.actions.configure())
    assert RESTART not in run(app, app.actions.restore_previous())


def test_encoder__is_set_by_hand(app: Application, host: FakeHost) -> None:
    host.encoding = DEFAULTS
    app.settings = StreamSettings(suit_encoder=True)
    assert run(app, app.actions.configure()).endswith("says why.")
    assert BY_HAND in app.panel().find("encoder_line").text
    assert BY_HAND in run(app, app.actions.check())
    app.stream_starting()
    assert host.fitted == []
    assert not app.panel().find("suit_encoder").visible


def test_failed_start__right_key(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    assert "did not start, although OBS has the right address and key" in fails(app, host)
    assert len(host.warnings) == 1


def test_failed_start__old_key(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    run(app, app.actions.configure())
    velora.regenerate_stream_key()
    assert fails(app, host).startswith("Press Start Streaming again: the stream key")
    assert host.service().settings["key"] == NEW_KEY


def test_failed_start__velora_fails(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    run(app, app.actions.configure())
    velora.failures["setup"].append(errors.TransportError())
    assert "has not started, and your stream key could not be checked" in fails(app, host)


def test_failed_start__nobody_signed_in(app: Application, make: Any, host: FakeHost) -> None:
    run(app, app.actions.configure())
    app.close()
    again = make(VELORA_ACCESS_TOKEN="")
    run_until_idle(again)
    assert "has not started, and without a sign-in" in fails(again, host)


def test_account_that_overwrites_the_key__nothing_is_held_back(
    app: Application, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    host.account = "Twitch"
    host.change_service({"key": str(OTHER.settings["key"])})
    changes = len(host.changes)
    app.stream_starting()
    assert host.service().settings["server"]
    assert len(host.changes) == changes


def test_other_scenes__have_texts_of_their_own(app: Application, host: FakeHost) -> None:
    run_until_idle(app)
    host.kept = {}
    app.scenes_unloading()
    host.texts, host.kept = {"Count": "7"}, {"Count": ReplacedText("soon", "7")}
    app.scenes_loaded()
    assert host.texts == {"Count": "soon"}
    assert host.kept == {}


def test_captures__that_it_does_not_tell_are_not_asked_for(app: Application) -> None:
    app.settings = StreamSettings(title="Chess: {game}")
    run(app, app.features.preset_library.save("Chess"))
    app.edit({"programs": "chess", "section": "presets"})
    run(app, app.features.game_presets.save(app.settings.preset))
    run(app, app.features.preset_library.manage(True))
    app.stream_starting()
    assert app.settings.title == "Chess: {game}"
    assert not app.panel().shows("programs")
    app.edit({"section": "info"})
    line = app.panel().find("title_count").text
    assert "Which program is captured is not known here, so {game} stays empty." in line
