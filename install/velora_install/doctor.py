"""Looks at the whole chain from OBS to Velora, and says of each link whether it is right."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import obs_settings, payload, pythons, scene_collections
from .config_dirs import ObsConfigDir, obs_path
from .obs_python import ObsPython

_TIMEOUT = 120  # seconds for what asks Velora
_MODULES = ("requests", "oauthlib", "keyring", "platformdirs", "truststore", *payload.PACKAGES)
# Not from the current folder, whose files may be anybody's.
_PATH = "import sys; sys.path[:] = [{parts!r}, *filter(None, sys.path), {libraries!r}]\n"
_IMPORT = _PATH + "from velora_core.{module} import main; sys.exit(main())"
_TRY_IMPORTS = (
    _PATH + "import importlib\n"
    "for name in {modules!r}:\n"
    "    try: importlib.import_module(name)\n"
    "    except Exception: print(name)\n"
)


class Check(NamedTuple):
    """One link.

    Attributes:
        name: a word for programs.
        ok: None when it could not be found out.
        sentence: what was found, and what to do if it isn't right.
    """

    name: str
    ok: bool | None
    sentence: str


def examine(
    place: ObsConfigDir, system: str, obs_python: ObsPython, *, online: bool = True
) -> list[Check]:
    """Check everything, in the order in which it has to work.

    Args:
        place: the OBS to look at.
        system: ``Windows``, ``Darwin`` or ``Linux``.
        obs_python: what this OBS is told to use.
        online: ask Velora, too.
    """
    version = obs_settings.version(place.config)
    python = obs_python.python
    checks = [_obs(place, version), _python(place, obs_python, version, system)]
    there = payload.installed(place.script_folder)
    checks.append(_files(there))
    whole = there if there is not None and not there.damaged else None
    usable = python if python is not None and python.version >= pythons.OLDEST else None
    if whole and usable:
        checks.append(_imports(whole.parts, usable))
    checks.append(_registered(place, system))
    checks.append(_last_load(place))
    if online and whole and usable and checks[3].ok:
        checks += _velora(place, system, whole.parts, usable)
    return checks


def _obs(place: ObsConfigDir, version: tuple[int, int] | None) -> Check:
    if version is None:
        return Check(
            "obs",
            None,
            f"{place.name} is set up in {place.config}; its version is not known.",
        )
    if version < (29, 0):
        return Check(
            "obs",
            False,
            "{} {}.{} is too old: install OBS Studio 29 or later.".format(place.name, *version),
        )
    return Check(
        "obs", True, "{} {}.{} is set up in {}.".format(place.name, *version, place.config)
    )


def _python(
    place: ObsConfigDir, obs_python: ObsPython, version: tuple[int, int] | None, system: str
) -> Check:
    python = obs_python.python
    if place.sandboxed:
        return Check(
            "python", None, f"{place.name} has its own Python, which only OBS can look at."
        )
    if obs_python.problem:
        return Check("python", False, f"{cannot_load(obs_python)}: run the installer again.")
    if python is None:
        newest = pythons.newest_for(version or (99, 0))
        where = (
            "with your system's package manager"
            if system == "Linux"
            else "version {}.{} from python.org, then run the installer again".format(*newest)
        )
        return Check("python", False, f"No Python for OBS was found: install it {where}.")
    if system != "Linux" and not obs_python.told:
        return Check(
            "python", False, "OBS isn't told which Python to use: run the installer again."
        )
    problem = pythons.unfit(python, version or (99, 0), system)
    if problem:
        return Check("python", False, problem)
    return Check("python", True, f"OBS has {python.name}.")


def cannot_load(obs_python: ObsPython) -> str:
    """Return the beginning of a sentence: that OBS is told a Python which it can't use."""
    return f"OBS is told to use the Python in {obs_python.stated}, but {obs_python.problem}"


def _files(there: payload.Installed | None) -> Check:
    if there is None:
        return Check("files", False, "Velora for OBS is not installed: run the installer.")
    if there.damaged:
        return Check(
            "files",
            False,
            "{} files are missing or changed ({}): run the installer again.".format(
                len(there.damaged), ", ".join(there.damaged[:3])
            ),
        )
    return Check(
        "files", True, f"Version {there.version} is installed, and all its files are whole."
    )


