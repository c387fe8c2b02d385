"""Print the address by which a dock opens the page: ``python -m velora_core.web.dock_entry``.

The installer puts it into the settings of the broadcasting software, where others may read it: what
is in it lets one browser in, once, and within a month.
"""

from __future__ import annotations

import sys

from velora_core.errors import StorageError
from velora_core.storage.page_access import PageAccess
from velora_core.storage.storage import default_folder

from .server import PORT

__all__ = ["main"]


def main() -> int:
    """Print the address; return 0 when it opens the page."""
    access = PageAccess(default_folder())
    try:
        access.load(make=True)
        entry = access.add_entry(PORT)
    except StorageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(f"http://127.0.0.1:{PORT}/?ticket={entry.reveal()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
