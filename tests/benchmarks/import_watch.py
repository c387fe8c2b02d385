"""Loaded before the measured script: notes when Python begins to look for it."""

import sys
import time

import obspython as obs


class _Watch:
    """Finds nothing; is asked before all others."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "velora_obs":
            obs._benchmark_import_began = time.perf_counter()


def script_load(settings):
    sys.meta_path.insert(0, _Watch)


def script_unload():
    sys.meta_path.remove(_Watch)
