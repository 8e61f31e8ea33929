"""The providers: their keys, their models, what they allow, and whether they work."""
