"""How a streaming service of OBS is replaced from outside, wholly or to be finished later.

OBS lays the settings that it is sent over those of a service of the same type, so what else was
there would stay. A service of another type begins with nothing, so one of those is put in between.
Both reach OBS in one message, but it may quit, or begin to stream, after the first. What stands
there then leads where the second one would, and has that one written down in it: whoever connects
next finds it, and finishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from velora_hosts.obs.service import Service

__all__ = ["Request", "finished", "replacing"]

Request = tuple[str, Mapping[str, Any]]
"""The name of a request, and what goes with it."""

_NOTE: Final = "velora_next"
_NOTHING: Final = {"key": ""}
"""What means the same as no settings: OBS refuses those (measured, 32)."""
_COMMON: Final = "rtmp_common"
_CUSTOM: Final = "rtmp_custom"


def replacing(present: Service, wanted: Service) -> list[Request]:
    """Return the requests after which OBS has one service and nothing of another.

    Args:
        present: the service that OBS has.
        wanted: the one that it is to have.
    """
    requests: list[Request] = []
    if present.kind == wanted.kind and _leaves_something(present.settings, wanted.settings):
        requests.append(_setting(_in_between(wanted)))
    return [*requests, _setting(wanted)]


def finished(found: Service) -> Service:
    """Return the service itself, or the one that was to follow it."""
    note = found.settings.get(_NOTE)
    if not isinstance(note, dict):
        return found
    kind, settings = note.get("kind"), note.get("settings")
    if not isinstance(kind, str) or not isinstance(settings, dict):
        return found
    wanted = Service(kind, settings)
    # Somebody may have changed it since: what they want is what there is.
    meant = _in_between(wanted)
    same = (found.kind, found.server) == (meant.kind, meant.server) and all(
        found.settings.get(name) == value for name, value in meant.settings.items()
    )
    return wanted if same else found


def _in_between(wanted: Service) -> Service:
    """Return a service of another type that streams to the same place, as far as there is one."""
    note = {"kind": wanted.kind, "settings": dict(wanted.settings)}
    settings: dict[str, Any] = {_NOTE: note, "key": wanted.text("key")}
    if wanted.kind in (_COMMON, _CUSTOM):
        settings["server"] = wanted.server
    if wanted.kind == _COMMON:
        return Service(_CUSTOM, settings)
    return Service(_COMMON, {**settings, "protocol": "RTMP"})


def _leaves_something(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    nested = any(isinstance(value, (dict, list)) for value in present.values())
    return nested or bool(set(present) - set(wanted))


def _setting(service: Service) -> Request:
    data = {
        "streamServiceType": service.kind,
        "streamServiceSettings": dict(service.settings or _NOTHING),
    }
    return "SetStreamServiceSettings", data
