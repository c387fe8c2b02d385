"""The installed files: complete at any moment, and gone when they are to be gone."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import Any

import pytest
from velora_install import files, payload
from velora_install.exit_codes import Failure

from tests.integration.install.killing import each_step

ROOT = Path(__file__).parents[3]


def make_source(folder: Path, version: str, *, more: str = "") -> payload.Source:
    core = folder / "velora_core"
    core.mkdir(parents=True)
    (folder / "velora_hosts").mkdir()
    (folder / "velora_hosts" / "__init__.py").write_text("")
    (folder / "velora_obs.py").write_text(f'"""{version}"""\nPARTS = ""\n')
    (core / "_version.py").write_text(f'__version__ = "{version}"\n')
    (core / "__pycache__").mkdir()
    (core / "__pycache__" / "x.pyc").write_text("old bytecode")
    if more:
        (core / more).write_text("x")
    return payload.Source(folder)


def put(
    source: payload.Source, folder: Path, *, keep_old: bool = False, libraries: Any = None
) -> payload.Installed:
    def build(target: Path) -> None:
        target.mkdir()
        (target / "requests.py").write_text("x")

    return payload.install(
        source,
        folder,
        libraries or build,
        lambda parts: None,
        keep_old=lambda: keep_old,
        configuration="/home/me/.config/obs-studio",
    )


def shape(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_install__script_names_its_parts(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "velora-obs" / "script"
    there = put(make_source(tmp_path / "one", "1.2.0", more="client.py"), folder)
    assert there.parts.name.startswith("velora-1.2.0-")
    assert f'PARTS = "{there.parts.name}"' in (folder / "velora_obs.py").read_text()
    assert shape(folder) == [there.parts.name, "velora_obs.py"]
    assert shape(there.parts) == ["manifest.json", "velora_core", "velora_hosts", "velora_lib"]
    assert shape(there.parts / "velora_core") == ["_version.py", "client.py"]
    assert payload.installed(folder) == there


def test_update__replaces_all_and_removes_what_is_gone(tmp_path: Path) -> None:
    put(make_source(tmp_path / "one", "1.0.0", more="gone.py"), tmp_path / "script")
    (tmp_path / "script" / "velora_app.json").write_text("{}")
    there = put(make_source(tmp_path / "two", "2.0.0"), tmp_path / "script")
    assert there.version == "2.0.0"
    names = [there.parts.name, "velora_app.json", "velora_obs.py"]
    assert shape(tmp_path / "script") == names
    assert not (there.parts / "velora_core" / "gone.py").exists()


def test_update__while_obs_runs__leaves_the_old_parts_until_later(tmp_path: Path) -> None:
    old = put(make_source(tmp_path / "one", "1.0.0"), tmp_path / "script")
    source = make_source(tmp_path / "two", "2.0.0")
    new = put(source, tmp_path / "script", keep_old=True)
    assert shape(tmp_path / "script") == [old.parts.name, new.parts.name, "velora_obs.py"]
    put(source, tmp_path / "script")
    assert shape(tmp_path / "script") == [new.parts.name, "velora_obs.py"]


def test_same_again__changes_nothing(tmp_path: Path) -> None:
    source = make_source(tmp_path / "one", "1.0.0")
    first = put(source, tmp_path / "script")
    stamp = (first.parts / "velora_core" / "_version.py").stat().st_mtime_ns
    assert put(source, tmp_path / "script") == first
    assert (first.parts / "velora_core" / "_version.py").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("damage", ["changed", "missing", "manifest", "script"])
def test_damage__is_found_and_mended(tmp_path: Path, damage: str) -> None:
    source = make_source(tmp_path / "one", "1.0.0")
    there = put(source, tmp_path / "script")
    file = there.parts / "velora_core" / "_version.py"
    if damage == "changed":
        file.write_text("x")
    elif damage == "missing":
        file.unlink()
    elif damage == "manifest":
        (there.parts / "manifest.json").write_text("[")
    else:
        with (tmp_path / "script" / "velora_obs.py").open("a") as script:
            script.write("# more")
    found = payload.installed(tmp_path / "script")
    assert found
    assert found.damaged
    put(source, tmp_path / "script")
    found = payload.installed(tmp_path / "script")
    assert found
    assert found.damaged == []


def test_killed_anywhere_in_an_update__old_or_new_works_and_the_next_run_ends_it(
    tmp_path: Path,
) -> None:
    old, new = make_source(tmp_path / "a", "1.0.0"), make_source(tmp_path / "b", "2.0.0")
    folder = tmp_path / "script"
    seen = []
    for steps in each_step(folder, lambda: put(old, folder), lambda: put(new, folder)):
        there = payload.installed(folder)
        assert there, steps
        assert there.damaged == [], steps
        seen.append(there.version)
        put(new, folder)
        there = payload.installed(folder)
        assert there
        assert (there.version, there.damaged) == ("2.0.0", [])
        assert shape(folder) == [there.parts.name, "velora_obs.py"]
    assert set(seen) == {"1.0.0", "2.0.0"}
    assert len(seen) > 10


def test_killed_anywhere_in_the_first_install__nothing_or_all(tmp_path: Path) -> None:
    source = make_source(tmp_path / "a", "1.0.0")
    folder = tmp_path / "script"

    def nothing() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    for steps in each_step(folder, nothing, lambda: put(source, folder)):
        there = payload.installed(folder)
        assert there is None or there.damaged == [], steps
        put(source, folder)
        assert len(shape(folder)) == 2


def test_killed_anywhere_while_removing__never_a_script_without_its_parts(tmp_path: Path) -> None:
    source = make_source(tmp_path / "a", "1.0.0")
    folder = tmp_path / "data" / "script"
    for steps in each_step(folder, lambda: put(source, folder), lambda: payload.remove(folder)):
        there = payload.installed(folder)
        assert there is None or there.damaged == [], steps
        payload.remove(folder)
        assert not folder.parent.exists()


def test_libraries_fail__what_was_there_stays(tmp_path: Path) -> None:
    old = put(make_source(tmp_path / "a", "1.0.0"), tmp_path / "script")

    def fail(_: Path) -> None:
        raise Failure("No pip.")

    with pytest.raises(Failure, match="No pip"):
        put(make_source(tmp_path / "b", "2.0.0"), tmp_path / "script", libraries=fail)
    assert payload.installed(tmp_path / "script") == old
    assert shape(tmp_path / "script") == [old.parts.name, "velora_obs.py"]


def test_disk_full__says_so_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = put(make_source(tmp_path / "a", "1.0.0"), tmp_path / "script")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(Failure, match="No space left on device"):
        put(make_source(tmp_path / "b", "2.0.0"), tmp_path / "script")
    assert payload.installed(tmp_path / "script") == old


@pytest.mark.parametrize("full_at", ["velora_hosts", "velora_obs.py"])
@pytest.mark.parametrize("update", [False, True])
def test_disk_that_gets_full__is_not_left_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: str, update: bool
) -> None:
    folder = tmp_path / "script"
    folder.mkdir()
    if update:
        put(make_source(tmp_path / "a", "1.0.0"), folder)
    before = shape(folder)
    copy, write = shutil.copy2, files.write_whole

    def copy_file(source: str, target: str, **more: Any) -> str:
        if full_at in target:
            raise OSError(28, "No space left on device", source, None, target)
        return copy(source, target, **more)

    def write_file(path: Path, *content: Any) -> None:
        if path.name == full_at:
            raise OSError(28, "No space left on device")
        write(path, *content)

    real = functools.partial(shutil.copytree, copy_function=copy_file)
    monkeypatch.setattr(shutil, "copytree", real)
    monkeypatch.setattr(payload, "write_whole", write_file)
    with pytest.raises(Failure) as failure:
        put(make_source(tmp_path / "b", "2.0.0"), folder)
    assert "(No space left on device): make room" in str(failure.value)
    assert shape(folder) == before


def test_read_only__says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_source(tmp_path / "a", "1.0.0")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(Failure, match=r"Permission denied.*give yourself access"):
        put(source, tmp_path / "script")


def test_new_file_that_cannot_be_read__is_not_taken_for_a_damaged_one_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(make_source(tmp_path / "a", "1.0.0"), tmp_path / "script")
    old = payload.installed(tmp_path / "script")
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "_version.py" and ".new-" in str(path):  # a virus scanner has it open
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(Failure, match="Permission denied"):
        put(make_source(tmp_path / "b", "2.0.0"), tmp_path / "script")
    assert payload.installed(tmp_path / "script") == old


@pytest.mark.parametrize(
    ("version", "other", "older"),
    [("1.2.3", "1.2.4", True), ("1.10.0", "1.9.0", False), ("1.0", "1.0", False), ("", "1", True)],
)
def test_older(version: str, other: str, older: bool) -> None:
    assert payload.older(version, other) is older


def test_downgrade__has_to_be_allowed(tmp_path: Path) -> None:
    there = put(make_source(tmp_path / "a", "2.0.0"), tmp_path / "script")
    source = make_source(tmp_path / "b", "1.0.0")
    with pytest.raises(Failure, match=r"2\.0\.0 is installed and this is the older 1\.0\.0"):
        payload.ask_before_downgrade(source, there, allowed=False)
    payload.ask_before_downgrade(source, there, allowed=True)
    payload.ask_before_downgrade(source, None, allowed=False)
    payload.ask_before_downgrade(make_source(tmp_path / "c", "2.0.0"), there, allowed=False)


def test_incomplete_source__says_so(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="not complete"):
        _ = payload.Source(tmp_path).version
    source = make_source(tmp_path / "half", "1.0.0")
    shutil.rmtree(source.folder / "velora_hosts")
    with pytest.raises(Failure, match="not complete"):
        _ = source.version


def test_the_script_itself__has_the_line_and_runs_from_its_parts(tmp_path: Path) -> None:
    there = put(payload.Source(ROOT), tmp_path / "script")
    text = (tmp_path / "script" / "velora_obs.py").read_text()
    assert text.count(f'PARTS = "{there.parts.name}"') == 1
    assert text.replace(there.parts.name, "") == (ROOT / "velora_obs.py").read_text()


def test_nothing_installed(tmp_path: Path) -> None:
    assert payload.installed(tmp_path) is None
    assert payload.remove(tmp_path / "data" / "script") is False
    (tmp_path / "velora_obs.py").write_text((ROOT / "velora_obs.py").read_text())
    assert payload.installed(tmp_path) is None  # a copy that somebody has put there by hand
