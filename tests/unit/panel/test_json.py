"""The panel for a web page."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.fakes import KEY, TOKEN, FakeHost, run
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.panel.elements import Action, Panel
from velora_core.panel.json import panel_to_json


def drawn(panel: Panel) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(panel_to_json(panel))
    return found


def test_json__is_the_panel_without_what_goes_without_saying(app: Application) -> None:
    run(app, app.actions.refresh())
    app.settings = StreamSettings(title="Grüße “<b>”", category="music")
    top = drawn(app.panel())
    assert top[0] == {
        "kind": "notice",
        "key": "status",
        "text": app.state.status,
    }
    everything = {
        item["key"]: item for group in top for item in (group, *group.get("elements", ()))
    }
    assert everything["title"]["value"] == "Grüße “<b>”"
    assert everything["category_entry"]["options"][2] == {"label": "Music", "value": "Music"}
    assert everything["sign_out"]["visible"] is False
    assert everything["redirect_port"]["limits"] == [1024, 65535]
    assert everything["configure"]["action"] == "configure"
    assert "tags_on_velora" not in {item["key"] for item in top}
    assert len(panel_to_json(app.panel())) < 17_000


def test_json__has_no_secret_in_it(make: Any, host: FakeHost) -> None:
    app: Application = make(HOME="/nowhere")
    for key, secret in (
        ("access_token", TOKEN),
        ("client_id", "live_test_client"),
        ("client_secret", "live_test_secret"),
    ):
        app.edit({key: secret})
    shown = [panel_to_json(app.panel())]
    for action in (Action.CONFIGURE, Action.REFRESH, Action.REGENERATE, Action.CHECK):
        run(app, app.press(action))
        shown.append(panel_to_json(app.panel()))
    assert host.service().settings["key"] == KEY
    for secret in (TOKEN, KEY, "live_test_client", "live_test_secret"):
        assert not any(secret in item for item in shown)
