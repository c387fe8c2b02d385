"""A command that ends otherwise than it was made for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.command_line.steps import as_json, run
from velora_core.cli import commands
from velora_core.cli.exit_codes import ExitCode
from velora_core.cli.main import main
from velora_core.cli.output import Output, OutputFailed
from velora_core.errors import Cancelled

Raising = Callable[[BaseException], None]


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch, token: str) -> Raising:
    """Have the command `info` raise this."""

    def raising(error: BaseException) -> None:
        def fail(_: commands.Context) -> int:
            raise error

        monkeypatch.setitem(commands.COMMANDS, "info", fail)

    return raising


def test_bug__is_named_without_its_text(
    raising: Raising, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(RuntimeError("live_test_in_the_text"))
    code, out, err = run(capsys, "info")
    assert code == ExitCode.FAILED
    assert out == ""
    assert "RuntimeError" in err
    assert "live_test" not in err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Cancelled(), ExitCode.INTERRUPTED),
        (BrokenPipeError(), ExitCode.PIPE_CLOSED),
        (OutputFailed("No space left on device"), ExitCode.FAILED),
    ],
)
def test_end__has_its_code_and_no_traceback(
    raising: Raising, error: BaseException, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(error)
    found, out, err = run(capsys, "info")
    assert found == code
    assert out == ""
    assert "Traceback" not in err
    assert ("No space left on device" in err) == isinstance(error, OutputFailed)


def test_package_missing__says_how_to_have_it(
    raising: Raising, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(ModuleNotFoundError("No module named 'oauthlib'", name="oauthlib"))
    code, data = as_json(capsys, "info")
    assert code == ExitCode.FAILED
    assert "oauthlib" in str(data)


def test_package_missing__and_nobody_reads_it(
    raising: Raising, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object) -> None:
        raise BrokenPipeError

    raising(ModuleNotFoundError("No module named 'oauthlib'", name="oauthlib"))
    monkeypatch.setattr(Output, "_print", gone)
    assert run(capsys, "info", "--json") == (ExitCode.PIPE_CLOSED, "", "")


def test_package_of_ours_missing__is_a_bug(raising: Raising) -> None:
    raising(ModuleNotFoundError("No module named 'velora_core.x'", name="velora_core.x"))
    with pytest.raises(ModuleNotFoundError):
        main(["info"])


@pytest.mark.parametrize(
    "arguments", [["stream"], ["stream", "--"], ["stream", "a.mp4", "--", "-i", "x"]]
)
def test_stream__from_nothing_or_from_two_things(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: velora" in capsys.readouterr().err
