"""Keys of providers that lie on this machine already: in the environment, and in files of other clients."""

from app.found_keys.found_key import FoundKey
from app.found_keys.search import found_keys

__all__ = ["FoundKey", "found_keys"]
