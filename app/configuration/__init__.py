"""Reading config.toml against the structs that describe it, and saying where it is wrong."""
