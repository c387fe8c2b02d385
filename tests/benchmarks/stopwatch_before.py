"""Put before the code of a script that is measured: when OBS began to run it."""

import time as _time

_began = _time.perf_counter()
