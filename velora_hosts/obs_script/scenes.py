"""OBS's scenes."""

from __future__ import annotations

import obspython as obs

from velora_core.host.host import HostScene

__all__ = ["current_scene"]


def current_scene() -> HostScene:
    """Return the scene on air, which studio mode's preview is not."""
    source = obs.obs_frontend_get_current_scene()
    if source is None:
        return HostScene()
    uuid = ""
    if hasattr(obs, "obs_source_get_uuid"):  # not in OBS 29.0
        uuid = obs.obs_source_get_uuid(source) or ""
    scene = HostScene(obs.obs_source_get_name(source), uuid)
    obs.obs_source_release(source)
    return scene
