"""What the application needs of a broadcasting software."""
