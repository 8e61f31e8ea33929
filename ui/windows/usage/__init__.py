"""Usage: what was asked for, what it cost and what was saved, narrowed as one likes, and kept as a file."""
