"""A module that one thread reads and another imports, which then waits for no file.

Python lets go of itself at each file that it opens, and OBS's UI thread would have to have it back
from whichever thread has it then.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from types import CodeType

__all__ = ["ReadModule", "read_module"]


class _Reader(SourceFileLoader):
    """A file's loader that has read it."""

    code: CodeType | None = None

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002
        return self.code


class ReadModule:
    """A module that is found where it was found before, and made of what was read there."""

    def __init__(self, spec: ModuleSpec, loader: SourceFileLoader) -> None:
        """Read the module's file.

        Args:
            spec: where it is.
            loader: what Python would load it with.

        Raises:
            OSError, ImportError, SyntaxError: it can't be read.
        """
        self._spec = spec
        self._loader = loader
        reader = _Reader(loader.name, loader.path)
        reader.code = loader.get_code(loader.name)
        spec.loader = reader

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Serve Python, which asks each finder for each module that is imported."""
        return self._spec if name == self._spec.name else None

    def load(self) -> None:
        """Import the module on this thread, unless it is there."""
        sys.meta_path.insert(0, self)
        try:
            module = __import__(self._spec.name)
        finally:
            sys.meta_path.remove(self)
        if module.__spec__ is self._spec:  # to everybody else it is one like all others
            self._spec.loader = module.__loader__ = self._loader


def read_module(name: str) -> ReadModule | None:
    """Return a module whose file was read, or None where it is in none of its own."""
    spec = PathFinder.find_spec(name)
    if spec is None or type(spec.loader) is not SourceFileLoader:
        return None
    return ReadModule(spec, spec.loader)
