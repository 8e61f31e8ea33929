"""Proposing tiers out of what is on this machine: shown with its reasons, written if that is wanted."""
