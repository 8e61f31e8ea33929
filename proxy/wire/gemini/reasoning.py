"""How much to think: `thinkingConfig`, with a level for newer models and a budget for older ones.

A budget of 0 is none and -1 is as much as the model likes.
"""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import BUDGETS, Reasoning
from proxy.wire.gemini.schema import THINKING_CONFIG
from proxy.wire.gemini.shape import whole
from proxy.wire.target import Thinks

_LEVELS = ("minimal", "low", "medium", "high")
_LARGEST = 24576
"""What every model takes; only some take more."""

_OFF = {"thinkingBudget": 0}
_FREELY = {"thinkingBudget": -1}


def read_reasoning(raw: Raw) -> Reasoning | None:
    config, extra = THINKING_CONFIG.read(raw)
    budget = whole(config.thinking_budget)
    level = (config.thinking_level or "").lower()
    reasoning = Reasoning(
        enabled=False if budget == 0 else None,
        adaptive=budget == -1,
        effort=level if level and level != "thinking_level_unspecified" else None,
        budget=budget if budget is not None and budget > 0 else None,
        summary="auto" if config.include_thoughts else None,
        extra=extra,
    )
    return reasoning if reasoning != Reasoning() else None


def written_reasoning(reasoning: Reasoning, thinks: Thinks | None, *, own: bool) -> dict[str, Any]:
    """The `thinkingConfig` that asks for it; empty if there is nothing to ask, or no way to."""
    if thinks is Thinks.NOT:
        return {}
    config = _own(reasoning) if own and thinks is None else _asked(reasoning, thinks)
    if reasoning.summary not in (None, "none") and config != _OFF:
        config["includeThoughts"] = True
    return {**(reasoning.extra or {}), **config} if own else config


def is_told(reasoning: Reasoning, written: dict[str, Any], thinks: Thinks | None) -> bool:
    """Whether the target does as it was asked: what thinks freely by itself need not be told to."""
    if reasoning.is_off:
        return thinks is Thinks.NOT or written.get("thinkingBudget") == 0
    if thinks is Thinks.NOT:
        return False
    return bool(written) or (reasoning.effort is None and reasoning.budget is None)


def effort_of(reasoning: Reasoning) -> str | None:
    """The level that comes nearest."""
    effort = reasoning.nearest_effort
    if effort in BUDGETS and effort not in _LEVELS:
        return "high"
    return effort


def _own(reasoning: Reasoning) -> dict[str, Any]:
    """As the client said it."""
    config: dict[str, Any] = {}
    if reasoning.is_off:
        config |= _OFF
    elif reasoning.budget is not None:
        config["thinkingBudget"] = reasoning.budget
    elif reasoning.adaptive:
        config |= _FREELY
    if reasoning.effort not in (None, "none"):
        config["thinkingLevel"] = reasoning.effort
    return config


def _asked(reasoning: Reasoning, thinks: Thinks | None) -> dict[str, Any]:
    if reasoning.is_off:
        return {"thinkingLevel": "minimal"} if thinks is Thinks.EFFORT else dict(_OFF)
    if thinks is Thinks.BUDGET:
        budget = reasoning.budget or BUDGETS.get(reasoning.effort or "")
        return {"thinkingBudget": min(budget, _LARGEST)} if budget else dict(_FREELY)
    if thinks in (Thinks.ADAPTIVE, Thinks.TOGGLE):
        return dict(_FREELY)
    effort = effort_of(reasoning)
    return {"thinkingLevel": effort} if effort else {}
