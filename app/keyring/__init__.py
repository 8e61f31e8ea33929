"""The system keyring: one thread that talks to it, real backends only, and a stand-in for its absence."""
