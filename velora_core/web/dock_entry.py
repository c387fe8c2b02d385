"""Print the address by which a dock opens the page.

Usage: ``python -m velora_core.web.dock_entry [DOCK]``.

The installer puts it into the settings of the broadcasting software, where others may read it: what
is in it lets one browser in, once, and within a month. DOCK says which of the user's docks it is
for, in any words: what that dock had before, and never used, lets nobody in any more.
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
    dock = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        access.load(make=True)
        entry = access.add_entry(PORT, dock)
    except StorageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(f"http://127.0.0.1:{PORT}/?ticket={entry.reveal()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
