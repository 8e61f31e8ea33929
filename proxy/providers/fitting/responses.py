"""A Responses request for another of the models that are served in this format."""

from proxy.providers.efforts import nearest
from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft
from proxy.providers.fitting.limit import cap
from proxy.providers.fitting.refusing import take_out
from proxy.providers.fitting.request import Request
from proxy.providers.fitting.wishing import BY_PARAMS, wish_numbers, wish_others
from proxy.wire.format import Format
from proxy.wire.responses.parameters import written_reasoning
from proxy.wire.responses.write_request import SEALED_REASONING
from proxy.wire.target import Thinks

_LIMIT = ("max_output_tokens",)
_NUMBERS = {"max_tokens": _LIMIT, "temperature": ("temperature",), "top_p": ("top_p",)}


def fit_responses(request: Request) -> None:
    draft, facts = request.draft, request.facts
    wish_others(draft, request.wishes)
    wish_numbers(draft, request.wishes, _NUMBERS)
    if request.wishes.reasoning is not None:
        for name, value in written_reasoning(request.wishes.reasoning, own=False).items():
            draft.set(("reasoning", name), value, f"reasoning.{name}: {value}, {BY_PARAMS}")
    cap(draft, _LIMIT, facts)
    if facts.thinks_when_asked_in(Format.RESPONSES) is Thinks.NOT:
        _without_thinking(draft, facts)
    _fit_effort(draft, facts)
    take_out(draft, Format.RESPONSES, facts, request.learned)


def _without_thinking(draft: Draft, facts: Facts) -> None:
    because = f"because {facts.model} cannot be told how to think"
    draft.drop(("reasoning",), f"reasoning: removed, {because}")
    included = draft.get("include")
    if not isinstance(included, list) or SEALED_REASONING not in included:
        return
    kept = [name for name in included if name != SEALED_REASONING]
    sentence = f"include: without {SEALED_REASONING}, {because}"
    if kept:
        draft.set(("include",), kept, sentence)
    else:
        draft.drop(("include",), sentence)


def _fit_effort(draft: Draft, facts: Facts) -> None:
    effort = draft.get("reasoning", "effort")
    if isinstance(effort, str) and nearest(effort, facts.efforts) != effort:
        fitting = nearest(effort, facts.efforts)
        because = f"reasoning.effort: {effort} became {fitting}, the nearest that {facts.model} knows"
        draft.set(("reasoning", "effort"), fitting, because)
