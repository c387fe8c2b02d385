"""The command `velora` against the simulator: what goes wrong, and its exit codes."""

from __future__ import annotations

import io
import json

import pytest

from tests.contract.command_line.steps import as_json, run
from tests.ports import free_port
from tests.simulator import Fault, Simulator
from velora_core.cli.main import main

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


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "test_of_somebody_else",
            "Velora does not accept your access token in VELORA_ACCESS_TOKEN (it is wrong or has "
            "expired): correct or remove the variable, then try again.\n",
        ),
        (
            "two words",
            "What VELORA_ACCESS_TOKEN contains is not an access token: correct or remove the "
            "variable, then try again.\n",
        ),
    ],
)
def test_variable_that_is_refused__is_named(
    velora: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    text: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", text)
    assert run(capsys, *arguments) == (3, "", sentence)


@pytest.mark.parametrize(
    ("arguments", "what", "help_is"),
    [
        ([], "the following arguments are required: COMMAND", "--help to see all commands"),
        (["inf"], "argument COMMAND: invalid choice: 'inf'", "--help to see all commands"),
        (["info", "-x"], "unrecognized arguments: -x", "info --help to see what it takes"),
        (["presets", "show"], "invalid choice: 'show'", "presets --help to see what it takes"),
        (["stream"], "give a file to stream", "stream --help to see what it takes"),
    ],
)
def test_what_makes_no_sense__names_the_help(
    capsys: pytest.CaptureFixture[str], arguments: list[str], what: str, help_is: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    said, last = err.splitlines()[-2:]
    assert said.startswith("velora: ")
    assert what in said
    assert last == f"Run velora {help_is}."


def test_unreachable__is_for_later(
    token: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("VELORA_API_URL", f"http://127.0.0.1:{port}/api/integrations/oauth")
    code, out, err = run(capsys, "info")
    assert (code, out) == (4, "")
    assert err == "Velora can't be reached: check your internet connection, then try again.\n"


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (["set"], "InvalidInput", "There is nothing to set"),
        (["regenerate-key"], "NotConfirmed", "there is no terminal to ask"),
        (["info", "--no-such"], "UsageError", "unrecognized arguments: --no-such"),
        (["presets", "rename", "x"], "UsageError", "NEW-NAME"),
        (["stream"], "UsageError", "give a file to stream"),
        (["watch", "--every", "1"], "UsageError", "'1' is not a number from 5 to 3600"),
    ],
)
def test_what_makes_no_sense__is_json_as_well(
    velora: Simulator,
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    kind: str,
    words: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    try:
        code = main([*arguments, "--json"])
    except SystemExit as ended:
        code = int(str(ended.code))
    printed = capsys.readouterr()
    assert (code, printed.err) == (2, "")
    error = json.loads(printed.out)["error"]
    assert error["kind"] == kind
    assert words in error["message"]
    assert velora.journal.find() == []
