"""What the user sets by hand: keys of config.toml, one at a time, and what to know before setting them."""
