"""Ollama's native chat format."""
