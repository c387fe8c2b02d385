"""The one moment that does not touch OBS: signing in, from the button to the end."""

from __future__ import annotations

import importlib
import importlib.util
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import requests

from tests.faults.rows import GATE, TLS_GATE, FaultCase, FaultContext
from tests.harness.waiting import wait_until
from tests.ports import free_port
from tests.simulator import SCOPES, Client
from tests.unit.fakes import FakeHost
from velora_core import (
    ClientCredentials,
    Endpoints,
    Grant,
    OAuth,
    Secret,
    Transport,
    sign_in_with_browser,
)
from velora_core.application import Application

__all__ = ["api_url", "new_sign_in", "sign_in_under"]

_API = "/api/integrations/oauth"


def api_url(row: FaultCase, ground: FaultContext) -> str:
    """Return what VELORA_API_URL is while the fault is there."""
    origins = {
        "": ground.velora.url,
        GATE: f"http://{ground.gate.host}",
        TLS_GATE: f"https://{ground.gate.host}",
    }
    return origins.get(row.origin, row.origin) + _API


def _allow(ground: FaultContext, url: str) -> None:
    """A browser whose user presses Allow, on Velora's own page."""
    form: dict[str, Any] = dict(parse_qs(urlsplit(url).query))
    form |= {"answer": "allow", "allowed": list(SCOPES)}
    requests.post(f"{ground.velora.url}/oauth/authorize", data=form, timeout=90)


def _app_at(ground: FaultContext) -> tuple[ClientCredentials, int]:
    port = free_port()
    register = ground.velora.register(Client(redirect_uris=(f"http://localhost:{port}/",)))
    return ClientCredentials(register.client_id, Secret(register.client_secret or "")), port


def new_sign_in(ground: FaultContext) -> Grant:
    """Somebody has signed in, before anything went wrong."""
    client, port = _app_at(ground)

    def browse(url: str) -> None:
        threading.Thread(target=_allow, args=(ground, url), daemon=True).start()

    oauth = OAuth(Transport(), Endpoints.at(ground.velora.api_url))
    return sign_in_with_browser(client, oauth, redirect_port=port, browse=browse, timeout=30)


def sign_in_under(row: FaultCase, ground: FaultContext) -> str:
    """Press the button and allow access in the browser; return the sentence in the end.

    Afterwards the fault is ended, where it can be, and signing in works.
    """
    client, port = _app_at(ground)
    with ExitStack() as stack:
        folder = stack.enter_context(
            mock.patch("velora_core.storage.storage.default_folder", return_value=ground.folder)
        )
        for patch in _patches(row, ground):
            stack.enter_context(patch)
        environment = {
            "VELORA_API_URL": api_url(row, ground),
            "VELORA_CLIENT_ID": client.client_id,
            "VELORA_CLIENT_SECRET": client.client_secret.reveal() if client.client_secret else "",
        }
        row.begin(ground)
        app = Application(FakeHost(), environment=environment)
        stack.callback(app.close)
        said = _sign_in(app, ground, port)
        folder.assert_called()  # else it is the developer's own, in which no fault is
        if not row.lasting:
            row.end(ground)
            last = _sign_in(app, ground, port)
            assert re.search(r"Signed in as|signed in until you close OBS", last), last
    for secret in (client.client_secret.reveal() if client.client_secret else "-", "test_access_"):
        assert secret not in said
    return said


def _sign_in(app: Application, ground: FaultContext, port: int) -> str:
    def ended() -> str:
        app.process_ui_queue()
        status = app.state.status
        return "" if "Velora's page opens" in status else status

    app.panel(drawn=True)  # a panel that shows what was said before
    app.settings = app.settings._replace(redirect_port=port)
    with _browser(ground):
        assert app.actions.sign_in().wait(30)
        return wait_until(ended, what="the end of the sign-in", timeout=90)


@contextmanager
def _browser(ground: FaultContext) -> Iterator[None]:
    def browse(url: str) -> bool:
        threading.Thread(target=_allow, args=(ground, url), daemon=True).start()
        return True

    with mock.patch("webbrowser.open", browse):
        yield


def _patches(row: FaultCase, ground: FaultContext) -> Iterator[Any]:
    """What a process's environment does to the OBS that is started under the fault."""
    if row.clock:
        now = time.time
        yield mock.patch("time.time", side_effect=lambda: now() + row.clock)
    backend = row.environment.get("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    yield mock.patch("keyring.get_keyring", side_effect=lambda: _backend(backend, ground.extra))


def _backend(name: str, folder: Path) -> Any:
    module, _, of = name.rpartition(".")
    own = folder / f"{module}.py"
    if own.exists():
        spec = importlib.util.spec_from_file_location(module, own)
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
    else:
        found = importlib.import_module(module)
    return getattr(found, of)()
