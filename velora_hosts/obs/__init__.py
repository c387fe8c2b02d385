"""What OBS calls things, for every host that reaches OBS, by whichever way."""
