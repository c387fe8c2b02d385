"""Broadcasting software: a folder for each way to reach it, what these share, and the companion."""
