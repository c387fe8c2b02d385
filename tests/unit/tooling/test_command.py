"""The help of developers' commands is their docstring."""

from __future__ import annotations

from tests.tooling.command import command_parser

ABOUT = """Goes through everything.

Usage: python -m tests.example [--write]

With `--write` it is kept:

    in a file
"""


def test_help__has_the_docstrings_lines_and_one_usage() -> None:
    text = command_parser("tests.example", ABOUT).format_help()
    assert text.startswith("usage: python -m tests.example [-h]\n")
    assert "Goes through everything.\n\nWith `--write` it is kept:\n\n    in a file\n" in text
    assert text.count("sage:") == 1


def test_help__of_a_module_without_a_docstring() -> None:
    assert "options" in command_parser("tests.example", None).format_help()
