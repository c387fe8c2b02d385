"""What was measured is printed, and written only when that was asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.tooling.document import add_write_option, publish


@pytest.mark.parametrize(("given", "kept"), [([], "old"), (["--write"], "new, with —")])
def test_document__is_kept_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], kept: str
) -> None:
    file = tmp_path / "RESULTS.md"
    file.write_text("old", encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_write_option(parser, file)
    publish("new, with —", file, write=parser.parse_args(given).write)
    assert capsys.readouterr().out == "new, with —\n"
    assert file.read_text(encoding="utf-8") == kept
