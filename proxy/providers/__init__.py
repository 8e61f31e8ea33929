"""Providers: for each kind where it answers and how it wants to be asked. What differs is data."""
