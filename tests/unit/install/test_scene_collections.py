"""The script comes into scene collections and out of them, and nothing else happens to them."""

from __future__ import annotations

import functools
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from velora_install import scene_collections as scenes

SCRIPT = "/home/somebody/.local/share/velora-obs/script/velora_obs.py"
WINDOWS = "C:/Users/Jürgen 🎮/AppData/Local/velora-obs/script/velora_obs.py"
OTHER = {"path": "/opt/other.lua", "settings": {"x": [1, 2]}}


def collection(*scripts: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "Ünï 🎮",
        "sources": [{"id": "scene", "settings": {"key": "</b>"}}],
        "modules": {"auto-scene-switcher": {"a": 1}, "scripts-tool": list(scripts), "z": None},
        **more,
    }


def texts(data: Any) -> list[str]:
    """As the OBS versions write it, and as somebody may have formatted it."""
    return [
        json.dumps(data, indent=4, ensure_ascii=False),
        json.dumps(data, separators=(",", ":"), ensure_ascii=False),
        json.dumps(data),
        json.dumps(data, indent="\t").replace("\n", "\r\n"),
    ]


@pytest.mark.parametrize("there", [[], [OTHER], [OTHER, {"path": "/opt/b.py", "settings": {}}]])
def test_in_and_out_again__byte_for_byte(there: list[Any]) -> None:
    for text in texts(collection(*there)):
        changed = scenes.with_script(text, SCRIPT, "Linux")
        assert scenes.entries(changed) == [item["path"] for item in there] + [SCRIPT]
        assert json.loads(changed)["sources"] == json.loads(text)["sources"]
        assert scenes.without_script(changed, SCRIPT, "Linux") == text


@pytest.mark.parametrize("missing", ["modules", "scripts-tool"])
def test_no_place_for_scripts_yet__one_is_made(missing: str) -> None:
    data = collection()
    if missing == "modules":
        del data["modules"]
    else:
        del data["modules"]["scripts-tool"]
    for text in texts(data):
        changed = scenes.with_script(text, SCRIPT, "Linux")
        assert scenes.entries(changed) == [SCRIPT]
        without = json.loads(changed)
        assert {**without, "modules": None} == {**json.loads(text), "modules": None}


def test_copy__is_for_nobody_elses_eyes(tmp_path: Path) -> None:
    file, backup = tmp_path / "Main.json", tmp_path / "backup" / "Main.json"
    file.write_text(texts(collection())[0], encoding="utf-8")
    file.chmod(0o600)
    changed, problem = scenes.change(
        scenes.read(file), lambda text: scenes.with_script(text, SCRIPT, "Linux"), backup
    )
    assert (changed, problem) == (True, None)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (file, backup)} == {0o600}


def test_twice__is_there_once() -> None:
    text = scenes.with_script(texts(collection(OTHER))[0], SCRIPT, "Linux")
    assert scenes.with_script(text, SCRIPT, "Linux") == text


def test_windows__path_is_the_same_in_any_spelling() -> None:
    backslashes = {"path": WINDOWS.replace("/", "\\").upper(), "settings": {"title": "x"}}
    text = texts(collection(backslashes))[0]
    assert scenes.registered(text, WINDOWS, "Windows")
    assert not scenes.registered(text, WINDOWS, "Linux")
    assert scenes.entries(scenes.without_script(text, WINDOWS, "Windows")) == []


def test_copy_elsewhere__is_taken_over_with_its_settings() -> None:
    copy = {"path": "D:\\downloads\\velora_obs.py", "settings": {"title": "Mine"}}
    for text in texts(collection(OTHER, copy)):
        scripts = json.loads(scenes.with_script(text, WINDOWS, "Windows"))["modules"]
        assert scripts["scripts-tool"] == [OTHER, {"path": WINDOWS, "settings": {"title": "Mine"}}]


