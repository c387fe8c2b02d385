"""The command line: ``velora`` and ``python -m velora_core``."""
