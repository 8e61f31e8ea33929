"""The Logs page: every request, newest first, and all that is known of one of them."""
