"""OBS as it is installed, and all that differs from one version to the next."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.harness.processes import system_environment
from tests.harness.waiting import HarnessError

__all__ = ["ObsInstallation"]

Sections = Mapping[str, Mapping[str, str]]


class ObsInstallation:
    """One OBS that can be started. This one is the system's own."""

    def __init__(self, *, executable: str = "obs", python: str = "/usr/bin/python3") -> None:
        """Take an installed OBS.

        Args:
            executable: its name or path.
            python: the interpreter whose library this OBS loads scripts with.
        """
        self._executable = executable
        self._python = python

    @property
    def name(self) -> str:
        """What a test report calls it."""
        return "system"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.version_text})"

    # What it is

    @functools.cached_property
    def version(self) -> tuple[int, int, int]:
        """Return its version, such as ``(29, 0, 2)``."""
        answer = self.output_of(self._executable, "--version")
        found = re.search(r"(\d+)\.(\d+)\.(\d+)", answer)
        if found is None:
            raise HarnessError(f"OBS does not tell its version: {answer!r}")
        return int(found[1]), int(found[2]), int(found[3])

    @property
    def version_text(self) -> str:
        """Return its version as OBS writes it, such as ``29.0.2``."""
        return ".".join(map(str, self.version))

    @functools.cached_property
    def python_version(self) -> tuple[int, int]:
        """Return the version of Python its scripts run on, such as ``(3, 11)``."""
        answer = self.output_of(self._python, "-c", "import sys; print(*sys.version_info[:2])")
        major, minor = answer.split()
        return int(major), int(minor)

    def missing(self) -> str | None:
        """Return why it can't be started, in one sentence, or None."""
        if shutil.which(self._executable) is None:
            return "OBS Studio is not installed."
        return None

    # How it is run

    def command(self, program: str, *arguments: str, folders: Iterable[Path] = ()) -> list[str]:
        """Return the command that runs a program beside this OBS.

        Args:
            folders: what it finds at the same paths as the test does.
        """
        return [program, *arguments]

    def obs_command(
        self, *arguments: str, start_in: Path, folders: Iterable[Path] = ()
    ) -> list[str]:
        """Return the command that starts OBS without anything that would ask a person.

        Args:
            start_in: its current folder; a chroot has its own otherwise.
            folders: what it finds at the same paths as the test does.
        """
        obs = (self._executable, *self._flags(), *arguments)
        return self.command("env", f"--chdir={start_in}", *obs, folders=folders)

    def output_of(self, program: str, *arguments: str) -> str:
        """Run a short program beside this OBS and return what it prints."""
        done = subprocess.run(
            self.command(program, *arguments),
            env=system_environment(Path("/nonexistent")),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr

    def compile(self, folder: Path) -> None:
        """Make the bytecode of what is in a folder, for the Python of this OBS."""
        command = self.command(self._python, "-m", "compileall", "-q", str(folder))
        done = subprocess.run(
            command,
            env=system_environment(Path("/nonexistent")),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if not list(folder.rglob("velora_core/__pycache__/*.pyc")):
            raise HarnessError(f"there is no bytecode\n{done.stdout}{done.stderr}")

    def _flags(self) -> list[str]:
        flags = ["--multi", "--disable-missing-files-check"]
        if (30, 0, 0) <= self.version < (32, 0, 0):
            flags.append("--disable-shutdown-check")
        return flags

    # Where it keeps things

    def config_folder(self, home: Path) -> Path:
        """Return OBS's own folder below a home folder."""
        return home / ".config" / "obs-studio"

    def write_user_config(self, home: Path, *, sections: Sections, websocket_port: int) -> None:
        """Write what OBS keeps outside profiles and scene collections.

        Args:
            sections: groups of an ini file, as OBS 29 knows them.
            websocket_port: where obs-websocket listens, without a password.
        """
        folder = self.config_folder(home)
        folder.mkdir(parents=True, exist_ok=True)
        websocket = {
            "OBSWebSocket": {
                "FirstLoad": "false",
                "ServerEnabled": "true",
                "ServerPort": str(websocket_port),
                "AuthRequired": "false",
                "AlertsEnabled": "false",
            }
        }
        text = ini_text({**sections, **websocket})
        (folder / "global.ini").write_text(text)
        if self.version >= (31, 0, 0):
            # The user's own choices have a file of their own since 31.
            (folder / "user.ini").write_text(text)
        self.set_websocket_port(home, websocket_port)

    def set_websocket_port(self, home: Path, port: int) -> None:
        """Have obs-websocket listen on a port, without a password."""
        folder = self.config_folder(home)
        for path in (folder / "global.ini", folder / "user.ini"):
            if path.exists():
                text = path.read_text(encoding="utf-8-sig")
                path.write_text(re.sub(r"(?m)^ServerPort=.*$", f"ServerPort={port}", text))
        # obs-websocket keeps its settings beside OBS's since 5.5 (OBS 30.2).
        own = folder / "plugin_config" / "obs-websocket"
        own.mkdir(parents=True, exist_ok=True)
        settings = {
            "alerts_enabled": False,
            "auth_required": False,
            "first_load": False,
            "server_enabled": True,
            "server_password": "",
            "server_port": port,
        }
        (own / "config.json").write_text(json.dumps(settings))


def ini_text(sections: Sections) -> str:
    """Return an ini file as OBS writes it."""
    return "\n".join(
        f"[{group}]\n" + "".join(f"{name}={value}\n" for name, value in values.items())
        for group, values in sections.items()
    )
