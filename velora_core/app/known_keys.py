"""Stream keys for Velora that are known as long as the broadcasting software runs."""

from __future__ import annotations

from typing import Any

from velora_core.secret import Secret

__all__ = ["KnownKeys"]


class KnownKeys:
    """What authenticates streams to Velora: put into a profile, or named by Velora since the start.

    In memory only. On disk there are digests, which tell whether a key was put into a profile; this
    has the keys themselves, for the moment when one has to be put back. From any thread.
    """

    def __init__(self, memory: dict[str, Any] | None = None) -> None:
        """Create the known keys.

        Args:
            memory: see `Host.memory`; they outlive this application there.
        """
        found = {} if memory is None else memory.setdefault("known keys", {})
        self._keys: dict[memoryview, None] = found  # built-in, and shows nothing when printed

    def add(self, credential: Secret) -> None:
        """Remember one."""
        if credential:
            self._keys[memoryview(credential.reveal().encode("utf-8", "surrogatepass"))] = None

    def clear(self) -> None:
        """Forget them all."""
        self._keys.clear()

    @property
    def all(self) -> list[Secret]:
        """All that are known."""
        return [Secret(bytes(key).decode("utf-8", "surrogatepass")) for key in self._keys.copy()]
