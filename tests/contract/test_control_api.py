"""The page's interface against `docs/control-api.yaml`, driven by schemathesis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.simulator import Simulator
from tests.unit.fakes import FakeHost, run, wait_for
from velora_core.application import Application
from velora_core.panel.elements import Action
from velora_core.web import start_page

CONTRACT = Path(__file__).parents[2] / "docs" / "control-api.yaml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
AS_AGREED = settings(QUICK, max_examples=5, phases=[Phase.generate])
TIMEOUT = 10.0

schema = schemathesis.openapi.from_path(str(CONTRACT)).exclude(path="/api/v1/events")


class Served(NamedTuple):
    """An application with a page, whose UI thread is one of this test's."""

    base: str
    token: str
    velora: Simulator


class _Host(FakeHost):
    """Its log is nobody's business here, and its UI thread not the main thread."""

    def __init__(self) -> None:
        super().__init__()
        self.woken = threading.Event()

    def log(self, *_: Any) -> None:
        pass

    def wake(self) -> None:
        self.woken.set()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a page, with nobody in the way of so many requests."""
    with pytest.MonkeyPatch.context() as patch, Simulator() as velora:
        patch.setattr("velora_core.web.server.PORT", 0)
        patch.setattr("velora_core.web.limits.Pace.admits", lambda _: True)
        patch.setattr("webbrowser.open", lambda _: True)
        variables = {"VELORA_API_URL": velora.api_url, "VELORA_ACCESS_TOKEN": velora.issue_token()}
        host, begun = _Host(), threading.Event()
        made: list[Application] = []

        def run_ui() -> None:
            folder = tmp_path_factory.mktemp("settings")
            app = Application(host, environment=variables, folder=folder, page=start_page)
            made.append(app)
            app.panel_opened()
            run(app, app.press(Action.OPEN_PAGE))
            app.edit({"program_name": "Contract"})
            run(app, app.press(Action.PROGRAM_ADD))
            begun.set()
            while not app._runtime.closed:
                host.woken.wait()
                host.woken.clear()
                app.process_ui_queue()

        ui = threading.Thread(target=run_ui, daemon=True)
        ui.start()
        wait_for(begun.is_set, "the page")
        panel = made[0].panel()
        base = str(panel.find("page_address").value).partition("/?")[0]
        yield Served(base, str(panel.find("program_token").value), velora)
        made[0].close()
        host.woken.set()
        ui.join(TIMEOUT)


def ask(case: Any, served: Served, token: str) -> Any:
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    return case.call(base_url=served.base)


@seed(16)
@schema.parametrize()
@QUICK
def test_whatever_is_asked__the_answer_is_as_agreed(case: Any, served: Served) -> None:
    response = ask(case, served, served.token)
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@AS_AGREED
def test_without_a_token__401_as_agreed(case: Any, served: Served) -> None:
    response = ask(case, served, "nonsense")
    assert response.status_code == 401
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@AS_AGREED
def test_from_another_website__403_as_agreed(case: Any, served: Served) -> None:
    case.headers = {**(case.headers or {}), "Origin": "http://evil.test"}
    response = ask(case, served, served.token)
    assert response.status_code == 403
    case.validate_response(response, checks=CHECKS)


def test_events__are_the_state(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.token}"}
    address = f"{served.base}/api/v1/events"
    with requests.get(address, headers=headers, stream=True, timeout=TIMEOUT) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        lines = response.iter_lines(chunk_size=1)
        found = [next(lines) for _ in range(4)]
    assert found[:3] == [b"retry: 1000", b"", b"event: state"]
    assert found[3].startswith(b'data: {"revision"')


def test_document__requires_all_that_it_names() -> None:
    contract = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    state = contract["components"]["schemas"]["State"]
    only_with_others = {"pages"}
    assert set(state["required"]) == set(state["properties"]) - only_with_others
    live = contract["components"]["schemas"]["Live"]
    assert set(live["required"]) == set(live["properties"])


def test_title__goes_to_velora(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.token}"}
    patched = requests.patch(
        f"{served.base}/api/v1/values", json={"title": "Hello"}, headers=headers, timeout=TIMEOUT
    )
    assert patched.status_code == 200
    pressed = requests.post(
        f"{served.base}/api/v1/actions/update_now", json={}, headers=headers, timeout=TIMEOUT
    )
    assert "Hello" in pressed.json()["answer"]
    assert served.velora.journal.find("PUT", "/stream/info")[-1].json == {"title": "Hello"}
