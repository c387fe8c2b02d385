"""What all software has in common that is reached by a websocket: where it is, and the wire."""
