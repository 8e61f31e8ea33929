"""A chat request for one of the many who speak OpenAI's format."""

from proxy.providers.efforts import nearest
from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft
from proxy.providers.fitting.limit import cap
from proxy.providers.fitting.refusing import take_out
from proxy.providers.fitting.request import Request
from proxy.providers.fitting.wishing import BY_PARAMS, wish_numbers, wish_others
from proxy.wire.canonical import Reasoning
from proxy.wire.format import Format
from proxy.wire.openai_chat.reasoning import written_reasoning
from proxy.wire.target import Thinks

_LIMITS = ("max_completion_tokens", "max_tokens")
_NUMBERS = {
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "top_k": ("top_k",),
    "seed": ("seed",),
}
_WAYS_OF_THINKING = ("reasoning_effort", "reasoning", "thinking")
_USAGE = ("stream_options", "include_usage")


def fit_chat(request: Request) -> None:
    draft, facts = request.draft, request.facts
    wish_others(draft, request.wishes)
    wish_numbers(draft, request.wishes, _NUMBERS)
    _wish_limit(draft, request.wishes.max_tokens, facts)
    if request.wishes.reasoning is not None:
        _wish_thinking(draft, request.wishes.reasoning, facts)
    _fit_limit(draft, facts)
    _fit_thinking(draft, facts)
    if not facts.parallel_parameter:
        because = f"parallel_tool_calls: removed, because {facts.model} does not take it"
        draft.drop(("parallel_tool_calls",), because)
    take_out(draft, Format.OPENAI_CHAT, facts, request.learned)
    if request.streamed and facts.stream_usage:
        _ask_for_usage(draft, facts)


def _wish_limit(draft: Draft, wish: int | None, facts: Facts) -> None:
    if wish is not None:
        said = next((name for name in _LIMITS if draft.get(name) is not None), "max_tokens")
        draft.set((said,), wish, f"{said}: {wish}, {BY_PARAMS}")


def _wish_thinking(draft: Draft, wish: Reasoning, facts: Facts) -> None:
    members = written_reasoning(wish, facts.thinks_when_asked_in(Format.OPENAI_CHAT))
    if not members:
        return
    for name in _WAYS_OF_THINKING:
        if name not in members:
            draft.drop((name,), f"{name}: replaced, {BY_PARAMS}")
    for name, value in members.items():
        draft.set((name,), value, f"{name}: set, {BY_PARAMS}")


def _fit_limit(draft: Draft, facts: Facts) -> None:
    heeded = facts.max_tokens_field
    for name in _LIMITS:
        if heeded is not None and name != heeded and draft.get(name) is not None:
            because = f"{name}: became {heeded}, because {facts.model} heeds only that"
            if draft.get(heeded) is None:
                draft.set((heeded,), draft.get(name), because)
            draft.drop((name,), because)
    for name in _LIMITS:
        cap(draft, (name,), facts)


def _fit_thinking(draft: Draft, facts: Facts) -> None:
    if facts.thinks_when_asked_in(Format.OPENAI_CHAT) is Thinks.NOT:
        for name in _WAYS_OF_THINKING:
            draft.drop((name,), f"{name}: removed, because {facts.model} cannot be told how to think")
    effort = draft.get("reasoning_effort")
    if isinstance(effort, str) and nearest(effort, facts.efforts) != effort:
        fitting = nearest(effort, facts.efforts)
        because = f"reasoning_effort: {effort} became {fitting}, the nearest that {facts.model} knows"
        draft.set(("reasoning_effort",), fitting, because)


def _ask_for_usage(draft: Draft, facts: Facts) -> None:
    """Without being asked, nobody says on a stream how many tokens it came to."""
    if "stream_options" not in facts.refused_in(Format.OPENAI_CHAT) and draft.get(*_USAGE) is not True:
        because = "stream_options.include_usage: asked for, so that the tokens can be counted"
        draft.set(_USAGE, value=True, because=because)
