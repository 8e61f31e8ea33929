"""The Anthropic format, in both roles."""
