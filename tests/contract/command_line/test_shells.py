"""The completion of the command `velora` in a real zsh and a real fish; bash: `test_terminal`."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from velora_core.cli.main import main

_ZSH_INSIDE = """\
cd {folder}
autoload -Uz compinit && compinit -D -u
source {script}
zle-line-init() {{ print -r -- "<<ready>>" }}
show-line() {{ print -r -- "<<$BUFFER>>" }}
zle -N zle-line-init
zle -N show-line
bindkey '^X' show-line
"""
_ZSH = """\
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell source {inside}
zpty -r shell said '*<<ready>>*'
zpty -n -w shell {line}$'\\t\\x18'
zpty -r shell said '*<<*>>*'
print -r -- ${{${{said##*<<}}%%>>*}}
zpty -d shell
"""


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("velora reg", "velora regenerate-key "),
        ("velora --v", "velora --version "),
        ("velora set --cl", "velora set --clear-tags "),
        ("velora presets im", "velora presets import "),
        ("velora completion po", "velora completion powershell "),
        ("velora stream fi", "velora stream film.mp4 "),
        ("velora set fi", "velora set fi"),
    ],
)
def test_completion__in_zsh(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, completed: str
) -> None:
    inside = tmp_path / "inside.zsh"
    script = _script(tmp_path, capsys, "zsh")
    inside.write_text(_ZSH_INSIDE.format(folder=tmp_path / "films", script=script))
    asked = _ZSH.format(inside=inside, line=shlex.quote(line))
    assert _printed("zsh", "-f", "-c", asked) == f"{completed}\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("velora st", ["status", "stream"]),
        ("velora --", ["--help", "--version"]),
        ("velora set --t", ["--tag", "--title"]),
        ("velora presets im", ["import"]),
        ("velora completion po", ["powershell"]),
        ("velora stream fi", ["film.mp4"]),
        ("velora set fi", []),
    ],
)
def test_completion__in_fish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, words: list[str]
) -> None:
    script = _script(tmp_path, capsys, "fish")
    asked = f"cd {tmp_path / 'films'}; source {script}; complete -C {shlex.quote(line)}"
    printed = _printed("fish", "--no-config", "-c", asked)
    assert [found.partition("\t")[0] for found in printed.splitlines()] == words


def _script(folder: Path, capsys: pytest.CaptureFixture[str], shell: str) -> Path:
    """Write the completion script, beside a folder that has a film; return it."""
    (folder / "films").mkdir()
    (folder / "films" / "film.mp4").touch()
    assert main(["completion", shell]) == 0
    script = folder / f"velora.{shell}"
    script.write_text(capsys.readouterr().out)
    return script


def _printed(*command: str) -> str:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60
    ).stdout
