"""The command `velora` at a terminal: completion and colour."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.contract.command_line.steps import run
from tests.simulator import Simulator
from velora_core.cli.arguments import SHELLS
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
        "COMP_WORDS=(velora reg); COMP_CWORD=1; _velora; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(
        ["bash", "-c", script + asked], capture_output=True, text=True, check=True
    )
    assert done.stdout == "--title --tag\nimport\nregenerate-key\n"


def test_no_colour__in_a_pipe(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "check")
    assert "\x1b" not in out
