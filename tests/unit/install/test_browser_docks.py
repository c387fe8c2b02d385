"""Our docks among OBS's custom browser docks, in settings as OBS 29 to 32 write them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from velora_install import obs_settings
from velora_install.browser_docks import ALL, CHAT, PANEL, DocksUnreadable, chat_address

URL = "https://velora.tv/dashboard/stream/popout/somebody/obs-chat"
PAGE = "http://127.0.0.1:17655/?ticket=test_entry-1"
OTHERS = [
    {"title": "Notes \\ “Grüße”", "url": "file:///C:\\notes\\a.html", "uuid": "a" * 32},
    {"title": "Line\nbreak", "url": "https://example.test/?a=1;b=[2]", "uuid": "b" * 32},
]
# OBS escapes a backslash and a line break of the value once more, whatever JSON did.
STORED = json.dumps(OTHERS).replace("\\", "\\\\")
OBS_29 = (
    "\ufeff[General]\nLastVersion=486539266\n\n[BasicWindow]\ngeometry=AdnQywADAAAA\n{}\n"
    "[Video]\nx=1\n"
)
OBS_32 = (
    "\ufeff[General]\nFirstRun=true\n\n[BasicWindow]\nDockState=AAAA/wAA\n{}\n"
    "[Appearance]\nTheme=x\n"
)
FORMS = {
    "OBS 29": ("global.ini", OBS_29),
    "OBS 30": ("global.ini", OBS_29.replace("486539266", "503447555")),
    "OBS 32": ("user.ini", OBS_32),
    "OBS 32 on Windows": ("user.ini", OBS_32.replace("\n", "\r\n")),
}


@pytest.fixture(params=FORMS)
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A configuration with docks of others in it."""
    name, text = FORMS[request.param]
    config = tmp_path / "obs-studio"
    config.mkdir()
    (config / "global.ini").write_bytes(b"[General]\nLastVersion=536871426\n")
    whole = text.replace("{}", "ExtraBrowserDocks=" + STORED + ("\r" if "\r" in text else ""))
    (config / name).write_bytes(whole.encode())
    return config


def everything(config: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in config.iterdir()}


def docks(config: Path) -> list[dict[str, str]]:
    stored = obs_settings.get(config, "BasicWindow", "ExtraBrowserDocks") or "[]"
    found: list[dict[str, str]] = json.loads(stored.replace("\\\\", "\\"))
    return found


def test_added_and_taken_out__others_stay(config: Path, tmp_path: Path) -> None:
    before = everything(config)
    assert not CHAT.is_in(config)
    assert CHAT.add(config, URL, tmp_path / "backup")
    assert CHAT.is_in(config)
    assert docks(config)[:2] == OTHERS
    ours = docks(config)[2]
    assert (ours["title"], ours["url"], len(ours["uuid"])) == ("Velora chat", URL, 32)
    changed = [name for name, content in everything(config).items() if before[name] != content]
    assert len(changed) == 1
    assert (tmp_path / "backup" / changed[0]).read_bytes() == before[changed[0]]
    others = [line for line in before[changed[0]].splitlines() if b"ExtraBrowser" not in line]
    now = everything(config)[changed[0]].splitlines()
    assert [line for line in now if b"ExtraBrowser" not in line] == others
    assert CHAT.remove(config, tmp_path / "backup")
    assert docks(config) == OTHERS
    assert not CHAT.remove(config, tmp_path / "backup")


