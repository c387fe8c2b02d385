"""Put after the code of a script that is measured: runs `stopwatch_after.py`.

OBS's Python compiles this with the script. What it runs is compiled by itself, in the time that
doesn't count: a script without bytecode would seem to take longer than it does.
"""

# ruff: noqa: E402 - what comes first is looked at the clock
import time as _time

_own_began = (_time.perf_counter(), _time.thread_time())
import os as _os

_path = _os.path.join(_os.path.dirname(_os.path.abspath(__file__)), "stopwatch_after.py")
with open(_path, encoding="utf-8") as _file:
    exec(compile(_file.read(), _path, "exec"))
