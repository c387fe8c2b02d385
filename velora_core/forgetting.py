"""Delete everything that is kept on this computer: ``python -m velora_core.forgetting``."""

from __future__ import annotations

import sys
from typing import Final

from velora_core.storage.storage import Storage, default_folder
from velora_core.storage.system_keyring import Keyring

from .errors import StorageError

__all__ = ["main"]

_UNLOCK_TIMEOUT: Final = 20.0  # seconds; a locked keyring asks the user, who has just started this


def main() -> int:
    """Delete everything that is kept; return 0 when nothing is left."""
    try:
        keyring = Keyring.detect(timeout=_UNLOCK_TIMEOUT)
        Storage(default_folder(), keyring).forget_everything()
    except StorageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
