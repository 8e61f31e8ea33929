"""Data that ships with the program: icons, presets, the example configuration."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(name: str) -> Traversable:
    """A file of this package, wherever the program was installed or unpacked."""
    return files(__name__).joinpath(name)
