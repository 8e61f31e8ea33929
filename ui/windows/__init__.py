"""The windows, one module each; created when opened, destroyed when closed."""
