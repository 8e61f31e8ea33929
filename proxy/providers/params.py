"""What the `params` of a service wish for: the ones we know in one vocabulary, all others as they are."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from proxy.wire.canonical import Reasoning

_ALIASES = {
    "reasoning_effort": "effort",
    "max_completion_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
}
OPTIONS = "options"
_DIGITS = re.compile("[0-9]{1,9}")
_SWITCHES = {
    "on": Reasoning(enabled=True),
    "enabled": Reasoning(enabled=True),
    "adaptive": Reasoning(adaptive=True),
    "off": Reasoning(enabled=False),
    "disabled": Reasoning(enabled=False),
    "none": Reasoning(enabled=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """None is not wished for."""

    reasoning: Reasoning | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    context: int | None = None
    keep_alive: str | None = None
    others: Mapping[str, Any] = field(default_factory=dict)
    """Parameters by the provider's own names, with the provider's own values."""


def wishes(params: Mapping[str, Any]) -> Wishes:
    """A known name with a value that it cannot have counts as the provider's own."""
    known: dict[str, Any] = {}
    others: dict[str, Any] = {}
    reasoning: Reasoning | None = None
    for said, value in params.items():
        name = _ALIASES.get(said, said)
        read = _READ.get(name)
        understood = read(value) if read is not None else None
        if understood is None:
            others[said] = value
        elif isinstance(understood, Reasoning):
            reasoning = joined(reasoning, understood)
        else:
            known[_FIELDS.get(name, name)] = understood
    options = others.get(OPTIONS)
    if isinstance(options, Mapping):
        others[OPTIONS] = _options(options, known)
    return Wishes(reasoning=reasoning, others=others, **known)


def _options(said: Mapping[str, Any], known: dict[str, Any]) -> Mapping[str, Any]:
    """Ollama's own place for parameters; a context in it is known, unless one was told outside of it."""
    context = _context(said.get("num_ctx"))
    if context is None and "context" not in known:
        return said
    told = known.setdefault("context", context)
    return {name: told if name == "num_ctx" else value for name, value in said.items()}


def joined(said: Reasoning | None, wish: Reasoning) -> Reasoning:
    """What was said, with the wish in its place where the two are about the same.

    An effort alone says how much to think, not to think where that was switched off.
    """
    if said is None or wish.enabled is False:
        return wish
    switches = bool(wish.enabled or wish.adaptive)
    return Reasoning(
        enabled=wish.enabled if switches else said.enabled,
        adaptive=wish.adaptive if switches else said.adaptive,
        effort=wish.effort or said.effort,
        budget=wish.budget or (None if wish.effort or wish.adaptive else said.budget),
        summary=said.summary,
        extra=said.extra,
    )


def _effort(value: Any) -> Reasoning | None:
    if not isinstance(value, str):
        return None
    return Reasoning(enabled=False) if value == "none" else Reasoning(effort=value)


def _thinking(value: Any) -> Reasoning | None:
    """Yes, no, a budget in tokens, or any of the ways that vendors write these in."""
    if isinstance(value, Mapping):
        budget = _whole(value.get("budget_tokens"))
        return _thinking(budget if budget is not None else value.get("type"))
    if isinstance(value, bool):
        return Reasoning(enabled=value)
    if isinstance(value, int):
        return Reasoning(enabled=True, budget=value) if value > 0 else Reasoning(enabled=False)
    return _SWITCHES.get(value) if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _context(value: Any) -> int | None:
    """Also as text, as environment variables and other programs' settings have it."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value.strip()) else _whole(value)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _duration(value: Any) -> str | None:
    """Ollama reads a number with its unit; below zero is for ever."""
    number = _number(value)
    return f"{number}s" if number is not None else value if isinstance(value, str) else None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "effort": _effort,
    "thinking": _thinking,
    "max_tokens": _whole,
    "temperature": _number,
    "top_p": _number,
    "top_k": _whole,
    "seed": _whole,
    "num_ctx": _context,
    "keep_alive": _duration,
}
_FIELDS = {"num_ctx": "context"}
