"""OBS's text sources: what is in them, and what they are called."""

from __future__ import annotations

from typing import Any, Final

import obspython as obs

__all__ = ["get_text", "set_text", "text_source_names"]

_KINDS: Final = ("text_gdiplus", "text_ft2_source")


def get_text(name: str) -> str | None:
    """Return what a text source shows; None when there is none of that name."""
    source = _find(name)
    if source is None:
        return None
    data = obs.obs_source_get_settings(source)
    text: str = obs.obs_data_get_string(data, "text")
    obs.obs_data_release(data)
    obs.obs_source_release(source)
    return text


def set_text(name: str, text: str) -> None:
    """Have a text source show this; do nothing when there is none of that name."""
    source = _find(name)
    if source is not None:
        data = obs.obs_data_create()
        obs.obs_data_set_string(data, "text", text)
        obs.obs_source_update(source, data)
        obs.obs_data_release(data)
        obs.obs_source_release(source)


def text_source_names() -> tuple[str, ...]:
    """Return all there are, in order."""
    sources = obs.obs_enum_sources() or []
    names = [
        obs.obs_source_get_name(source)
        for source in sources
        if obs.obs_source_get_unversioned_id(source) in _KINDS
    ]
    obs.source_list_release(sources)
    return tuple(sorted(names))


def _find(name: str) -> Any:
    """Return a text source with a reference, or None."""
    source = obs.obs_get_source_by_name(name)
    if source is None:
        return None
    if obs.obs_source_get_unversioned_id(source) in _KINDS:
        return source
    obs.obs_source_release(source)
    return None
