"""A Gemini request for another Gemini: only what stands in its `generationConfig`."""

from typing import Any

from proxy.providers.efforts import nearest
from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft, Path
from proxy.providers.fitting.limit import cap
from proxy.providers.fitting.refusing import take_out
from proxy.providers.fitting.request import Request
from proxy.providers.fitting.wishing import BY_PARAMS, wish_numbers, wish_others
from proxy.wire.canonical import BUDGETS
from proxy.wire.format import Format
from proxy.wire.gemini.reasoning import written_reasoning
from proxy.wire.target import Thinks

_CONFIG = ("generationConfig", "generation_config")
"""Google reads both; a client writes one."""
_NUMBERS = {
    "max_tokens": ("maxOutputTokens", "max_output_tokens"),
    "temperature": ("temperature",),
    "top_p": ("topP", "top_p"),
    "top_k": ("topK", "top_k"),
    "seed": ("seed",),
}
_THINKING = ("thinkingConfig", "thinking_config")
_BUDGET = ("thinkingBudget", "thinking_budget")
_LEVEL = ("thinkingLevel", "thinking_level")
_LARGEST_BUDGET = 24576
_SMALLEST_BUDGET = 128
"""Of those that cannot do without."""


def fit_gemini(request: Request) -> None:
    draft, facts = request.draft, request.facts
    wish_others(draft, request.wishes)
    config = next((name for name in _CONFIG if draft.has(name)), _CONFIG[0])
    wish_numbers(
        draft, request.wishes, {name: _path(draft, config, names) for name, names in _NUMBERS.items()}
    )
    thinking = _path(draft, config, _THINKING)
    thinks = facts.thinks_when_asked_in(Format.GEMINI)
    if request.wishes.reasoning is not None:
        wish = written_reasoning(request.wishes.reasoning, thinks, own=False)
        if wish:
            draft.set(thinking, wish, f"thinkingConfig: set, {BY_PARAMS}")
    cap(draft, _path(draft, config, _NUMBERS["max_tokens"]), facts)
    if thinks is Thinks.NOT:
        draft.drop(thinking, f"thinkingConfig: removed, because {facts.model} cannot be told how to think")
    _fit_thinking(draft, thinking, facts)
    take_out(draft, Format.GEMINI, facts, request.learned, inside=config)


def _path(draft: Draft, config: str, names: tuple[str, ...]) -> Path:
    return config, next((name for name in names if draft.has(config, name)), names[0])


def _fit_thinking(draft: Draft, path: Path, facts: Facts) -> None:
    said = draft.get(*path)
    if not isinstance(said, dict):
        return
    budget = next((said[name] for name in _BUDGET if name in said), None)
    level = next((said[name] for name in _LEVEL if name in said), None)
    rest = {name: value for name, value in said.items() if name not in (*_BUDGET, *_LEVEL)}
    thinks = facts.thinks_when_asked_in(Format.GEMINI)
    fitting: dict[str, Any] = {}
    if thinks is Thinks.BUDGET and isinstance(level, str):
        wanted = BUDGETS.get(level.lower(), _LARGEST_BUDGET)
        fitting = {"thinkingBudget": min(wanted, _LARGEST_BUDGET)}
        because = f"thinkingConfig: the level {level} became a budget, because {facts.model} takes no levels"
    elif thinks is Thinks.BUDGET and budget == 0 and not facts.can_rest:
        fitting = {"thinkingBudget": _SMALLEST_BUDGET}
        because = f"thinkingConfig: {_SMALLEST_BUDGET} tokens, because {facts.model} always thinks"
    elif thinks is Thinks.EFFORT and budget == 0 and level is None:
        fitting = {"thinkingLevel": facts.efforts[0] if facts.efforts else "low"}
        because = f"thinkingConfig: the least, because {facts.model} always thinks"
    elif isinstance(level, str) and nearest(level.lower(), facts.efforts) != level.lower():
        fitting = {"thinkingLevel": nearest(level.lower(), facts.efforts)}
        because = f"thinkingConfig: {level} became the nearest level that {facts.model} knows"
    if fitting:
        draft.set(path, {**rest, **fitting}, because)
