"""The clipboard of Windows, by functions that stand for its own."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import KEY
from velora_core.app import windows_clipboard
from velora_core.app.clipboard import Clipboard, Copied
from velora_core.errors import ClipboardRefused


class Windows:
    """The functions of Windows, as far as a clipboard needs them."""

    def __init__(self) -> None:
        self.memory: dict[int, Any] = {}
        self.content: dict[int, bytes] = {}
        self.number = 5
        self.busy = 0
        self.windows = 0
        self.formats: list[str] = []
        self.full = False  # for all but texts

    def create(self, *_: Any) -> int:
        self.windows += 1
        return 1

    def destroy(self, _: int) -> int:
        self.windows -= 1
        return 1

    def open(self, _: int) -> int:
        self.busy -= 1
        return int(self.busy < 0)

    def close(self) -> int:
        return 1

    def empty(self) -> int:
        self.content.clear()
        self.number += 1
        return 1

    def sequence(self) -> int:
        return self.number

    def register(self, name: str) -> int:
        self.formats.append(name)
        return 0xC000 + len(self.formats)

    def allocate(self, _: int, size: int) -> int:
        memory = ctypes.create_string_buffer(size)
        address = ctypes.addressof(memory)
        self.memory[address] = memory
        return address

    def lock(self, address: int) -> int:
        return address

    def unlock(self, _: int) -> int:
        return 1

    def put(self, form: int, address: int) -> int:
        if self.full and form != 13:
            return 0
        self.content[form] = self.memory.pop(address).raw
        self.number += 1
        return address


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    fake = Windows()
    functions: dict[str, Callable[..., int]] = {
        "CreateWindowExW": fake.create,
        "DestroyWindow": fake.destroy,
        "OpenClipboard": fake.open,
        "CloseClipboard": fake.close,
        "EmptyClipboard": fake.empty,
        "GetClipboardSequenceNumber": fake.sequence,
        "RegisterClipboardFormatW": fake.register,
        "GlobalAlloc": fake.allocate,
        "GlobalLock": fake.lock,
        "GlobalUnlock": fake.unlock,
        "SetClipboardData": fake.put,
        "GlobalFree": lambda _: 0,
    }
    wrapped = {name: partial(call) for name, call in functions.items()}  # so that it takes types
    monkeypatch.setattr("ctypes.WinDLL", lambda *_, **__: SimpleNamespace(**wrapped), raising=False)
    monkeypatch.setattr(windows_clipboard, "_PAUSE", 0.0)
    return fake


def copy_there(seconds: float) -> Copied:
    return Clipboard({}, "win32").copy(KEY, seconds=seconds)


def test_windows__a_secret_is_in_no_history(windows: Windows) -> None:
    copied = copy_there(30.0)
    text = KEY.encode("utf-16-le") + b"\0\0"
    assert windows.content[13] == text
    assert "CanIncludeInClipboardHistory" in windows.formats
    copied.take_back()
    assert windows.content == {}
    assert windows.windows == 0


def test_windows__something_else_was_copied(windows: Windows) -> None:
    copied = copy_there(0.0)
    assert windows.formats == []
    windows.number += 1
    windows.content[13] = b"mine"
    copied.take_back()
    assert windows.content == {13: b"mine"}


def test_windows__open_elsewhere_all_the_time(windows: Windows) -> None:
    windows.busy = 100
    with pytest.raises(ClipboardRefused):
        copy_there(30.0)
    assert windows.windows == 0


def test_windows__a_format_that_is_refused_leaves_no_secret(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "full", True)
    with pytest.raises(ClipboardRefused):
        copy_there(30.0)
    assert 13 not in windows.content
