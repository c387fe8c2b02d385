"""Installs, updates, checks and removes Velora for OBS.

Standard library only, and readable by Python 3.8, so that an old Python can say what is needed.
"""
