"""Streamlabs Desktop, by the interface that it has for other programs on the same computer."""
