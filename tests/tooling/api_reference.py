"""docs/api-reference.md: the library's public face, written from its docstrings.

Usage: python -m tests.tooling.api_reference [--write]
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import velora_core
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option
from tests.tooling.environment import ROOT
from velora_core import errors

__all__ = ["FILE", "reference"]

FILE = ROOT / "docs" / "api-reference.md"
_PACKAGE = ROOT / "velora_core"

_BEGINNING = """\
# API reference

What `from velora_core import …` gives, written from the docstrings by
`python -m tests.tooling.api_reference --write`. How it is used: [the library](library.md).
"""
_ABOUT_ERRORS = """\
## Errors

Those of requests and of signing in. All of them, and which is a kind of which other one, are in the
docstring of
[`velora_core.errors`](../velora_core/errors/__init__.py).
"""
_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):")
_ENTRY = re.compile(r"    (\S[^:]*): (.*)")


def reference() -> str:
    """Return the whole document."""
    parts = [_BEGINNING]
    for name in velora_core.__all__:
        if not name.startswith("__"):
            parts.extend(_described(name, _definition(name)))
    parts.append(_ABOUT_ERRORS)
    parts.append("\n".join(_errors()) + "\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def _definition(name: str) -> ast.ClassDef | ast.FunctionDef:
    home = _PACKAGE.joinpath(*velora_core._HOMES[name].split("."))
    files = sorted(home.glob("*.py")) if home.is_dir() else [home.with_suffix(".py")]
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
                return node
    raise LookupError(name)


def _described(name: str, node: ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    yield f"## {name}\n"
    if isinstance(node, ast.FunctionDef):
        yield f"**`{name}{_signature(node)}`**\n\n{_text(node)}\n"
        return
    yield _text(node) + "\n"
    for attribute, text in _attributes(node):
        yield f"**`{attribute}`**\n\n{text}\n"
    for method in node.body:
        if not isinstance(method, ast.FunctionDef) or _reads_answers(method):
            continue
        if method.name == "__init__":
            yield f"**`{name}{_signature(method)}`**\n\n{_text(method)}\n"
        elif not method.name.startswith("_"):
            yield f"**`{_called(method)}`**\n\n{_text(method)}\n"


def _reads_answers(method: ast.FunctionDef) -> bool:
    """Return whether it is for the client only, which says where an answer comes from."""
    return "endpoint" in {argument.arg for argument in method.args.kwonlyargs}


def _called(method: ast.FunctionDef) -> str:
    kinds = {ast.unparse(decorator) for decorator in method.decorator_list}
    if "property" in kinds:
        return method.name
    return f"{method.name}{_signature(method)}"


def _attributes(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Return the attributes that have a docstring of their own."""
    for place, text in zip(node.body, node.body[1:], strict=False):
        if isinstance(place, ast.AnnAssign) and isinstance(text, ast.Expr):
            value = ast.literal_eval(text.value)
            yield ast.unparse(place.target), _lines(" ".join(str(value).split()))


def _signature(function: ast.FunctionDef) -> str:
    given = ast.unparse(function.args).replace("lambda :", "lambda:")  # as Python 3.10 writes it
    arguments = re.sub(r"^(self|cls)(, )?", "", given)
    returned = ast.unparse(function.returns) if function.returns else "None"
    return f"({arguments})" + ("" if returned == "None" else f" -> {returned}")


def _text(node: ast.ClassDef | ast.FunctionDef) -> str:
    return _lines(ast.get_docstring(node) or "")


def _lines(docstring: str) -> str:
    """Return a docstring as Markdown: its sections become lists."""
    out: list[str] = []
    section = ""
    for line in docstring.replace("``", "`").splitlines():
        header = _SECTION.fullmatch(line)
        entry = _ENTRY.fullmatch(line) if section in ("Args", "Attributes", "Raises") else None
        if header:
            section = header[1]
            if section in ("Returns", "Yields"):
                out.append(f"{section}: ")
        elif entry:
            names = ", ".join(f"`{name.strip()}`" for name in entry[1].split(","))
            lead = "raises " if section == "Raises" else ""
            out.append(f"- {lead}{names}: {entry[2]}")
        elif line.startswith("    ") and out:
            out[-1] = f"{out[-1].rstrip()} {line.strip()}"
        else:
            section = section if not line else ""
            out.append(line)
    return "\n".join(out).strip()


def _errors() -> Iterator[str]:
    yield "| error | when | may pass by itself |"
    yield "|---|---|---|"
    for name in sorted(errors.__all__):
        kind = getattr(errors, name)
        if issubclass(kind, (errors.ApiError, errors.TransportError, errors.SignInError)):
            when = " ".join((kind.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")
            yield f"| `{name}` | {when} | {'yes' if kind.transient else ''} |"


def main() -> int:
    """Print it, or write it."""
    parser = command_parser("tests.tooling.api_reference", __doc__)
    add_write_option(parser, FILE)
    if parser.parse_args().write:
        FILE.write_text(reference(), encoding="utf-8")
        print(f"{FILE.relative_to(Path.cwd())} is written.")
    else:
        print(reference(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
