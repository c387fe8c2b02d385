"""The house's walls: who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

FLOORS = (
    ("_version", "secret", "messages"),
    ("errors",),
    ("api",),
    ("auth",),
    ("host",),
    ("storage",),
    ("app",),
    ("features",),
    ("panel",),
    ("application", "forgetting"),
    ("web",),
    ("cli",),
    ("__init__", "__main__"),
)
"""The rooms of `velora_core`, from the ground up: each imports from the floors below it only."""

ALONE = {
    "api": {"_version", "secret", "messages", "errors"},
    "auth": {"_version", "secret", "messages", "errors", "api"},
}
"""The rooms that other programs use by themselves, and all that these need."""

HEIGHT = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


class Names(NamedTuple):
    """What a file names."""

    imported: tuple[str, ...]
    """The modules, at whichever place in it."""
    variables: frozenset[str]


@cache
def names_in(file: Path) -> Names:
    package = file.relative_to(ROOT).parent.parts
    imported: list[str] = []
    variables = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            # What comes from the package itself may be a module of it.
            imported += (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Name):
            variables.add(node.id)
        elif isinstance(node, ast.arg):
            variables.add(node.arg)
    return Names(tuple(imported), frozenset(variables))


def room_of(module: str) -> str:
    name = module.split(".")[1]
    return name if name in HEIGHT else "_version" if name == "__version__" else "__init__"


def arrows() -> Iterator[tuple[str, str, Path]]:
    """From which room to which other one, and where that stands."""
    for file in sorted((ROOT / "velora_core").rglob("*.py")):
        room = file.relative_to(ROOT / "velora_core").parts[0].removesuffix(".py")
        for module in names_in(file).imported:
            if module.startswith("velora_core.") and room_of(module) != room:
                yield room, room_of(module), file


def test_each_room__has_a_floor() -> None:
    found = {
        path.stem
        for path in (ROOT / "velora_core").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - set(HEIGHT) == set()


def test_arrows__point_down() -> None:
    found = list(arrows())
    assert len(found) > 100
    assert [arrow for arrow in found if HEIGHT[arrow[1]] >= HEIGHT[arrow[0]]] == []


@pytest.mark.parametrize("room", ALONE)
def test_room__is_usable_alone(room: str) -> None:
    assert {to for start, to, _ in arrows() if start == room} - ALONE[room] == set()


def test_core__imports_no_host() -> None:
    for file in (ROOT / "velora_core").rglob("*.py"):
        tops = {module.split(".")[0] for module in names_in(file).imported}
        assert tops & {"obspython", "velora_hosts", "velora_obs"} == set(), file


@pytest.mark.parametrize("folder", ["unit", "integration"])
def test_tests_without_obs__need_no_harness(folder: str) -> None:
    """They also run in Pythons that have none of what the harness imports."""
    for file in (ROOT / "tests" / folder).rglob("*.py"):
        if "harness" not in file.read_text(encoding="utf-8"):
            continue  # reading them all as code takes a second
        assert [m for m in names_in(file).imported if m.startswith("tests.harness")] == [], file


def test_variables__say_what_they_hold() -> None:
    for folder in ("velora_core", "velora_hosts", "install"):
        for file in (ROOT / folder).rglob("*.py"):
            assert "one" not in names_in(file).variables, file


def test_files__are_read_in_one_go() -> None:
    assert len((ROOT / "velora_obs.py").read_text(encoding="utf-8").splitlines()) <= 200
    for folder in ("velora_core", "velora_hosts", "install", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            assert len(file.read_text(encoding="utf-8").splitlines()) <= 450, file


OBS_WORDS = re.compile(
    r"rtmp_custom|whip_custom|rtmp_common|bwtest|use_auth|bearer_token|stream_id\b"
    r"|ffmpeg_\w+|SimpleOutput|AdvOut|AudioEncoders|basic\.ini|service\.json|obs_(frontend|data)"
)
"""What OBS calls things, in its settings and its files."""


def test_each_feature__has_tests_of_its_name() -> None:
    found = (ROOT / "tests" / "unit" / "features").iterdir()
    tests = {path.stem for path in found if path.is_dir() or path.name.startswith("test_")}
    features = {file.stem for file in (ROOT / "velora_core" / "features").glob("[a-z]*.py")}
    assert features
    assert {name for name in features if not {name, f"test_{name}"} & tests} == set()


def test_core__has_none_of_obs_words() -> None:
    for file in (ROOT / "velora_core").rglob("*.py"):
        assert OBS_WORDS.findall(file.read_text(encoding="utf-8")) == [], file


def test_what_obs_calls_things__needs_no_obs() -> None:
    """A host that reaches OBS from outside has it, too."""
    hosts = ROOT / "velora_hosts"
    for file in [*(hosts / "obs").rglob("*.py"), *(hosts / "obs_websocket").rglob("*.py")]:
        tops = {module.split(".")[0] for module in names_in(file).imported}
        assert "obspython" not in tops, file
        assert "velora_hosts.obs_script" not in file.read_text(encoding="utf-8")
