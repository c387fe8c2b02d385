"""A changed `VELORA_API_URL` neither sends nor deletes what belongs to another Velora."""

from __future__ import annotations

from pathlib import Path

from tests.simulator import Simulator
from tests.unit.fakes import FakeHost, run
from velora_core import ClientCredentials, Grant, Secret
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.auth.oauth import Tokens
from velora_core.storage.storage import Storage

PRODUCTION = Grant(
    ClientCredentials("test-client-id", Secret("test_client_secret")),
    Tokens(Secret("test_access_own"), Secret("test_refresh_own"), 0.0, None),
    name="Some Body",
    since=1000.0,
)


def test_another_velora__is_not_sent_the_sign_in_and_does_not_end_it(
    velora: Simulator, tmp_path: Path
) -> None:
    Storage(tmp_path).save_sign_in(PRODUCTION)
    app = Application(FakeHost(), environment={"VELORA_API_URL": velora.api_url}, folder=tmp_path)
    assert "You are not signed in" in run(app, app.actions.configure())
    assert app.state.account.origin is TokenOrigin.NONE
    assert not app.state.account.client_known
    assert "You are signed out" in run(app, app.actions.sign_out())
    app.close()
    sent = [
        (request.path, request.body, request.headers.get("Authorization"))
        for request in velora.journal.find()
    ]
    assert "_own" not in str(sent)
    assert Storage(tmp_path).sign_in == PRODUCTION


def test_an_address_that_cannot_be_used__ends_nothing(tmp_path: Path) -> None:
    Storage(tmp_path).save_sign_in(PRODUCTION)
    app = Application(
        FakeHost(), environment={"VELORA_API_URL": "http://velora.test"}, folder=tmp_path
    )
    assert "VELORA_API_URL can't be used" in run(app, app.actions.configure())
    run(app, app.actions.sign_out())
    app.close()
    assert Storage(tmp_path).sign_in == PRODUCTION
