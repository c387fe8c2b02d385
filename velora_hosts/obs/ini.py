"""OBS's settings files, read as OBS reads them (libobs: util/config-file.c).

Python's `configparser` gives up at a line that OBS passes over, and takes the last of several
settings of the same name, where OBS takes the first.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["read_setting"]

_ESCAPES: Final = {"\\\\": "\\", "\\r": "\r", "\\n": "\n"}


def read_setting(content: bytes, section: str, key: str) -> str:
    """Return a setting, upper and lower case being one; empty without it.

    Args:
        content: the file's.
        section: that it is in; sections of the same name are one.
        key: its name.
    """
    # Behind a null, which a power failure leaves in a file, OBS reads nothing.
    text = content.partition(b"\0")[0].decode("utf-8-sig", "replace")
    inside = False
    for line in re.split(r"[\r\n]+", text):
        stated = line.lstrip(" \t")
        if stated.startswith("["):
            inside = stated[1:].partition("]")[0].lower() == section.lower()
            continue
        name, equals, value = stated.partition("=")
        if inside and equals and name.lower() == key.lower():
            return re.sub(r"\\[\\rn]", lambda found: _ESCAPES[found.group()], value)
    return ""
