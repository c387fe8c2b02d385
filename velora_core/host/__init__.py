"""What is needed of broadcasting software."""
