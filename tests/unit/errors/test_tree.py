"""The tree of errors in the package's docstring is the one that there is."""

from __future__ import annotations

from collections.abc import Iterator

from velora_core import errors


def branch(kind: type[errors.VeloraError], depth: int = 0) -> Iterator[str]:
    yield f"{'  ' * depth}- {kind.__name__}"
    for child in sorted(kind.__subclasses__(), key=lambda each: each.__name__):
        if child.__module__.startswith("velora_core.errors."):
            yield from branch(child, depth + 1)


def test_docstring__has_the_tree_of_errors() -> None:
    lines = (errors.__doc__ or "").splitlines()
    shown = [line for line in lines if line.lstrip().startswith("- ")]
    assert shown == list(branch(errors.VeloraError))
    assert len(shown) == len(errors.__all__)