def test_uninstalling__takes_out_each_entry_and_its_settings() -> None:
    mine = {"path": SCRIPT, "settings": {"title": "Mine"}}
    text = texts(collection(mine, OTHER, mine))[0]
    assert json.loads(scenes.without_script(text, SCRIPT, "Linux")) == collection(OTHER)


def test_byte_order_mark__is_no_damage_for_obs_either(tmp_path: Path) -> None:
    path = tmp_path / "Main.json"
    path.write_bytes(b'\xef\xbb\xbf{"name": "Main"}')
    new = functools.partial(scenes.with_script, script="/opt/velora_obs.py", system="Linux")
    assert scenes.change(scenes.read(path), new, tmp_path / "backup") == (True, None)
    assert scenes.registered(path.read_text(encoding="utf-8"), "/opt/velora_obs.py", "Linux")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"modules": []}',
        b'{"modules": {"scripts-tool": {}}}',
        b"\xff\xfe{}",
        b"[" * 100_000,
    ],
)
def test_damaged__is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Main.json"
    path.write_bytes(content)
    found = scenes.read(path)
    assert found.text is None
    changed, problem = scenes.change(found, lambda text: text + " ", tmp_path / "backup")
    assert not changed
    assert problem
    assert "“Main” is damaged" in problem
    assert path.read_bytes() == content
    assert not (tmp_path / "backup").exists()


def test_change__keeps_the_old_one_first(tmp_path: Path) -> None:
    path = tmp_path / "scenes" / "Main.json"
    path.parent.mkdir()
    before = texts(collection(OTHER))[3].encode()
    path.write_bytes(before)
    path.chmod(0o640)
    backup = tmp_path / "backup" / "Main.json"
    changed, problem = scenes.change(
        scenes.read(path), lambda text: scenes.with_script(text, SCRIPT, "Linux"), backup
    )
    assert (changed, problem) == (True, None)
    assert backup.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert scenes.registered(path.read_text(), SCRIPT, "Linux")
    assert [item.name for item in path.parent.iterdir()] == ["Main.json"]


def test_change__nothing_to_do__writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "Main.json"
    path.write_text(texts(collection())[0])
    stamp = path.stat().st_mtime_ns
    found = scenes.read(path)
    assert scenes.change(found, lambda text: text, tmp_path / "backup") == (False, None)
    assert path.stat().st_mtime_ns == stamp


def test_change__disk_full__nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Main.json"
    text = texts(collection())[0]
    path.write_text(text)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    changed, problem = scenes.change(
        scenes.read(path), lambda old: old + " ", tmp_path / "backup" / "Main.json"
    )
    assert not changed
    assert problem
    assert "No space left on device" in problem
    assert path.read_text() == text
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["Main.json"]


def test_link__what_it_points_to_is_changed(tmp_path: Path) -> None:
    target = tmp_path / "synced.json"
    target.write_text(texts(collection())[0])
    link = tmp_path / "scenes" / "Main.json"
    link.parent.mkdir()
    link.symlink_to(target)
    scenes.change(
        scenes.read(link),
        lambda text: scenes.with_script(text, SCRIPT, "Linux"),
        tmp_path / "backup",
    )
    assert link.is_symlink()
    assert scenes.registered(target.read_text(), SCRIPT, "Linux")


def test_fifty_collections__each_has_it(tmp_path: Path) -> None:
    for number in range(50):
        name = f"Sammlung {number} äöü 🎮 {'x' * 150}.json"
        (tmp_path / name).write_text(texts(collection(OTHER))[number % 4])
    for item in scenes.read_all(tmp_path):
        scenes.change(
            item,
            lambda text: scenes.with_script(text, SCRIPT, "Linux"),
            tmp_path / "backup" / item.path.name,
        )
    assert all(
        item.text and scenes.registered(item.text, SCRIPT, "Linux")
        for item in scenes.read_all(tmp_path)
    )
    assert len(list((tmp_path / "backup").iterdir())) == 50
