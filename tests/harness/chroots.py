"""Newer versions of OBS, from newer Debian releases, each in a folder of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.harness.installation import ObsInstallation
from tests.harness.processes import system_environment
from tests.harness.waiting import HarnessError

__all__ = ["ObsChroot", "cache_folder", "install_chroot", "install_newer_ffmpeg"]

RELEASES = {"30": "trixie", "32": "sid"}
"""Which Debian release has which OBS."""
PACKAGES = (
    *("obs-studio", "obs-plugins", "libgl1", "libgl1-mesa-dri", "qt6-svg-plugins"),
    *("python3", "python3-gi", "gir1.2-secret-1"),
)
_MORE = {"32": ("ffmpeg",)}
"""What else is used of a release: sid has an ffmpeg that streams by WHIP."""
# The snapshot an apt source may be pinned to is allowed to be old.
_APT = ("apt-get", "-q", "-y", "-o", "Acquire::Check-Valid-Until=false")


def cache_folder() -> Path:
    """Return where chroots are kept: ``VELORA_TEST_CACHE``, or below the user's cache folder."""
    override = os.environ.get("VELORA_TEST_CACHE")
    return Path(override) if override else Path.home() / ".cache" / "velora-obs-tests"


def install_chroot(
    version: str, *, packages: Sequence[str] = (), mirror: str | None = None
) -> Path:
    """Make the chroot of an OBS version unless it is there, and return its folder.

    Args:
        version: "30" or "32".
        packages: more Debian packages to have in it.
        mirror: where Debian's packages come from; where this machine has its own from, by default.

    Raises:
        HarnessError: it can't be made; the message has the end of what was printed.
    """
    if os.geteuid() != 0:
        raise HarnessError("Only root can make a chroot.")
    if shutil.which("debootstrap") is None:
        raise HarnessError("Making a chroot needs debootstrap (apt-get install debootstrap).")
    root = _root(version)
    if not root.exists():
        # Renamed once it is whole, so that what an interrupted run leaves is never used.
        partial = root.with_name(root.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _run(
            [
                "debootstrap",
                "--variant=minbase",
                RELEASES[version],
                str(partial),
                mirror or _mirror(),
            ]
        )
        # Nothing that is installed may start a service.
        policy = partial / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        _install(partial, (*PACKAGES, *_MORE.get(version, ())))
        partial.rename(root)
    wanted = (*PACKAGES, *_MORE.get(version, ()), *packages)
    absent = [name for name in wanted if not _is_installed(root, name)]
    if absent:
        _install(root, absent)
    return root


class ObsChroot(ObsInstallation):
    """An OBS in a chroot, drawing on the same screen and talking over the same loopback."""

    def __init__(self, version: str) -> None:
        """Take a chroot that `install_chroot` has made.

        Args:
            version: "30" or "32".
        """
        super().__init__()
        self._root = _root(version)

    @property
    def name(self) -> str:
        return self._root.name

    def missing(self) -> str | None:
        if os.geteuid() != 0:
            return "Only root can start a program in a chroot."
        if not self._root.exists():
            return f"There is no chroot in {self._root} (install_chroot makes it)."
        return None

    def command(self, program: str, *arguments: str, folders: Iterable[Path] = ()) -> list[str]:
        return _inside(self._root, [program, *arguments], folders)


def install_newer_ffmpeg(folder: Path) -> None:
    """Put the ffmpeg and ffprobe of Debian sid into a folder, as programs that start them there.

    They find the files below the folder for temporary ones, and what is in this folder.

    Raises:
        HarnessError: they can't be had.
    """
    root = install_chroot("32")
    for name in ("ffmpeg", "ffprobe"):
        program = folder / name
        command = shlex.join(_inside(root, [f"/usr/bin/{name}"], [folder]))
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        program.chmod(0o755)


def _mirror() -> str:
    """Return where this machine's own Debian packages come from."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    # Not the one for security updates, which has no whole release.
    whole = [uri for uri in targets if uri.rstrip("/").endswith("/debian")]
    if not whole:
        raise HarnessError("apt knows no mirror of Debian; run apt-get update first.")
    return whole[0]


def _root(version: str) -> Path:
    if version not in RELEASES:
        raise HarnessError(f"There is no chroot for OBS {version}, only for {', '.join(RELEASES)}.")
    return cache_folder() / f"obs-{version}-{RELEASES[version]}"


def _inside(root: Path, command: Sequence[str], folders: Iterable[Path] = ()) -> list[str]:
    """Return the command that runs another one in a chroot.

    What it mounts there is only seen by the program it becomes, and gone when that has ended.
    """
    shown = [Path("/proc"), Path("/dev"), Path("/tmp")]  # which has the displays' sockets
    for folder in sorted({folder.resolve() for folder in (Path(tempfile.gettempdir()), *folders)}):
        if not any(folder.is_relative_to(other) for other in shown):
            shown.append(folder)
    steps = ["set -e"]
    for folder in shown:
        inside = shlex.quote(f"{root}{folder}")
        steps += [f"mkdir -p {inside}", f"mount --rbind {shlex.quote(str(folder))} {inside}"]
    # From the root folder: where the caller is may not exist in there.
    steps += ["cd /", f'exec chroot {shlex.quote(str(root))} "$@"']
    shell = ["sh", "-c", "\n".join(steps), "chroot"]
    return ["unshare", "--mount", "--propagation", "private", *shell, *command]


def _install(root: Path, packages: Sequence[str]) -> None:
    _run(_inside(root, [*_APT, "update"]))
    _run(_inside(root, [*_APT, "install", "--no-install-recommends", *packages]))
    _run(_inside(root, ["apt-get", "clean"]))


def _is_installed(root: Path, package: str) -> bool:
    return any((root / "var/lib/dpkg/info").glob(f"{package}[.:]*list"))


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command,
        env={**system_environment(Path("/root")), "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise HarnessError(f"{' '.join(command[-6:])} failed:\n{done.stdout[-3000:]}")
