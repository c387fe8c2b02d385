"""Put before the code of a script that is measured: when OBS began to run it,
and how much the UI thread had computed by then."""

import time as _time

_began = (_time.perf_counter(), _time.thread_time())
