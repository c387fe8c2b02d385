"""A module that one thread reads and another imports."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tests.unit.fake_obspython import FakeObs

_NAME = "velora_test_read_ahead"


@pytest.fixture
def file(obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that Python finds and nobody has imported."""
    path = tmp_path / f"{_NAME}.py"
    path.write_text("value = 'as it was read'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield path
    sys.modules.pop(_NAME, None)


def test_module__is_what_was_read(file: Path) -> None:
    from velora_hosts.obs_script.read_ahead import read_module

    finders = list(sys.meta_path)
    read = read_module(_NAME)
    assert read
    assert _NAME not in sys.modules
    file.unlink()
    read.load()
    module = sys.modules[_NAME]
    assert module.value == "as it was read"
    assert sys.meta_path == finders


def test_module__is_like_any_other(file: Path) -> None:
    from velora_hosts.obs_script.read_ahead import read_module

    read = read_module(_NAME)
    assert read
    read.load()
    module = sys.modules[_NAME]
    assert module.__file__ == str(file)
    assert module.__spec__
    assert type(module.__loader__) is SourceFileLoader
    assert module.__spec__.loader is module.__loader__


def test_module__that_somebody_has_imported_meanwhile_stays(file: Path) -> None:
    from velora_hosts.obs_script.read_ahead import read_module

    read = read_module(_NAME)
    assert read
    theirs = __import__(_NAME)
    loader = theirs.__loader__
    read.load()
    assert sys.modules[_NAME] is theirs
    assert theirs.__loader__ is loader


def test_other_modules__are_found_as_ever(file: Path) -> None:
    from velora_hosts.obs_script.read_ahead import read_module

    file.write_text("import velora_test_another\nvalue = velora_test_another.value\n")
    file.with_name("velora_test_another.py").write_text("value = 'beside'\n")
    read = read_module(_NAME)
    assert read
    read.load()
    sys.modules.pop("velora_test_another")
    assert sys.modules[_NAME].value == "beside"


@pytest.mark.parametrize("name", ["sys", "velora_test_nowhere"])
def test_module__without_a_file_of_its_own(obs: FakeObs, name: str) -> None:
    from velora_hosts.obs_script.read_ahead import read_module

    assert read_module(name) is None
