"""The command `velora` at a terminal: completion and colour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from tests.contract.command_line.steps import command, run
from tests.simulator import Simulator
from tests.tooling.environment import ROOT
from velora_core.cli.arguments import COMMANDS, SHELLS
from velora_core.cli.main import main


@pytest.mark.parametrize("shell", SHELLS)
def test_completion__has_every_command(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for name in ("sign-in", "regenerate-key", "clear-tags", "rename", "replace"):
        assert name in script


def test_completion__in_bash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"])
    script = capsys.readouterr().out
    asked = (
        "COMP_WORDS=(velora set --t); COMP_CWORD=2; _velora; echo ${COMPREPLY[@]}; "
        "COMP_WORDS=(velora presets im); COMP_CWORD=2; _velora; echo ${COMPREPLY[@]}; "
        "COMP_WORDS=(velora reg); COMP_CWORD=1; _velora; echo ${COMPREPLY[@]}; "
        "complete -p velora"  # else: a file
    )
    done = subprocess.run(
        ["bash", "-c", script + asked], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "--title --tag\nimport\nregenerate-key\ncomplete -o default -F _velora velora\n"
    )


def test_completion__in_powershell_is_read_as_it_is_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """There is no PowerShell here to run it: its grammar says what the text means."""
    main(["completion", "powershell"])
    script = capsys.readouterr().out
    top = Parser(Language(tree_sitter_powershell.language())).parse(script.encode()).root_node
    assert not top.has_error
    (register,) = _of_kind(top, "pipeline")[:1]
    words = register.text.decode().split()[:5] if register.text else []
    assert words == ["Register-ArgumentCompleter", "-Native", "-CommandName", "velora",
                     "-ScriptBlock"]  # fmt: skip
    assert _texts(_of_kind(top, "script_parameter")) == ["$word", "$line", "$cursor"]
    rows = {}
    for entry in _of_kind(top, "hash_entry"):
        name, *options = _texts(_of_kind(entry, "string_literal"))
        rows[name.strip("'")] = [option.strip("'") for option in options]
    assert set(rows) == set(COMMANDS)
    assert all("--help" in options for options in rows.values())
    assert "--clear-tags" in rows["set"]
    first = ", ".join(f"'{name}'" for name in (*COMMANDS, "--help", "--version"))
    assert f"if ($first) {{ @({first}) }}" in script


@pytest.mark.parametrize(
    ("encoding", "title"), [("cp437", b"Title  ??? \x82\n"), ("cp1252", b"Title  ??? \xe9\n")]
)
def test_old_console__shows_what_it_can(
    velora: Simulator, token: str, encoding: str, title: bytes
) -> None:
    velora.account.title = "日本語 é"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}

    def printed(*arguments: str) -> bytes:
        asked = [sys.executable, "-m", "velora_core", *arguments]
        done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, check=True)
        return done.stdout

    assert title in printed("info")
    assert json.loads(printed("info", "--json"))["title"] == velora.account.title


def _of_kind(node: Node, kind: str) -> list[Node]:
    """Return the nodes of a kind below one, in the order of the text."""
    found = [node] if node.type == kind else []
    return [*found, *(inner for child in node.children for inner in _of_kind(child, kind))]


def _texts(nodes: list[Node]) -> list[str]:
    return [node.text.decode() for node in nodes if node.text]


def test_no_colour__in_a_pipe(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "check")
    assert "\x1b" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["categories"],
        ["categories", "--json"],
        ["completion", "zsh"],
        ["--version"],
        ["--help"],
        ["watch", "--help"],
        ["--json"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_full_disk__is_said(
    velora: Simulator,
    token: str,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    unbuffered: str,
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with open("/dev/full", "w") as full, command(*arguments, stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == (
        "The output can't be written (No space left on device): make room, then try again.\n"
    )


@pytest.mark.parametrize(
    "arguments", [["info", "--json"], ["--json"], ["--version"], ["--help"], ["set", "--help"]]
)
def test_what_goes_into_a_closed_pipe__ends_it_quietly(
    velora: Simulator, arguments: list[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    with command(*arguments, stdout=write) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


@pytest.mark.parametrize("arguments", ["info --json", "--version", "--help"])
def test_closed_outputs__are_no_reason_to_fail(
    velora: Simulator, token: str, arguments: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m velora_core {arguments} >&- 2>&-"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0
