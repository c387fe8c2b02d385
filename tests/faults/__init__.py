"""Every fault at every moment, in a real OBS: `python -m tests.faults` fills in MATRIX.md."""
