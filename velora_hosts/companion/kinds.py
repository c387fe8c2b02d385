"""Which broadcasting software there is for ``velora companion --host``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from velora_hosts.any_software.software import AnySoftware
from velora_hosts.meld_studio.software import MeldSoftware
from velora_hosts.obs_websocket.software import ObsSoftware
from velora_hosts.streamlabs.software import StreamlabsSoftware
from velora_hosts.xsplit.software import XsplitSoftware

if TYPE_CHECKING:
    from .software import Software

__all__ = ["KINDS", "STANDARD"]

KINDS: Final[Mapping[str, Callable[[str], Software]]] = {
    "obs": ObsSoftware,
    "streamlabs": StreamlabsSoftware,
    "meld": MeldSoftware,
    "xsplit": XsplitSoftware,
    "other": AnySoftware,
}
"""By the word that is typed, what makes the software at a place; it raises ValueError where that
makes no sense. A new host is one more line: its module loads nothing that only a link needs."""

STANDARD: Final = "obs"
"""The one that is meant where none is named."""