def _imports(parts: Path, python: pythons.Python) -> Check:
    code = _TRY_IMPORTS.format(
        parts=str(parts), libraries=str(parts / payload.LIBRARIES), modules=_MODULES
    )
    done = _run(python, code, {})
    if done is None or done.returncode:
        return Check("imports", False, f"{python.name} can't be started: install it again.")
    missing = done.stdout.split()
    if missing:
        return Check(
            "imports",
            False,
            "{} can't load {}: run the installer again.".format(python.name, ", ".join(missing)),
        )
    return Check("imports", True, "All Python packages can be loaded.")


def _registered(place: ObsConfigDir, system: str) -> Check:
    script = obs_path(place.script)
    collections = scene_collections.read_all(place.scenes)
    known = [collection for collection in collections if collection.text is not None]
    ours = [
        collection
        for collection in known
        if scene_collections.registered(collection.text or "", script, system)
    ]
    names = ", ".join(f"“{collection.name}”" for collection in ours)
    if ours:
        return Check("registered", True, f"The script is in the scene collections {names}.")
    return Check(
        "registered",
        False,
        "The script is in no scene collection: run the installer, or "
        f"add {script} in OBS under Tools → Scripts.",
    )


def _last_load(place: ObsConfigDir) -> Check:
    logs = sorted((place.config / "logs").glob("*.txt"))
    if not logs:
        return Check("last_load", None, "OBS has not been started yet: start it, then check again.")
    try:
        text = logs[-1].read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return Check("last_load", None, f"{logs[-1]} can't be read ({error.strerror}).")
    if place.script.name not in text:
        return Check(
            "last_load",
            None,
            "OBS's last log does not mention the script: start OBS, then check again.",
        )
    if re.search(re.escape(place.script.name) + r"\].*Traceback", text):
        return Check(
            "last_load",
            False,
            "The script failed when OBS ran last: run the installer "
            f"again; if that does not help, report it with the log {logs[-1]}.",
        )
    needs = re.search(
        r"\[Python: "
        + re.escape(place.script.name)
        + r"\] (Velora for OBS (?:needs|is not complete).*)",
        text,
    )
    if needs:
        return Check("last_load", False, needs.group(1))
    return Check("last_load", True, "OBS has loaded the script without an error.")


def _velora(place: ObsConfigDir, system: str, parts: Path, python: pythons.Python) -> list[Check]:
    code = _IMPORT.format(
        parts=str(parts), libraries=str(parts / payload.LIBRARIES), module="features.diagnostics"
    )
    done = _run(python, code, settings_environment(place, system))
    try:
        found = json.loads(done.stdout if done is not None else "")
        return [Check(check["name"], check["ok"], check["sentence"]) for check in found]
    except (ValueError, KeyError, TypeError):
        return [
            Check(
                "api",
                None,
                "Velora could not be asked: run this again, and report it if it happens again.",
            )
        ]


def settings_environment(place: ObsConfigDir, system: str) -> dict[str, str]:
    """Have a program find the settings of the OBS at `place`, and no secrets but those."""
    variables = {"XDG_CONFIG_HOME": str(place.settings)} if system == "Linux" else {}
    if place.sandboxed:  # the keyring here has those of another OBS
        variables["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    return variables


def run_core(
    place: ObsConfigDir, system: str, parts: Path, python: pythons.Python, module: str
) -> bool:
    """Run a program of the installed core; say whether it went well."""
    return core_output(place, system, parts, python, module) is not None


def core_output(
    place: ObsConfigDir,
    system: str,
    parts: Path,
    python: pythons.Python,
    module: str,
    *arguments: str,
) -> str | None:
    """Run a program of the installed core.

    Args:
        place: the OBS whose settings it uses.
        system: ``Windows``, ``Darwin`` or ``Linux``.
        parts: the folder with the installed packages.
        python: what runs it.
        module: its name within `velora_core`.
        arguments: for it, none of them secret.

    Returns:
        What it printed; None where it went wrong.
    """
    code = _IMPORT.format(parts=str(parts), libraries=str(parts / payload.LIBRARIES), module=module)
    done = _run(python, code, settings_environment(place, system), *arguments)
    return done.stdout.strip() if done is not None and done.returncode == 0 else None


def _run(
    python: pythons.Python, code: str, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(
            [python.path, "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **environment),
            timeout=_TIMEOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
