"""What was typed and chosen in the panel's fields, as settings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.state import SettingsFor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velora_core.app.categories import CategoryChoices
    from velora_core.app.state import StreamSettings

    from .elements import Value

__all__ = ["SECRETS", "edited", "join_tags", "parse_templates", "source_renamed", "split_tags"]

SECRETS: Final = ("access_token", "client_id", "client_secret")
"""The fields for secrets, which are no settings."""

_PLAIN: Final = (
    "title",
    "section",
    "protocol",
    "update_on_start",
    "suit_encoder",
    "srt_form",
    "by_plugin",
    "redirect_port",
    "live_interval",
    "preset",
    "preset_name",
    "programs",
    "programs_live",
    "recent",
    "stream_number",
    "page_kept",
    "program_name",
    "program",
)
"""The fields that are a setting as they stand; the kept ones go with them."""
_KEPT: Final = (
    "category",
    "category_name",
    "tags",
    "tags_on_velora",
    "collection_values",
    "unsaved_settings",
)


def edited(
    settings: StreamSettings, values: Mapping[str, Value], categories: CategoryChoices
) -> StreamSettings:
    """Return the settings with what the fields hold now; secrets are not among them.

    Args:
        settings: the present ones.
        values: by key; those of fields that are left out stay.
        categories: those that a text in the category's field may name one of.
    """
    changes: dict[str, Any] = {key: values[key] for key in _PLAIN + _KEPT if key in values}
    if "category_entry" in values:
        typed = str(values["category_entry"])
        changes["category"], changes["category_name"] = categories.entered(typed)
    if "tags_entry" in values:
        changes["tags"] = split_tags(str(values["tags_entry"]))
    if "settings_for" in values:
        changes["settings_for"] = _settings_for(str(values["settings_for"]))
    texts = dict(settings.texts)
    if "text_templates" in values:
        texts = parse_templates(str(values["text_templates"]))
    source = str(values.get("text_source", settings.text_source))
    if source and source == settings.text_source and "text_template" in values:
        # That of another source is still in the field when one has just been chosen.
        texts[source] = str(values["text_template"])
    changes["text_source"] = source
    changes["texts"] = {name: text for name, text in texts.items() if text}
    return settings._replace(**changes)


def _settings_for(text: str) -> SettingsFor:
    values = {known.value for known in SettingsFor}
    return SettingsFor(text if text in values else "")


def join_tags(tags: tuple[str, ...]) -> str:
    """Return tags as one line."""
    return ", ".join(tags)


def split_tags(line: str) -> tuple[str, ...]:
    """Return the tags in a line: what stands between commas, in any script."""
    return tuple(tag.strip() for tag in re.split("[,;،、，\n]", line) if tag.strip())


def parse_templates(text: str) -> dict[str, str]:
    """Return the templates by text source; none from a text that somebody has damaged."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: template for name, template in found.items() if isinstance(template, str) and template
    }


def source_renamed(settings: StreamSettings, before: str, after: str) -> StreamSettings:
    """Return the settings once a text source has another name."""
    texts = dict(settings.texts)
    if before in texts:
        texts[after] = texts.pop(before)
    chosen = after if settings.text_source == before else settings.text_source
    return settings._replace(texts=texts, text_source=chosen)
