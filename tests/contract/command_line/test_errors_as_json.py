"""Every command with every kind of error: what a program reads, and the exit code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.contract.command_line.steps import KEY, run, signed_in
from tests.ports import free_port
from tests.simulator import Fault, Simulator
from velora_core import errors
from velora_core.cli import errors as errors_of_the_command
from velora_core.errors import Cancelled
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore

_TYPED: Final = "test_token_of_nobody"


class Kind(NamedTuple):
    """A way in which nothing works.

    Attributes:
        begin: makes it so; gets Velora, and the folder with the settings.
        code: the exit code of what asks Velora.
        signed_in: whether there is a token.
    """

    begin: Callable[[Simulator, Path], object]
    code: int
    signed_in: bool = True


def _expired(velora: Simulator, folder: Path) -> None:
    signed_in(velora, folder, left=0.0)
    ended = b'{"error": "invalid_grant"}'
    velora.faults.add(Fault.answer("POST", "/oauth/token", ended, status=400))


def _damaged(velora: Simulator, folder: Path) -> None:
    signed_in(velora, folder)
    for file in folder.rglob("*.json"):
        file.write_bytes(b'\x00{"half')


def _status(status: int) -> Callable[[Simulator, Path], object]:
    return lambda velora, _: velora.faults.add(Fault.status("*", "", status=status))


def _html(velora: Simulator, _: Path) -> None:
    page = b"<html><title>Sign in to the hotel</title></html>"
    velora.faults.add(Fault.answer("*", "", page, kind="text/html"))


KINDS: Final = {
    "no token": Kind(lambda *_: None, 3, signed_in=False),
    "expired": Kind(_expired, 3, signed_in=False),
    "refused": Kind(_status(401), 3),
    "no scope": Kind(_status(403), 3),
    "no network": Kind(lambda *_: None, 4),
    "429": Kind(_status(429), 4),
    "500": Kind(_status(500), 4),
    "HTML": Kind(_html, 4),
    "broken store": Kind(_damaged, 3, signed_in=False),
}
OF_VELORA: Final = (
    ("status",), ("setup",), ("info",), ("set", "--title", "x"), ("categories",),
    ("categories", "--search", "zelda"), ("regenerate-key", "--yes"), ("presets", "apply", "Old"),
    ("presets", "save", "New"), ("stream", "film"), ("watch",), ("sign-in", "--with-token"),
)  # fmt: skip
"""What asks Velora."""
LOCAL: Final = (
    ("presets",), ("presets", "list"), ("presets", "rename", "Old", "New"),
    ("presets", "delete", "Old", "--yes"), ("presets", "export", "file"),
    ("presets", "import", "exported"), ("sign-out",),
)  # fmt: skip
"""What does not."""


@pytest.fixture
def begin(
    velora: Simulator, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Have a kind of error begin; returns the token."""

    def begin(name: str) -> str:
        kind = KINDS[name]
        ffmpeg = tmp_path / "programs" / "ffmpeg"
        ffmpeg.parent.mkdir()
        ffmpeg.write_text("#!/bin/sh\n")
        ffmpeg.chmod(0o700)
        monkeypatch.setenv("PATH", str(ffmpeg.parent))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "film").touch()
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{_TYPED}\n"))
        monkeypatch.setattr("velora_core.cli.watch._CONNECT_TIMEOUT", 0.0)
        waits = iter(range(3))

        def wait(*_: object) -> None:
            if next(waits, None) is None:  # somebody ends what goes on
                raise Cancelled

        monkeypatch.setattr("velora_core.cli.reporter.TerminalReporter.wait", wait)
        store = PresetStore(folder)
        store.add("Old", PresetContent("Hello"))
        store.export_to(tmp_path / "exported")
        token = velora.issue_token()
        if kind.signed_in:
            monkeypatch.setenv("VELORA_ACCESS_TOKEN", token)
        if name == "no network":
            nobody = f"http://127.0.0.1:{free_port()}/api/integrations/oauth"
            monkeypatch.setenv("VELORA_API_URL", nobody)
        kind.begin(velora, folder)
        return token

    return begin


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arguments", OF_VELORA, ids=" ".join)
def test_what_asks_velora__says_it_as_json(
    begin: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    kind: str,
) -> None:
    token = begin(kind)
    code, out, err = run(capsys, *arguments, "--json")
    wanted = KINDS[kind].code
    if arguments[0] == "sign-in" and kind == "no scope":  # it need not say whose it is
        assert code == 0
        return
    if kind == "broken store" and arguments[:2] == ("presets", "apply"):
        wanted = 1
    goes_on = arguments == ("watch",) and wanted == 4
    assert code == (130 if goes_on else wanted)
    (line,) = out.splitlines()
    error = json.loads(line)["error"]
    assert set(error) == {"kind", "message", "transient"}
    named = getattr(errors, error["kind"], None) or getattr(errors_of_the_command, error["kind"])
    assert error["transient"] is named.transient is (wanted == 4)
    assert error["message"].endswith(".")
    for secret in (token, KEY, _TYPED):
        assert secret not in out + err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arguments", LOCAL, ids=" ".join)
def test_what_does_not__works_without_velora(
    begin: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    kind: str,
) -> None:
    begin(kind)
    code, out, _ = run(capsys, *arguments, "--json")
    unreadable = kind == "broken store" and arguments[0] == "presets" and "import" not in arguments
    assert code == (1 if unreadable else 0)
    found = json.loads(out)
    assert ("error" in found) is unreadable
    if unreadable:
        assert found["error"]["kind"] == "PresetsDamaged"


@pytest.mark.parametrize("kind", KINDS)
def test_check__says_what_is_wrong(
    begin: Callable[[str], str], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    token = begin(kind)
    code, out, err = run(capsys, "check", "--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    assert {"name", "ok", "sentence"} == {key for check in found["checks"] for key in check}
    assert token not in out + err
