"""TOML files as their owner wrote them: where each key stands, and edits that touch nothing else."""
