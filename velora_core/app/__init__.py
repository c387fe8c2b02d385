"""The machinery: two threads, one state."""
