"""A user's home with an OBS in it, and the installer's command line."""

from __future__ import annotations

import io
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from velora_install import command, installation, libraries, obs_files, pythons

from velora_core import __version__

ROOT = Path(__file__).parents[3]


COLLECTION = {"name": "Main", "modules": {"scripts-tool": []}}
PROBE, COMPILE = cache(pythons.probe), installation.compile_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Machine:
    """A user's home with an OBS in it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.home, self._capsys, self._patch = home, capsys, monkeypatch
        self.config = home / ".config" / "obs-studio"
        self.scenes = self.config / "basic" / "scenes"
        self.scenes.mkdir(parents=True)
        self.running = False
        self.script = home / ".local" / "share" / "velora-obs" / "script" / "velora_obs.py"
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setattr(Path, "home", lambda: home)
        monkeypatch.setattr(obs_files, "obs_is_running", lambda *_, **__: self.running)
        self.installs_from(small_source(home.parent / "small", __version__))
        monkeypatch.setattr(libraries, "build", self._build)
        monkeypatch.setattr(sys, "stdin", None)
        # What would be the same each time is asked once.
        monkeypatch.setattr(pythons, "of_linux", lambda: sys.executable)
        monkeypatch.setattr(pythons, "probe", lambda _: PROBE(sys.executable))
        monkeypatch.setattr(libraries, "_says", lambda *_: True)  # there is a pip
        monkeypatch.setattr(installation, "compile_for", lambda *_: None)

    def _build(self, folder: Path, python: str) -> None:
        folder.mkdir()
        (folder / "requests.py").write_text("x = 1\n")

    def installs_from(self, source: Path) -> None:
        """Have that be installed, instead of a program of three files."""
        self._patch.setattr(installation, "ROOT", source)

    def system(self, name: str) -> None:
        self._patch.setattr("velora_install.command.platform.system", lambda: name)

    def collection(self, name: str = "Main", content: Any = None) -> Path:
        path = self.scenes / f"{name}.json"
        path.write_text(json.dumps(content or {**COLLECTION, "name": name}, indent=4))
        return path

    def run(self, *arguments: str) -> tuple[int, str]:
        code = command.main(arguments)
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err

    def answers(self, *lines: str) -> io.StringIO:
        """Have somebody sit there and answer questions."""
        terminal = Terminal("".join(line + "\n" for line in lines))
        self._patch.setattr(sys, "stdin", terminal)
        return terminal

    def scripts(self, name: str = "Main") -> list[str]:
        data = json.loads((self.scenes / f"{name}.json").read_text())
        return [item["path"] for item in data["modules"]["scripts-tool"]]

    def everything(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in self.home.rglob("*")
            if path.is_file()
        }


def small_source(folder: Path, version: str) -> Path:
    for name in ("velora_core", "velora_hosts"):
        (folder / name).mkdir(parents=True)
    (folder / "velora_obs.py").write_text('PARTS = ""\n')
    (folder / "velora_core" / "_version.py").write_text(f'__version__ = "{version}"\n')
    return folder
