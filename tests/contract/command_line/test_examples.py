"""The examples in the command's help, run in a shell as they are printed."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tooling.environment import ROOT
from velora_core.cli.arguments import make_parser
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore
from velora_hosts.companion.arguments import COMPANION
from velora_hosts.page.arguments import PAGE

# What has streamed a film, and what finds a picture in it.
_FFMPEG = "#!/bin/sh\nprintf 'out_time_us=7000000\\nprogress=end\\n'\n"
_FFPROBE = "#!/bin/sh\necho '{\"streams\": [{}]}'\n"


def _parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    parser = make_parser((COMPANION, PAGE))
    yield "", parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _examples() -> Iterator[str]:
    for name, parser in _parsers():
        examples, _, _ = (parser.epilog or "").partition("exit codes:")
        lines = [line.strip() for line in examples.splitlines() if line.startswith("  ")]
        assert lines, f"velora {name} --help has no example"
        assert parser.format_help().isascii()  # any console can show it
        yield from lines


EXAMPLES = tuple(dict.fromkeys(_examples()))
_INTERACTIVE = ("velora sign-in", "velora companion", "velora page")
"""These wait for a browser or for OBS; their own tests run them."""
_ENDLESS = "velora watch --json"
_POWERSHELL = "velora completion powershell | Out-String | Invoke-Expression"


@pytest.fixture
def shell(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> Path:
    """Where the examples are run; there is a preset, and what each shell makes at its start."""
    programs = tmp_path / "programs"
    programs.mkdir()
    velora = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m velora_hosts "$@"\n'
    for name, text in (("velora", velora), ("ffmpeg", _FFMPEG), ("ffprobe", _FFPROBE)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TOKEN", token)
    (tmp_path / "HOME/.config/fish/completions").mkdir(parents=True)
    (tmp_path / "film.mp4").touch()
    PresetStore(folder).add("Evening", PresetContent("Hello"))
    return tmp_path


def _start(example: str, place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", f"{example}\n"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell's background job ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize(
    "example",
    [
        example
        for example in EXAMPLES
        if not example.startswith(_INTERACTIVE) and example not in (_ENDLESS, _POWERSHELL)
    ],
)
def test_example__does_what_it_says(velora: Simulator, shell: Path, example: str) -> None:
    velora.account.title = "What the channel has"
    if example == "velora presets save Evening":
        PresetStore(shell / "XDG_CONFIG_HOME" / "velora-obs").remove()
    with _start(example, shell) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert out or ">" in example
    assert velora.account.stream_key not in err


def test_example__of_what_goes_on(velora: Simulator, shell: Path) -> None:
    assert _ENDLESS in EXAMPLES
    with _start(_ENDLESS, shell) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["live"] is False
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (abs(process.returncode), err) in ((130, ""), (2, ""))


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if example.startswith(_INTERACTIVE)]
)
def test_example__is_understood(example: str) -> None:
    make_parser((COMPANION, PAGE)).parse_args(shlex.split(example)[1:])
