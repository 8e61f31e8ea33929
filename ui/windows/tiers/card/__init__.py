"""One tier: its switch, its tactic, its share, and the services that it asks."""
