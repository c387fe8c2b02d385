"""What the output of a running stream counts."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["OutputSample"]


class OutputSample(NamedTuple):
    """The counters of a stream's output at one moment; a reconnect begins them anew.

    Attributes:
        bytes_sent: to the ingest.
        frames: that were to be sent, the dropped ones among them.
        dropped: frames that were not sent, because the connection was too slow.
        congestion: how full the queue to the network is; 1.0 means that frames are dropped.
        reconnecting: whether the connection is lost and sought again.
    """

    bytes_sent: int
    frames: int
    dropped: int = 0
    congestion: float = 0.0
    reconnecting: bool = False
