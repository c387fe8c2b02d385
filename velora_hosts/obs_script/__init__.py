"""Velora as a script in OBS Studio: all that calls `obspython`, which calls `velora_obs.py`."""
