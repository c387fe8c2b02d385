"""Put behind `stopwatch_after.py`: notes what reading the stream's health takes, on any thread."""

# ruff: noqa: F821 - what stands above it has these names
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as _Any


def _with_health(handle_event: "_Any") -> "_Any":
    timed: list[str] = []

    def on_event(event: int) -> None:
        session = _script.get("_session")  # type: ignore[name-defined]
        if not timed and session is not None and session.is_made:
            host = session.host
            for name in ("begin_sampling", "sample", "end_sampling"):
                timed.append(name)
                setattr(host, name, _measured(name, getattr(host, name)))  # type: ignore[name-defined]
        handle_event(event)

    return on_event


_script["on_event"] = _with_health(_script["on_event"])  # type: ignore[name-defined]
