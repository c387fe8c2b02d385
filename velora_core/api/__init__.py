"""Velora's HTTP API: usable on its own."""
