"""One module for each thing that the streamer notices."""
