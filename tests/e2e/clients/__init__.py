"""Real coding agents, headless, and what they are put through."""
