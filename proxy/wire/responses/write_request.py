"""A conversation as the request that a provider of this format is asked with."""

from typing import Any

import msgspec

from proxy.wire.canonical import Block, Conversation, Message, Role, Text
from proxy.wire.format import Format
from proxy.wire.history import fitted
from proxy.wire.responses.draft import Draft
from proxy.wire.responses.parameters import rest_of_text, written_reasoning, written_text
from proxy.wire.responses.write_items import written_input
from proxy.wire.responses.write_tools import tool_members
from proxy.wire.target import IdRule, Loss, Target, Thinks, Written

SEALED_REASONING = "reasoning.encrypted_content"
FEWEST_TOKENS = 16
LONGEST_USER = 64
"""What OpenAI takes; a longer one is another vendor's and identifies nobody here."""
BETWEEN_TEXTS = "\n\n"

_NEVER_TOLD = {
    "top_k": Loss.TOP_K,
    "frequency_penalty": Loss.PENALTIES,
    "presence_penalty": Loss.PENALTIES,
    "seed": Loss.SEED,
    "stop": Loss.STOP,
}
_REFUSED = {
    "max_output_tokens": Loss.MAX_TOKENS,
    "temperature": Loss.TEMPERATURE,
    "top_p": Loss.TOP_P,
    "reasoning": Loss.REASONING,
    "text": Loss.OUTPUT,
    "user": Loss.USER,
    "metadata": Loss.METADATA,
    "service_tier": Loss.SERVICE_TIER,
    "prompt_cache_key": Loss.CACHE_KEY,
    "store": Loss.STORE,
    "previous_response_id": Loss.PREVIOUS_ID,
    "tool_choice": Loss.TOOL_CHOICE,
    "parallel_tool_calls": Loss.PARALLEL_CALLS,
}
_OPENAI = (Format.OPENAI_CHAT, Format.RESPONSES)
"""The formats whose metadata and service tiers mean the same."""


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, lost = fitted(conversation, target, IdRule())
    draft = Draft.of(fit, target, lost)
    instructions, in_front = _instructions(draft, fit.system)
    extra = dict(draft.kept(fit.extra))
    rest = rest_of_text(extra) if draft.own else {}
    extra.pop("text", None)
    members: dict[str, Any] = {
        "model": target.model,
        "instructions": instructions,
        "input": written_input(draft, (*in_front, *fit.messages)),
        **tool_members(draft, fit),
        "max_output_tokens": _limit(draft, fit.max_tokens),
        "temperature": fit.temperature,
        "top_p": fit.top_p,
        "reasoning": _reasoning(draft, fit) or None,
        "text": written_text(fit.output, fit.verbosity, rest) or None,
        "stream": fit.stream or None,
        **_account(draft, fit),
        **extra,
    }
    _note_what_is_never_told(draft, fit)
    body = {name: value for name, value in members.items() if value is not None}
    for name in target.refuses:
        if body.pop(name, None) is not None:
            draft.lost.add(_REFUSED.get(name, Loss.UNKNOWN_FIELDS))
    return Written(msgspec.json.encode(body), frozenset(draft.lost), draft.naming.names, tuple(draft.added))


def _instructions(draft: Draft, system: tuple[Block, ...]) -> tuple[str | None, tuple[Message, ...]]:
    """One text, which all servers know; what is more than text goes in front as a message."""
    if not system:
        return None, ()
    texts = [block for block in system if isinstance(block, Text)]
    if len(texts) < len(system):
        return None, (Message(Role.DEVELOPER, system),)
    for text in texts:
        draft.without_mark(text.cache)
        draft.kept(text.extra)
        if text.citations:
            draft.lost.add(Loss.CITATIONS)
    return BETWEEN_TEXTS.join(text.text for text in texts), ()


def _limit(draft: Draft, limit: int | None) -> int | None:
    """Of the answer. Fewer tokens than a few are refused; a client of this format knows that."""
    if limit is None:
        return None
    most = draft.target.max_output
    fitting = limit if draft.own else max(limit, FEWEST_TOKENS)
    fitting = fitting if most is None else min(fitting, most)
    if fitting != limit:
        draft.added.append(f"The answer's limit was changed from {limit} to {fitting} tokens.")
    return fitting


def _reasoning(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    reasoning = conversation.reasoning
    if reasoning is None:
        return {}
    draft.kept(reasoning.extra)
    if draft.target.thinks is Thinks.NOT:
        if not reasoning.is_off:
            draft.lost.add(Loss.REASONING)
        return {}
    return written_reasoning(reasoning, own=draft.own)


def _account(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    """What concerns the account more than the model. For clients of other formats, which send the whole
    conversation every time, nothing is stored; so what the model thought must come along, sealed."""
    said = conversation
    related = said.format in _OPENAI
    members: dict[str, Any] = {"store": said.store, "previous_response_id": said.previous_id}
    if not draft.own:
        if said.store:
            draft.lost.add(Loss.STORE)
        if said.previous_id is not None:
            draft.lost.add(Loss.PREVIOUS_ID)
        wants_thinking = said.reasoning is not None and not said.reasoning.is_off
        sealed = wants_thinking and draft.target.thinks is not Thinks.NOT
        members = {"store": False, "include": [SEALED_REASONING] if sealed else None}
    told = {
        "user": (said.user, Loss.USER, draft.own or len(said.user or "") <= LONGEST_USER),
        "metadata": (said.metadata, Loss.METADATA, related),
        "service_tier": (said.service_tier, Loss.SERVICE_TIER, related),
        "prompt_cache_key": (said.cache_key, Loss.CACHE_KEY, True),
    }
    for name, (value, loss, takes) in told.items():
        if value is not None and not takes:
            draft.lost.add(loss)
        members[name] = value if takes else None
    return members


def _note_what_is_never_told(draft: Draft, conversation: Conversation) -> None:
    for name, loss in _NEVER_TOLD.items():
        if getattr(conversation, name) not in (None, ()):
            draft.lost.add(loss)
