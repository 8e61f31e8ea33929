"""Staying with a service: which one a conversation is pinned to, and who issued the calls it answers."""
