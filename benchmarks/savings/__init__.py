"""What routing saves on recorded agent sessions, against what providers would really bill."""
