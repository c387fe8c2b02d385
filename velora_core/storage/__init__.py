"""Storage on disk and in the system's keyring."""
