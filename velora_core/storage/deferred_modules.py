"""Modules that another package imports and hardly ever uses: they are imported when it does.

`importlib.util.LazyLoader` would leave modules of its own kind to everybody else in this process,
and before Python 3.12 two threads that use one for the first time would break each other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, Final

__all__ = ["deferred"]


class _Deferred(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # which Python itself asks for
        _withdraw(self.__name__, self)  # somebody uses it while it is deferred
        return getattr(import_module(self.__name__), name)


_withdrawing: Final = Lock()


def _withdraw(name: str, module: ModuleType) -> None:
    """Have the next import of a name load what it names, if this stands for it still."""
    with _withdrawing:  # else what another thread imports between the two would be taken out
        if sys.modules.get(name) is module:
            del sys.modules[name]


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Have what is imported meanwhile get these modules only when it uses them.

    Those that are loaded already stay as they are; everybody else gets the modules themselves.
    """
    modules = {name: _Deferred(name) for name in names}
    for name, module in modules.items():
        sys.modules.setdefault(name, module)  # in one step: other threads import meanwhile
    try:
        yield
    finally:
        for name, module in modules.items():
            _withdraw(name, module)
