"""Commands that developers run as modules, such as ``python -m tests.soak``."""

from __future__ import annotations

import argparse

__all__ = ["command_parser"]


def command_parser(module: str, about: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help is the module's docstring, line by line as it is written.

    Its usage is left out, because argparse writes that itself.

    Args:
        module: what stands after ``python -m``.
        about: the module's docstring.
    """
    paragraphs = (about or "").strip().split("\n\n")
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description="\n\n".join(each for each in paragraphs if not each.startswith("Usage:")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
