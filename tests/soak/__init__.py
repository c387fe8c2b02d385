"""Hundreds of streams, reloads and switches in one OBS: `python -m tests.soak`."""
