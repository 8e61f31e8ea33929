"""How much context a model near has or can be given, and what its server is told for that.

Ollama gives a model as much as it is told to, but only where it is asked in its own way; one that has enough
keeps what it has, for giving it more or less loads it anew. All others have what they were loaded with, and
whoever loads a model on demand gives it as little as is usual for its server.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxy.config import Config, ProviderConfig
from proxy.config.duration import seconds_of
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.providers.params import wishes

USUAL = 28_000
"""Tokens of a coding agent's usual request, with its answer."""
LEAST_ANSWER = 256

LOADED_ON_DEMAND = frozenset({ServerKind.LM_STUDIO, ServerKind.OLLAMA})
UNTOLD = 4096
"""What both of them give a model that nobody says anything about, on most machines."""
_SMALLEST = 8192
_MARGIN, _MARGIN_OF_OLD = 1.1, 1.5
"""Of an estimated prompt: it is mostly right to a tenth once the model has answered a few times, and hardly
ever wrong by more than a half. An old server would not tell."""
_REFUSES_SINCE = (0, 12, 6)
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_ANSWER = 4096
"""Tokens that an answer of an agent hardly ever goes beyond."""


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens of one conversation."""

    tokens: int | None
    is_guess: bool = False
    """The model is not in memory, and nobody knows before with how much it is going to be loaded."""


def is_told(provider: ProviderConfig) -> bool:
    """Whether it is asked in the only way in which it can be told how much context to give."""
    return provider.kind == "ollama" and set(provider.formats) <= {"ollama"}


def room(
    kind: ServerKind, model: LocalModel, params: Mapping[str, Any], provider: ProviderConfig, config: Config
) -> Room:
    """What a model has for a request of this provider's, or is going to have."""
    if model.is_remote:
        return Room(model.context or model.most_context)
    if kind is ServerKind.OLLAMA and is_told(provider):
        said = wishes(params).context
        return Room(most(model, config) if said is None else min(said, model.most_context or said))
    if model.is_loaded is False and kind in LOADED_ON_DEMAND:
        return Room(min(UNTOLD, model.most_context or UNTOLD), is_guess=True)
    return Room(model.context or model.most_context)


def most(model: LocalModel | None, config: Config) -> int:
    """As much as Ollama is asked for at most. What it has been given by others already is there anyway."""
    if model is None:
        return config.local.context
    allowed = max(config.local.context, model.context or 0)
    return min(allowed, model.most_context or allowed)


def wanted_for(prompt: int, server: LocalServer | None) -> int:
    return int(prompt * (_MARGIN_OF_OLD if _is_old(server) else _MARGIN)) + _ANSWER


def _is_old(server: LocalServer | None) -> bool:
    """Whether it cuts what it was told to refuse."""
    found = None if server is None else _NUMBERS.match(server.version)
    return found is not None and tuple(map(int, found.groups())) < _REFUSES_SINCE


def given(wanted: int, has: int, at_most: int) -> int:
    """In steps that double, so that a conversation that grows does not load the model anew at every turn."""
    if wanted <= has:
        return min(has, at_most)
    size = max(_SMALLEST, has)
    while size < wanted:
        size *= 2
    return min(size, at_most)


def kept(kind: str, keep_alive: str) -> Mapping[str, Any]:
    """How long the model is kept in memory, in each server's own words."""
    seconds = seconds_of(keep_alive) if keep_alive else None
    if seconds is None:
        return {}
    if kind == "ollama":
        return {"keep_alive": -1 if math.isinf(seconds) else int(seconds)}
    if kind == "lmstudio" and not math.isinf(seconds):
        return {"ttl": int(seconds)}
    return {}
