"""What the token endpoint says, and what that means for the sign-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.integration.auth.refresh.steps import Rotating, still_signed_in, stored
from tests.unit.fakes import FakeHost, wait_for
from velora_core import errors
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.secret import Secret

NO_VERDICTS: dict[str, tuple[int, bytes]] = {
    "404": (404, b'{"message": "Not Found"}'),
    "403 HTML": (403, b"<html>blocked by WAF</html>"),
    "403 JSON": (403, b'{"message": "blocked"}'),
    "401": (401, b'{"message": "Unauthorized", "error": "Unauthorized", "statusCode": 401}'),
    "408": (408, b"{}"),
    "409": (409, b'{"message": "Conflict"}'),
    "302": (302, b"{}"),
    "302 with a verdict": (302, b'{"error": "invalid_grant"}'),
    "400 temporarily_unavailable": (400, b'{"error": "temporarily_unavailable"}'),
    "400 server_error": (400, b'{"error": "server_error"}'),
    "400 invalid_request": (400, b'{"error": "invalid_request"}'),
    "400 with a list": (400, b'{"error": ["invalid_grant"]}'),
    "400 without JSON": (400, b"invalid_grant"),
    "500 with a verdict": (500, b'{"error": "invalid_grant"}'),
    "429": (429, b'{"error": "rate_limit_exceeded"}'),
    "200 HTML": (200, b"<html>Wi-Fi login</html>"),
    "200 without a token": (200, b'{"token_type": "Bearer"}'),
    "200 with another error": (200, b'{"error": "server_error"}'),
}


def answer_once(velora: Rotating, mocker: MockerFixture, status: int, body: bytes) -> None:
    def refresh(connection: Any, fields: dict[str, str]) -> None:
        mocker.stop(patch)
        head = f"HTTP/1.1 {status} Test\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    patch = mocker.patch.object(velora, "_refresh", side_effect=refresh)


@pytest.mark.parametrize("name", NO_VERDICTS)
def test_no_verdict__is_for_later_and_nothing_is_forgotten(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    host: FakeHost,
    name: str,
) -> None:
    mocker.patch("velora_core.features.stream_info.RETRY_DELAYS", (0.05,) * 9)
    answer_once(velora, mocker, *NO_VERDICTS[name])
    if name == "429":
        mocker.patch("velora_core.errors.api.RATE_LIMIT_WINDOW", 0.05)
    app = start()
    app.stream_starting()
    wait_for(
        lambda: velora.titles == ["Hello"], meanwhile=app.process_ui_queue
    )  # tried again by itself
    [warning] = host.warnings
    assert "ended your sign-in" not in warning
    still_signed_in(app, velora, folder)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("invalid_client", "does not know this app"),
        ("unauthorized_client", "does not let your app sign anyone in"),
    ],
)
def test_app__that_velora_does_not_know_costs_no_sign_in(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    word: str,
    said: str,
) -> None:
    answer_once(velora, mocker, 401, json.dumps({"error": word}).encode())
    app = start()
    assert app.actions.load().wait(5)
    assert said in app.state.status
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_0")
    still_signed_in(app, velora, folder)


@pytest.mark.parametrize("status", [400, 401, 200])
def test_invalid_grant__ends_the_sign_in(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    status: int,
) -> None:
    answer_once(velora, mocker, status, b'{"error": "invalid_grant"}')
    app = start()
    assert app.actions.load().wait(5)
    assert app.state.status == str(errors.SignInEnded())
    assert app.state.account.origin is TokenOrigin.NONE
    assert stored(velora, folder).sign_in is None