def test_another_channel__takes_the_docks_place(config: Path, tmp_path: Path) -> None:
    CHAT.add(config, URL, tmp_path / "backup")
    uuid = docks(config)[2]["uuid"]
    assert not CHAT.add(config, URL, tmp_path / "backup")
    other = URL.replace("somebody", "other")
    assert CHAT.add(config, other, tmp_path / "backup")
    assert [(dock["url"], dock["uuid"]) for dock in docks(config)[2:]] == [(other, uuid)]


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_what_lets_in__is_for_nobody_elses_eyes(config: Path, tmp_path: Path) -> None:
    file = config / ("user.ini" if (config / "user.ini").exists() else "global.ini")
    file.chmod(0o644)
    CHAT.add(config, URL, tmp_path / "first")
    assert mode(file) == 0o644  # as it was: nothing in it lets anybody in
    assert mode(tmp_path / "first" / file.name) == 0o600  # older ones had obs-websocket's password
    PANEL.add(config, PAGE, tmp_path / "second")
    assert mode(file) == 0o600
    PANEL.add(config, PAGE + "x", tmp_path / "third")
    assert PAGE in (tmp_path / "third" / file.name).read_text(encoding="utf-8")
    assert mode(tmp_path / "third" / file.name) == 0o600


def test_both__know_each_other_apart(config: Path, tmp_path: Path) -> None:
    assert CHAT.add(config, URL, tmp_path / "backup")
    assert PANEL.add(config, PAGE, tmp_path / "backup")
    assert PANEL.add(config, PAGE + "x", tmp_path / "backup")
    assert [dock["url"] for dock in docks(config)[2:]] == [URL, PAGE + "x"]
    assert CHAT.remove(config, tmp_path / "backup")
    assert [dock.is_in(config) for dock in ALL] == [False, True]
    assert PANEL.remove(config, tmp_path / "backup")
    assert docks(config) == OTHERS


@pytest.mark.parametrize("text", [OBS_29.replace("{}\n", ""), "[General]\nx=1", "", None])
def test_without_any_dock__the_file_is_as_before_afterwards(
    tmp_path: Path, text: str | None
) -> None:
    config = tmp_path / "obs-studio"
    config.mkdir()
    if text is not None:
        (config / "global.ini").write_bytes(text.encode())
    assert CHAT.add(config, URL, tmp_path / "backup")
    assert docks(config)[0]["url"] == URL
    assert CHAT.remove(config, tmp_path / "backup")
    after = (config / "global.ini").read_bytes().decode()
    assert "ExtraBrowserDocks" not in after
    if text and "BasicWindow" in text:
        assert after == text


@pytest.mark.parametrize("damaged", ["{", "{}", "5", "null"])
def test_a_list_that_makes_no_sense__is_left_alone(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "user.ini").write_text(f"[BasicWindow]\nExtraBrowserDocks={damaged}\n")
    before = everything(tmp_path)
    with pytest.raises(DocksUnreadable):
        CHAT.add(tmp_path, URL, tmp_path / "backup")
    assert not CHAT.remove(tmp_path, tmp_path / "backup")
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("My chat", URL),
        ("My panel", PAGE),
        ("Velora", "http://127.0.0.1:17655/?secret=test_secret"),
        ("Velora", "http://127.0.0.1:17655/"),
        ("Velora", URL),
    ],
)
def test_a_dock_that_somebody_made__is_not_ours(tmp_path: Path, title: str, url: str) -> None:
    own = json.dumps([{"title": title, "url": url, "uuid": "c" * 32}])
    (tmp_path / "user.ini").write_text(f"[BasicWindow]\nExtraBrowserDocks={own}\n")
    for dock in ALL:
        assert not dock.is_in(tmp_path)
        assert not dock.remove(tmp_path, tmp_path / "backup")


@pytest.mark.parametrize(
    ("channel", "part"),
    [("somebody", "somebody"), (" @some_body ", "some_body"), ("Ünï", "%C3%9Cn%C3%AF")],
)
def test_address__of_a_channel(channel: str, part: str) -> None:
    assert chat_address(channel) == URL.replace("somebody", part)


@pytest.mark.parametrize("channel", ["", " ", "a b", "../x", "a/b", "a?b", "x" * 101, "https://x"])
def test_address__of_what_is_no_channel(channel: str) -> None:
    assert chat_address(channel) is None
