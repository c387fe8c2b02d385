"""Loaded before the measured script: notes when Python begins to look for it."""

from __future__ import annotations  # OBS has no such type

import sys
import time

import obspython as obs


class _Watch:
    """Finds nothing; is asked before all others.

    Not a subclass of `importlib.abc.MetaPathFinder`, whose import would take half of what is to be
    measured upon itself.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "velora_obs":
            began = (time.perf_counter(), time.thread_time())
            setattr(obs, "_benchmark_import_began", began)  # noqa: B010


def script_load(settings: obs.obs_data_t) -> None:
    sys.meta_path.insert(0, _Watch)


def script_unload() -> None:
    sys.meta_path.remove(_Watch)
