"""Puts the script into scene collections and takes it out, and touches nothing else in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, NamedTuple

from . import json_splice as splice
from .config_dirs import SCRIPT_NAME, same_path
from .files import PRIVATE, write_whole

_PATH = ("modules", "scripts-tool")


class Collection(NamedTuple):
    """One scene collection.

    Attributes:
        path: its file.
        name: as OBS shows it.
        text: what is in the file; None when that isn't JSON of the expected form.
        unreadable: why the file can't be read.
    """

    path: Path
    name: str
    text: str | None
    unreadable: str | None = None


def read_all(scenes: Path) -> list[Collection]:
    """Return the scene collections in OBS's folder for them, by name."""
    return [read(path) for path in sorted(scenes.glob("*.json"))]


def read_backups(scenes: Path) -> list[Collection]:
    """Return OBS's own copies of them, each as it was before it was saved last."""
    return [read(path) for path in sorted(scenes.glob("*.json.bak"))]


def read(path: Path) -> Collection:
    """Return one scene collection."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # as OBS, which writes none
        data = json.loads(text)
        scripts = entries(text)
    except OSError as error:
        return Collection(path, path.stem, None, error.strerror or type(error).__name__)
    except (ValueError, RecursionError):
        return Collection(path, path.stem, None)
    if not isinstance(data, dict) or scripts is None:
        return Collection(path, path.stem, None)
    name = data.get("name")
    return Collection(path, name if isinstance(name, str) and name else path.stem, text)


def entries(text: str) -> list[str] | None:
    """Return the paths of the scripts in a collection; None when it is of another form."""
    try:
        spans = splice.find_all(text, *_PATH)
        if spans[-1] is None:
            return []
        found = []
        for span in splice.items(text, spans[-1]):
            entry = json.loads(text[span.start : span.end])
            path = entry.get("path") if isinstance(entry, dict) else None
            found.append(path if isinstance(path, str) else "")
        return found
    except ValueError:
        return None


def registered(text: str, script: str, system: str) -> bool:
    """Return whether the collection has this script."""
    return any(same_path(path, script, system) for path in entries(text) or [])


def may_have(collection: Collection, script: str, system: str) -> bool:
    """Return whether the collection has this script, or could have: it can't be read."""
    if collection.text is not None:
        return registered(collection.text, script, system)
    try:
        return script.encode("utf-8") in collection.path.read_bytes()
    except OSError:
        return True


def with_script(text: str, script: str, system: str) -> str:
    """Return the collection with the script in it, once.

    An entry of another copy of the script is taken over, with its settings.
    """
    if registered(text, script, system):
        return text
    whole, modules, scripts = splice.find_all(text, *_PATH)
    entry = {"path": script, "settings": {}}
    if whole is None:
        raise ValueError("no collection")
    if modules is None:
        return splice.append_member(text, whole, _PATH[0], {_PATH[1]: [entry]})
    if scripts is None:
        return splice.append_member(text, modules, _PATH[1], [entry])
    paths = entries(text) or []
    for path, span in zip(paths, splice.items(text, scripts)):
        if path.replace("\\", "/").rsplit("/", 1)[-1] == SCRIPT_NAME:
            where = splice.member(text, span, "path")
            if where is not None:
                return splice.replace(text, where, script)
    return splice.append_item(text, scripts, entry)


def without_script(text: str, script: str, system: str) -> str:
    """Return the collection without the script and its settings."""
    while True:
        paths = entries(text) or []
        ours = [index for index, path in enumerate(paths) if same_path(path, script, system)]
        if not ours:
            return text
        scripts = splice.find_all(text, *_PATH)[-1]
        if scripts is None:
            return text
        text = splice.remove_item(text, scripts, ours[0])


def change(
    collection: Collection, new_text: Callable[[str], str], backup: Path
) -> tuple[bool, str | None]:
    """Write a collection anew if that changes anything, after keeping it as it was.

    Args:
        collection: as it was read.
        new_text: makes the new text of the old one.
        backup: where the old one is kept.

    Returns:
        Whether it was changed, and why it could not be, in a sentence.
    """
    if collection.unreadable:
        return False, (
            f"The scene collection “{collection.name}” can't be read ({collection.unreadable}): "
            f"give yourself access to {collection.path}, then run this again."
        )
    if collection.text is None:
        return False, (
            f"The scene collection “{collection.name}” is damaged, so it was left alone: open it "
            "in OBS, then run this again."
        )
    changed = new_text(collection.text)
    if changed == collection.text:
        return False, None
    json.loads(changed)  # nothing is written that OBS could not read
    try:
        write_whole(backup, collection.text.encode("utf-8"), PRIVATE)
        write_whole(collection.path, changed.encode("utf-8"))
    except OSError as error:
        return False, (
            f"The scene collection “{collection.name}” can't be changed ({error.strerror}): make "
            f"room or give yourself access to {collection.path}, then run this again."
        )
    return True, None
