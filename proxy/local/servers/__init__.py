"""How each sort of server is known, and what it tells of itself: a file for each."""
