"""Data that ships with the program: icons, presets, the example configuration."""
