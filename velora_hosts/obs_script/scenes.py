"""OBS's scenes."""

from __future__ import annotations

import obspython as obs

__all__ = ["current_scene"]


def current_scene() -> str:
    """Return the name of the scene on air, which studio mode's preview is not."""
    source = obs.obs_frontend_get_current_scene()
    if source is None:
        return ""
    name: str = obs.obs_source_get_name(source)
    obs.obs_source_release(source)
    return name
