"""The way back: from a provider's bytes to the client's, as they are or in other words."""
