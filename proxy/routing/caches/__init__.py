"""What providers are believed to have of conversations in their prompt caches."""
