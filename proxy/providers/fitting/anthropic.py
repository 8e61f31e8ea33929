"""An Anthropic request for another of Anthropic's models, or for another vendor who speaks the format."""

from proxy.providers.efforts import nearest
from proxy.providers.facts import Facts
from proxy.providers.fitting.anthropic_thinking import fit_thinking, wish_thinking
from proxy.providers.fitting.draft import Draft
from proxy.providers.fitting.limit import cap
from proxy.providers.fitting.refusing import take_out
from proxy.providers.fitting.request import Request
from proxy.providers.fitting.wishing import wish_numbers, wish_others
from proxy.wire.format import Format

_NUMBERS = {
    "max_tokens": ("max_tokens",),
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "top_k": ("top_k",),
}
_LEAST_TOP_P = 0.95
_OF_THINKING = "clear_thinking"
"""Edits of the context whose names begin like this are refused where there is no thinking."""


def fit_anthropic(request: Request) -> None:
    draft, facts = request.draft, request.facts
    wish_others(draft, request.wishes)
    wish_numbers(draft, request.wishes, _NUMBERS)
    wish_thinking(draft, request.wishes.reasoning, facts)
    cap(draft, ("max_tokens",), facts)
    fit_thinking(draft, facts)
    take_out(draft, Format.ANTHROPIC, facts, request.learned)
    _fit_effort(draft, facts)
    _fit_sampling(draft, facts)
    _fit_context_edits(draft)


def _fit_effort(draft: Draft, facts: Facts) -> None:
    effort = draft.get("output_config", "effort")
    if not isinstance(effort, str):
        return
    fitting = nearest(effort, facts.efforts)
    if fitting != effort:
        because = f"output_config.effort: {effort} became {fitting}, the nearest that {facts.model} knows"
        draft.set(("output_config", "effort"), fitting, because)


def _fit_sampling(draft: Draft, facts: Facts) -> None:
    """With thinking, Claude takes neither another temperature than 1, nor a narrow choice of words."""
    if not (facts.model.startswith("claude") and draft.get("thinking", "type") in ("enabled", "adaptive")):
        return
    temperature, top_p = draft.get("temperature"), draft.get("top_p")
    told = {
        "temperature": temperature is not None and temperature != 1,
        "top_p": isinstance(top_p, int | float) and top_p < _LEAST_TOP_P,
        "top_k": draft.get("top_k") is not None,
    }
    for name, is_in_the_way in told.items():
        if is_in_the_way:
            draft.drop((name,), f"{name}: removed, because it does not go together with thinking")


def _fit_context_edits(draft: Draft) -> None:
    thinks = draft.get("thinking", "type") in ("enabled", "adaptive")
    edits = draft.get("context_management", "edits")
    if thinks or not draft.is_changed("thinking") or not isinstance(edits, list):
        return
    kept = [edit for edit in edits if not _is_of_thinking(edit)]
    because = "context_management: what it says of thinking is removed, because there is none"
    if not kept:
        draft.drop(("context_management", "edits"), because)
    elif len(kept) < len(edits):
        draft.set(("context_management", "edits"), kept, because)


def _is_of_thinking(edit: object) -> bool:
    return isinstance(edit, dict) and str(edit.get("type")).startswith(_OF_THINKING)
