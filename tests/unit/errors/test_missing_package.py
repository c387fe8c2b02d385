"""What is said about a Python package that is missing, however this one was installed."""

from __future__ import annotations

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.tooling.environment import ROOT
from velora_core.errors.missing_package import EXTRAS, NEEDED, about_missing


@pytest.fixture(autouse=True)
def _nothing_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/python3")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name == "requests" or None)
    monkeypatch.setattr(sys, "base_prefix", sys.prefix + "/base")  # a virtual environment


def installed(monkeypatch: pytest.MonkeyPatch, folder: Path, direct_url: str | None) -> None:
    found: Any = SimpleNamespace(
        locate_file=lambda name: folder / name, read_text=lambda _: direct_url
    )
    monkeypatch.setattr(metadata, "distribution", lambda _: found)


def test_extras__are_those_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra, packages in {**EXTRAS, "dependencies": NEEDED}.items():
        (listed,) = re.findall(rf"^{extra} = \[([^\]]*)\]", text, re.MULTILINE)
        assert set(re.findall(r'"([a-z0-9-]+)', listed)) == set(packages.values())


def test_from_an_index__its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, ROOT, None)
    assert about_missing("oauthlib.oauth2", "sign-in") == (
        "The Python package “oauthlib” is missing: run /opt/python3 -m pip install "
        '"velora-core[sign-in]".'
    )


@pytest.mark.parametrize("how", ["a folder", "a wheel", "another one is installed"])
def test_from_elsewhere__the_packages_that_are_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    if how == "a folder":
        monkeypatch.setattr(metadata, "distribution", _none)
    else:
        wheel = how == "a wheel"
        installed(monkeypatch, ROOT if wheel else tmp_path, "{}" if wheel else None)
    assert about_missing("websocket", "companion") == (
        "The Python package “websocket-client” is missing: run /opt/python3 -m pip install "
        "truststore urllib3 keyring oauthlib platformdirs websocket-client."
    )


def _none(name: str) -> None:
    raise metadata.PackageNotFoundError(name)


def test_python_of_the_system__pip_would_refuse(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(metadata, "distribution", _none)
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    assert about_missing("oauthlib", "sign-in") == (
        "The Python package “oauthlib” is missing, and this Python takes none from pip: install "
        "python3-truststore python3-urllib3 python3-oauthlib with your system's package manager, "
        "or use a virtual environment."
    )


def test_path_with_spaces__is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\Python\python.exe")
    said = about_missing("oauthlib", "cli")
    assert said is not None
    assert r'run "C:\Program Files\Python\python.exe" -m pip' in said


def test_module_of_our_own__is_a_bug() -> None:
    assert about_missing("velora_core.nothing", "cli") is None
    assert about_missing(None, "cli") is None
