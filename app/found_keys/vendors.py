"""What vendors are known by: the variables of their keys, what clients call them, and their addresses."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from proxy.providers.kinds import KINDS
from proxy.providers.presets import preset, presets

_NO_KEY_INSIDE: Final = frozenset({"GOOGLE_APPLICATION_CREDENTIALS"})
"""It names a file."""

_OTHER_VARIABLES: Final[Mapping[str, str]] = {
    "CLAUDE_API_KEY": "anthropic",
    "CODEX_API_KEY": "openai",
    "GOOGLE_API_KEY": "gemini",
    "GOOGLE_GENERATIVE_AI_API_KEY": "gemini",
    "FIREWORKS_AI_API_KEY": "fireworks",
    "TOGETHERAI_API_KEY": "together",
    "TOGETHER_AI_API_KEY": "together",
    "Z_AI_API_KEY": "zai",
}
"""Beside those that the presets name."""

ADDRESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL"),
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_HOST"),
    "gemini": ("GOOGLE_GEMINI_BASE_URL", "GEMINI_API_BASE"),
}
"""Variables that say where the key beside them belongs."""

_CALLED: Final[Mapping[str, str]] = {
    "google": "gemini",
    "togetherai": "together",
    "together-ai": "together",
    "fireworks-ai": "fireworks",
    "moonshotai": "moonshot",
    "openai-native": "openai",
    "x-ai": "xai",
    "z-ai": "zai",
}
"""What clients call vendors otherwise than the presets do."""


@lru_cache(maxsize=1)
def variables() -> Mapping[str, str]:
    """Environment variables that hold keys, with the preset each belongs to."""
    own = {each.key_variable: each.id for each in presets() if each.key_variable}
    return {name: id_ for name, id_ in {**own, **_OTHER_VARIABLES}.items() if name not in _NO_KEY_INSIDE}


def preset_called(name: str) -> str:
    """The preset of a vendor as clients call it; empty where they mean nobody we know."""
    called = name.strip().casefold()
    found = preset(_CALLED.get(called, called))
    return found.id if found is not None and found.key_variable else ""


def preset_at(address: str) -> str:
    """The preset whose vendor is at an address; empty for everybody else."""
    return next((each.id for each in presets() if is_vendors(address, each.id)), "")


def is_vendors(address: str, preset_id: str) -> bool:
    """Whether an address leads to where that vendor documents its own to be.

    The path counts: beside its usual address a vendor may have one for subscribers, whose keys are others.
    """
    found = preset(preset_id)
    home = "" if found is None else found.base_url or KINDS[found.kind].root
    if found is None or found.is_local or not home:
        return False
    try:
        theirs, ours = urlsplit(address.strip()), urlsplit(home)
        is_there = (theirs.scheme, theirs.hostname, theirs.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        return False
    path, usual = f"{theirs.path.rstrip('/')}/", f"{ours.path.rstrip('/')}/"
    return is_there and (path.startswith(usual) or usual.startswith(path))
