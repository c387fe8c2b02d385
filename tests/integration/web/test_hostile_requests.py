"""A share of `python -m tests.soak.hostile_requests`, with nobody's pace in the way."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.soak.hostile import Target, findings, invent, send
from tests.unit.fakes import KEY, TOKEN, FakeVelora, run
from tests.unit.web.client import Client, meanwhile
from velora_core.application import Application

REQUESTS = 250
SEED = 16


def test_hostile_requests__change_nothing_and_tell_nothing(
    client: Client, app: Application, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.edit({"program_name": "Deck"})
    run(app, app.features.page.add_program())
    token = str(app.panel().find("program_token").value)
    monkeypatch.setattr("velora_core.web.limits.Pace.admits", lambda _: True)
    target = Target(client.host, client.cookie, token)
    secrets = (KEY, TOKEN, token, client.cookie.partition("=")[2], client.entry.partition("=")[2])
    before: Any = app.settings, app.state, list(velora.calls)

    for request in invent(REQUESTS, SEED):
        answer = meanwhile(app, partial(send, request, target))
        assert findings(request, answer, secrets) == []
    assert (app.settings, app.state, velora.calls) == before
