"""The command `velora` at a terminal: completion and colour."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
    """No PowerShell has run it: here is what its words and brackets mean."""
    main(["completion", "powershell"])
    script = capsys.readouterr().out
    bare = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|(?m:^#.*$)", "", script)
    assert not set("'\"`") & set(bare)
    opened = []
    for sign in re.findall(r"[][(){}]", bare):
        if sign in "([{":
            opened.append({"(": ")", "[": "]", "{": "}"}[sign])
        else:
            assert opened.pop() == sign
    assert opened == []
    rows = dict(re.findall(r"(?m)^    '([\w-]+)' = @\((.*)\)$", script))
    assert set(rows) == set(COMMANDS)
    for name in COMMANDS:
        words = re.findall(r"'([^']*)'", rows[name])
        assert rows[name] == ", ".join(f"'{word}'" for word in words)
        assert "--help" in words
    assert "'--clear-tags'" in rows["set"]
    first = ", ".join(f"'{name}'" for name in COMMANDS)
    assert f"if ($first) {{ @({first}) }}" in script


def test_no_colour__in_a_pipe(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "check")
    assert "\x1b" not in out


@pytest.mark.parametrize(
    "arguments", [["categories"], ["categories", "--json"], ["completion", "zsh"]], ids=" ".join
)
def test_full_disk__is_said(velora: Simulator, token: str, arguments: list[str]) -> None:
    with open("/dev/full", "w") as full, command(*arguments, stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == (
        "The output can't be written (No space left on device): make room, then try again.\n"
    )


def test_error_into_a_closed_pipe__ends_it_quietly(velora: Simulator) -> None:
    read, write = os.pipe()
    os.close(read)
    with command("info", "--json", stdout=write) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


def test_closed_outputs__are_no_reason_to_fail(velora: Simulator, token: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m velora_core info --json >&- 2>&-"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0
