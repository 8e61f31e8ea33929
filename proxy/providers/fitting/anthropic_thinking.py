"""`thinking` in an Anthropic request: of its own accord, by a budget, or not at all."""

from typing import Any

from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft
from proxy.providers.fitting.wishing import BY_PARAMS
from proxy.wire.anthropic.reasoning import SMALLEST_BUDGET
from proxy.wire.canonical import BUDGETS, Reasoning
from proxy.wire.format import Format
from proxy.wire.target import Thinks

_THINKING = ("thinking",)
_EFFORT = ("output_config", "effort")
_USUAL_EFFORT = "high"
"""What a model that thinks as it sees fit takes for granted."""
_BY_BUDGET = (Thinks.BUDGET, Thinks.TOGGLE)


def wish_thinking(draft: Draft, wish: Reasoning | None, facts: Facts) -> None:
    if wish is None:
        return
    if wish.enabled is False:
        if draft.get("thinking", "type") not in (None, "disabled"):
            draft.set(_THINKING, {"type": "disabled"}, f"thinking: off, {BY_PARAMS}")
        return
    if wish.budget is not None:
        because = f"thinking: a budget of {wish.budget} tokens, {BY_PARAMS}"
        draft.set(_THINKING, {"type": "enabled", "budget_tokens": wish.budget}, because)
    elif wish.adaptive or (wish.enabled and draft.get("thinking", "type") in (None, "disabled")):
        draft.set(_THINKING, {"type": "adaptive"}, f"thinking: on, {BY_PARAMS}")
    if wish.effort is None:
        return
    draft.set(_EFFORT, wish.effort, f"output_config.effort: {wish.effort}, {BY_PARAMS}")
    if draft.get("thinking", "type") == "enabled" and wish.budget is None and wish.effort in BUDGETS:
        because = f"thinking: a budget of {BUDGETS[wish.effort]} tokens, {BY_PARAMS}"
        if facts.thinks_when_asked_in(Format.ANTHROPIC) in _BY_BUDGET:
            draft.set(("thinking", "budget_tokens"), BUDGETS[wish.effort], because)


def fit_thinking(draft: Draft, facts: Facts) -> None:
    """As the model takes it; a budget stays below the limit of the answer, which it is a part of."""
    kind, model = draft.get("thinking", "type"), facts.model
    thinks = facts.thinks_when_asked_in(Format.ANTHROPIC)
    if kind is None:
        return
    if thinks is Thinks.NOT:
        draft.drop(_THINKING, f"thinking: removed, because {model} cannot be told to think")
    elif kind == "disabled" and not facts.can_rest:
        draft.drop(_THINKING, f"thinking: removed, because {model} always thinks")
    elif kind == "adaptive" and thinks in _BY_BUDGET:
        _by_budget(draft, model)
    elif kind == "enabled" and thinks is Thinks.ADAPTIVE and facts.takes_budget is False:
        rest = {name: value for name, value in draft.get("thinking").items() if name != "budget_tokens"}
        because = f"thinking: a budget became adaptive, because {model} takes no budget"
        draft.set(_THINKING, {**rest, "type": "adaptive"}, because)
    if draft.is_changed("thinking") or draft.is_changed("max_tokens"):
        _within_the_answer(draft, model)


def _by_budget(draft: Draft, model: str) -> None:
    refused = f"because {model} takes no adaptive thinking"
    if draft.get("tool_choice", "type") in ("any", "tool"):
        draft.drop(_THINKING, f"thinking: removed, {refused}, and with a budget none beside a demanded call")
        return
    effort: Any = draft.get(*_EFFORT)
    budget = BUDGETS.get(effort if isinstance(effort, str) else _USUAL_EFFORT, BUDGETS[_USUAL_EFFORT])
    limit = draft.number("max_tokens")
    if limit is not None and budget >= limit:
        budget = limit // 2
    rest = {name: value for name, value in draft.get("thinking").items() if name != "type"}
    because = f"thinking: adaptive became a budget of {budget} tokens, {refused}"
    draft.set(_THINKING, {"type": "enabled", "budget_tokens": budget, **rest}, because)


def _within_the_answer(draft: Draft, model: str) -> None:
    budget, limit = draft.number("thinking", "budget_tokens"), draft.number("max_tokens")
    if budget is None:
        return
    if limit is not None and budget >= limit:
        budget = limit // 2
        because = f"thinking: a budget of {budget} tokens, because it must be below max_tokens"
        draft.set(("thinking", "budget_tokens"), budget, because)
    if budget < SMALLEST_BUDGET:
        because = f"thinking: removed, because {model} takes no budget below {SMALLEST_BUDGET} tokens"
        draft.drop(_THINKING, because)
