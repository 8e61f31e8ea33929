"""The commands of `tierwise`, one module each: what it is called with, and what it does."""
