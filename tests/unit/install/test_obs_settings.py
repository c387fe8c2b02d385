"""OBS's settings are read and written as OBS itself reads them (libobs: util/config-file.c)."""

from __future__ import annotations

from pathlib import Path

import pytest
from velora_install import obs_settings


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"\xef\xbb\xbf[Python]\r\nPath64bit=C:/P\r\n", "C:/P"),
        (b"[python]\nPATH64BIT=C:/P\n", "C:/P"),
        (b" [Python] ; comment\n  Path64bit=C:/P\n", "C:/P"),
        (b"[Python]\rPath64bit=C:/P\r", "C:/P"),
        (b"[Python]\n[Z]\nPath64bit=no\n[PYTHON]\nPath64bit=C:/P\n", "C:/P"),
        (b"[Python]\nPath64bit=C:/P\n[Z]\n[Python]\nPath64bit=no\n", "C:/P"),
        (b"[Python]\nPath64bit=C:/P\npath64bit=no\n", "C:/P"),
        (b"[Python]\nPath64bit =no\n", None),
        (b"[Python]\n#Path64bit=no\n;Path64bit=no\n", None),
        (b"[Python]\nPath64bit=\nPath64bit=no\n", None),
        (b"[General]\nA=1\n\0[Python]\nPath64bit=no\n", None),
        (b"\0" * 500, None),
        ("[Python]\nPath64bit=no\n".encode("utf-16"), None),
        (b"[Python]", None),
    ],
)
def test_setting__is_read_and_set_as_obs_reads_it(
    tmp_path: Path, content: bytes, read: str | None
) -> None:
    file = tmp_path / "user.ini"
    file.write_bytes(content)
    assert obs_settings.python_path(tmp_path) == read
    obs_settings.set_python_path(tmp_path, "D:/new", tmp_path / "backup")
    assert obs_settings.python_path(tmp_path) == "D:/new"
    assert b"\0" not in file.read_bytes()
    assert (tmp_path / "backup" / "user.ini").read_bytes() == content
    obs_settings.put(tmp_path, "Python", "Path64bit", None, tmp_path / "backup")
    assert obs_settings.python_path(tmp_path) is None


@pytest.mark.parametrize("stated", ["²", "-1", "0", "x", "9" * 30])
def test_version__that_is_none(tmp_path: Path, stated: str) -> None:
    (tmp_path / "user.ini").write_text(f"[General]\nLastVersion={stated}\n", encoding="utf-8")
    assert obs_settings.version(tmp_path) is None
