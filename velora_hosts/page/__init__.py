"""``velora page``: the page without any broadcasting software; a browser can stream from it."""
