"""What a preset sets, and how that is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from velora_core.errors import PresetFileDamaged

__all__ = ["PresetContent", "content_from_json", "content_to_json", "read_content"]


class PresetContent(NamedTuple):
    """What a preset sets; what is None it does not touch.

    Attributes:
        title: as it is typed, variables included.
        category: its slug.
        category_name: the category's name, for people; empty when it isn't known.
        tags: none at all when it is empty.
    """

    title: str | None = None
    category: str | None = None
    category_name: str = ""
    tags: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        """Return whether it sets anything."""
        return self.title is not None or self.category is not None or self.tags is not None


def content_to_json(content: PresetContent) -> dict[str, Any]:
    """Return it as it is stored: without what it does not touch."""
    found: dict[str, Any] = {}
    if content.title is not None:
        found["title"] = content.title
    if content.category is not None:
        found["category"] = {"slug": content.category, "name": content.category_name}
    if content.tags is not None:
        found["tags"] = list(content.tags)
    return found


def content_from_json(entry: object) -> PresetContent | None:
    """Return what was stored; None when it is not understood."""
    try:
        return read_content(entry, _not_understood) if isinstance(entry, dict) else None
    except PresetFileDamaged:
        return None


def _not_understood(place: str) -> PresetFileDamaged:
    return PresetFileDamaged(file="", place=place)


def read_content(entry: dict[str, Any], wrong: Callable[[str], PresetFileDamaged]) -> PresetContent:
    """Read what an entry sets; raise what `wrong` makes of the path of what can't be used."""
    title, tags, category = entry.get("title"), entry.get("tags"), entry.get("category")
    if title is not None and not isinstance(title, str):
        raise wrong(".title")
    if tags is not None and not isinstance(tags, list):
        raise wrong(".tags")
    for place, tag in enumerate(tags or ()):
        if not isinstance(tag, str):
            raise wrong(f".tags[{place}]")
    slug, category_name = None, ""
    if category is not None:
        if not isinstance(category, dict):
            raise wrong(".category")
        slug, category_name = category.get("slug"), category.get("name", "")
        if not isinstance(slug, str) or not slug:
            raise wrong(".category.slug")
        if not isinstance(category_name, str):
            raise wrong(".category.name")
    return PresetContent(title, slug, category_name, None if tags is None else tuple(tags))
