"""The command `velora` against the simulator: what goes wrong, and its exit codes."""

from __future__ import annotations

import socket

import pytest

from tests.contract.command_line.steps import as_json, run
from tests.simulator import Fault, Simulator

COMMANDS = (
    ["status"], ["setup"], ["info"], ["categories"], ["categories", "--search", "zelda"],
    ["set", "--title", "x"], ["regenerate-key", "--yes"], ["watch"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_not_signed_in__is_said(
    velora: Simulator, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    sentence = "You are not signed in to Velora: run velora sign-in."
    assert run(capsys, *arguments) == (3, "", sentence + "\n")
    code, data = as_json(capsys, *arguments)
    assert code == 3
    assert data == {"error": {"kind": "NotSignedIn", "message": sentence, "transient": False}}


@pytest.mark.parametrize("arguments", COMMANDS[:-1], ids=" ".join)
@pytest.mark.parametrize(
    ("status", "code"), [(401, 3), (403, 3), (429, 4), (500, 4), (503, 4), (418, 1)]
)
def test_error_status__has_its_exit_code(
    velora: Simulator,
    token: str,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    code: int,
) -> None:
    velora.faults.add(Fault.status("*", "", status=status))
    found, data = as_json(capsys, *arguments)
    assert found == code
    assert data["error"]["transient"] is (code == 4)
    assert token not in str(data)


def test_unreachable__is_for_later(
    token: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("VELORA_API_URL", f"http://127.0.0.1:{port}/api/integrations/oauth")
    code, out, err = run(capsys, "info")
    assert (code, out) == (4, "")
    assert err == "Velora can't be reached: check your internet connection, then try again.\n"
