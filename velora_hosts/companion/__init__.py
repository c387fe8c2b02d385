"""``velora companion``: does beside broadcasting software what the script does inside OBS."""
