"""One request with all that is known of it."""
