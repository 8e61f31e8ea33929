"""Whether this machine has the memory for a model, a prompt and all else that runs on it."""

from typing import Final

from proxy.config.address import is_loopback
from proxy.local.found import LocalModel, LocalServer

_FOR_A_PROMPT: Final = 3_300_000_000
"""32,768 tokens at the 100 kB that each takes in a model of eight to thirty billion parameters."""
_FOR_ALL_ELSE: Final = 4_000_000_000
"""The system, an editor, an agent and a browser."""


def too_big(model: LocalModel, server: LocalServer, memory: int | None) -> str:
    """Why its weights alone go into no memory; empty: they do, or nobody knows.

    What is loaded goes in, be it into that of a graphics card, of which nothing is known here.
    """
    if not _is_known(model, server) or memory is None or (model.size or 0) <= memory:
        return ""
    return (
        f"it has {_gigabytes(model.size or 0)}, and this machine {in_words(memory)} of memory. If that of a "
        "graphics card has room for it, load it and ask again"
    )


def is_tight(model: LocalModel, server: LocalServer, memory: int | None) -> bool:
    """Whether the prompts of an agent would push something out of memory, so that each turn takes minutes."""
    if not _is_known(model, server) or memory is None:
        return False
    return (model.size or 0) + _FOR_A_PROMPT + _FOR_ALL_ELSE > memory


def in_words(memory: int) -> str:
    """As it is sold."""
    return f"{memory / 2**30:.0f} GB"


def _is_known(model: LocalModel, server: LocalServer) -> bool:
    return model.size is not None and not model.is_loaded and is_loopback(server.place.host)


def _gigabytes(size: int) -> str:
    """As servers tell it."""
    return f"{size / 1e9:.0f} GB"
