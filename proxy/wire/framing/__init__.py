"""How streams are cut into events, whatever stands in them: bytes in, complete frames out."""
