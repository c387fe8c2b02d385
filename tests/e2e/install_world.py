"""A home folder, an OBS in it that has no script yet, and the installer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.e2e.world import World
from tests.harness import Display, Obs, ObsConfig, Profile, SceneCollection
from tests.stage import ROOT

__all__ = ["OTHER", "InstallWorld"]

OTHER = {"type": "rtmp_custom", "settings": {"server": "rtmp://127.0.0.1:9/x", "key": "test"}}


class InstallWorld(World):
    """A home folder with an OBS in it that has no script yet."""

    def __init__(self, display: Display, folder: Path) -> None:
        super().__init__(display, folder)
        self.home = folder / "Jürgen Müller 🎮"
        self.source = folder / "source"
        self.data = self.home / ".local" / "share" / "velora-obs"

    def __enter__(self) -> InstallWorld:
        super().__enter__()
        try:
            self._make_source()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _make_source(self) -> None:
        shutil.copytree(self.folder / "Velora", self.source)  # with the libraries, as a bundle
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "install", self.source / "install", ignore=ignored)
        self.home.mkdir()
        self.make_obs(
            ObsConfig(
                profiles=[Profile(service=OTHER)],
                collections=[SceneCollection(), SceneCollection("Zweite äöü")],
            )
        )

    def make_obs(
        self, config: ObsConfig | None = None, home: Path | None = None, *, token: bool = True
    ) -> Obs:
        """Not started yet.

        Args:
            home: of another configuration; what is installed is in the user's own home anyway.
            token: whether VELORA_ACCESS_TOKEN has a good token.
        """
        variables = {"VELORA_API_URL": self.velora.api_url}
        if token:
            variables["VELORA_ACCESS_TOKEN"] = self.token
        self._obs = Obs(
            self.display,
            config,
            installation=self.installation,
            home=home or self.home,
            visible_folders=[self.home],
            environment=variables,
        )
        return self._obs

    @property
    def config(self) -> Path:
        return self.installation.config_folder(self.home)

    def install(self, *arguments: str) -> tuple[int, str]:
        """Run the installer as that user; return exit code and output."""
        return self._run(sys.executable, str(self.source / "install" / "install.py"), *arguments)

    def command_line(self, *arguments: str) -> tuple[int, str]:
        """Run the command that the installer has put there; return exit code and output."""
        return self._run(str(self.home / ".local" / "bin" / "velora"), *arguments)

    def _run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            env={
                **{name: value for name, value in os.environ.items() if "XDG" not in name},
                "HOME": str(self.home),
                "VELORA_API_URL": self.velora.api_url,
                "VELORA_ACCESS_TOKEN": self.token,
                "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def mentions(self) -> list[str]:
        """Return OBS's files that speak of us; its logs tell what was."""
        return [
            str(path.relative_to(self.config))
            for path in self.config.rglob("*")
            if path.is_file() and "logs" not in path.parts and b"velora" in path.read_bytes()
        ]

    def docks(self) -> str:
        """Return the line with the browser docks in OBS's settings; empty without one."""
        files = [self.config / name for name in ("user.ini", "global.ini")]
        text = "".join(file.read_text("utf-8-sig") for file in files if file.exists())
        return "".join(line for line in text.splitlines() if "ExtraBrowserDocks" in line)
