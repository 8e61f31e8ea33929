"""How much to think, in the ways the dialects ask for it."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import BUDGETS, Reasoning
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.reading import ABSENT, Shapes, given
from proxy.wire.target import Thinks


class _OpenRouter(Struct, forbid_unknown_fields=True):
    """`reasoning`."""

    effort: str | None = None
    max_tokens: int | None = None
    enabled: bool | None = None
    summary: str | None = None


class _Toggle(Struct, forbid_unknown_fields=True):
    """`thinking`, with DeepSeek, Moonshot and Z.ai."""

    type: str | None = None
    budget_tokens: int | None = None


_OPENROUTER = Shapes(_OpenRouter)
_TOGGLE = Shapes(_Toggle)
_TYPES = {"enabled": True, "disabled": False}


def read_reasoning(effort: str | None, openrouter: Raw = ABSENT, toggle: Raw = ABSENT) -> Reasoning | None:
    """What the client said in any of the ways; the plain effort has the last word."""
    reasoning = Reasoning()
    if given(toggle) is not None:
        switch, extra = read_inner(_TOGGLE, toggle, "thinking", None)
        enabled = _TYPES.get(switch.type or "")
        adaptive = switch.type == "adaptive"
        reasoning = Reasoning(enabled, adaptive, budget=switch.budget_tokens, extra=extra)
    if given(openrouter) is not None:
        asked, extra = read_inner(_OPENROUTER, openrouter, "reasoning", None)
        reasoning = Reasoning(
            asked.enabled, effort=asked.effort, budget=asked.max_tokens, summary=asked.summary, extra=extra
        )
    if effort is not None:
        reasoning = msgspec.structs.replace(reasoning, effort=effort)
    if reasoning.effort == "none":
        reasoning = msgspec.structs.replace(reasoning, enabled=False, effort=None)
    return reasoning if reasoning != Reasoning() else None


def written_reasoning(reasoning: Reasoning, thinks: Thinks | None) -> dict[str, Any]:
    """The members that say it; none if the target cannot be told."""
    match thinks:
        case Thinks.NOT:
            return {}
        case Thinks.TOGGLE:
            return {"thinking": {"type": "disabled" if reasoning.is_off else "enabled"}}
        case Thinks.BUDGET:
            return _as_budget(reasoning)
        case _:
            effort = "none" if reasoning.is_off else reasoning.nearest_effort
            return {"reasoning_effort": effort} if effort else {}


def is_told(reasoning: Reasoning, thinks: Thinks | None) -> bool:
    """Whether the target does as it was asked: one that cannot think obeys who wants no thinking."""
    return bool(written_reasoning(reasoning, thinks)) or (thinks is Thinks.NOT and reasoning.is_off)


def _as_budget(reasoning: Reasoning) -> dict[str, Any]:
    if reasoning.is_off:
        return {"reasoning": {"enabled": False}}
    budget = reasoning.budget or BUDGETS.get(reasoning.effort or "")
    return {"reasoning": {"max_tokens": budget} if budget else {"enabled": True}}
