"""Meld Studio, by its WebChannel: it tells when it streams, and takes texts for the picture."""
