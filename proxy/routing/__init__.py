"""Deciding: which services may answer a request, in which order, and how well they are."""
