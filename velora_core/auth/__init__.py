"""Sign in with OAuth and stay signed in: usable on its own."""
