"""OBS's settings files are read as OBS itself reads them, which was measured with libobs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from velora_hosts.obs.account import read_saved_setup
from velora_hosts.obs.ini import read_setting


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"[Auth]\nType=Twitch\n", "Twitch"),
        (b"\xef\xbb\xbf[Auth]\r\nType=Twitch\r\n", "Twitch"),
        (b"stray line\n[Auth]\nanother\nType=Twitch", "Twitch"),
        (b"[AUTH]\ntype=Twitch\n", "Twitch"),
        (b"[Auth] ; comment\nCookieId=1\n Type=Twitch\n", "Twitch"),
        (b"[Auth]\nType=Twitch\nType=no\n[Auth]\nType=no\n", "Twitch"),
        (b"[Auth]\n[Auth]\nType=Twitch\n", "Twitch"),
        (b"[Auth]\nName=J\xfcrgen\nType=Twitch\n", "Twitch"),
        (b"[Auth]\nType=a\\\\b\\n\\rc\\d=e;f\n", "a\\b\n\rc\\d=e;f"),
        (b"[Auth]\n#Type=no\n;Type=no\nType =no\n", ""),
        (b"[Auth]\nA=1\n\0Type=no\n", ""),
        (b"Type=no\n[Other]\nType=no\n", ""),
        ("[Auth]\nType=no\n".encode("utf-16"), ""),
        (b"", ""),
    ],
)
def test_setting__is_read_as_obs_reads_it(tmp_path: Path, content: bytes, read: str) -> None:
    assert read_setting(content, "Auth", "Type") == read
    (tmp_path / "basic.ini").write_bytes(content)
    assert read_saved_setup(str(tmp_path)).account == read


def test_saved_service__with_a_byte_order_mark(tmp_path: Path) -> None:
    saved = {"type": "rtmp_custom", "settings": {"server": "rtmp://a.example/live", "key": "k"}}
    (tmp_path / "service.json").write_text(json.dumps(saved), encoding="utf-8-sig")
    with_mark = read_saved_setup(str(tmp_path)).destination
    (tmp_path / "service.json").write_text(json.dumps(saved), encoding="utf-8")
    assert with_mark is not None
    assert with_mark == read_saved_setup(str(tmp_path)).destination
