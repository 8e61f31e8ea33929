"""A request for a provider, with what this one of the many speakers of the format demands or refuses."""

from typing import Any

import msgspec

from proxy.wire.canonical import Conversation, Output, OutputKind
from proxy.wire.format import Format
from proxy.wire.history import fitted, folded, hoisted, merged
from proxy.wire.openai_chat.draft import Draft
from proxy.wire.openai_chat.reasoning import is_told, written_reasoning
from proxy.wire.openai_chat.write_messages import written_messages
from proxy.wire.openai_chat.write_tools import put_tools
from proxy.wire.target import IdRule, Loss, Target, Written

MOST_STOPS = 4
LONGEST_USER = 64
"""What OpenAI takes; a longer one is another vendor's and identifies nobody here."""
UNNAMED_OUTPUT = "answer"

_SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "verbosity")
_LOSSES = {
    "max_tokens": Loss.MAX_TOKENS,
    "max_completion_tokens": Loss.MAX_TOKENS,
    "temperature": Loss.TEMPERATURE,
    "top_p": Loss.TOP_P,
    "top_k": Loss.TOP_K,
    "frequency_penalty": Loss.PENALTIES,
    "presence_penalty": Loss.PENALTIES,
    "seed": Loss.SEED,
    "stop": Loss.STOP,
    "reasoning": Loss.REASONING,
    "reasoning_effort": Loss.REASONING,
    "thinking": Loss.REASONING,
    "response_format": Loss.OUTPUT,
    "verbosity": Loss.VERBOSITY,
    "user": Loss.USER,
    "metadata": Loss.METADATA,
    "service_tier": Loss.SERVICE_TIER,
    "prompt_cache_key": Loss.CACHE_KEY,
    "store": Loss.STORE,
    "tool_choice": Loss.TOOL_CHOICE,
    "parallel_tool_calls": Loss.PARALLEL_CALLS,
}
_OPENAI = (Format.OPENAI_CHAT, Format.RESPONSES)
"""The formats whose metadata and service tiers mean the same."""


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, lost = fitted(conversation, target, target.id_rule or IdRule())
    if target.one_leading_system:
        fit = hoisted(fit)
        fit = msgspec.structs.replace(fit, messages=merged(folded(fit.messages)))
    draft = Draft.of(fit, target, lost)
    members: dict[str, Any] = {
        "model": target.model,
        "messages": written_messages(draft, fit.system, fit.messages),
    }
    put_tools(draft, fit, members)
    _put_limit(draft, fit, members)
    _put_sampling(draft, fit, members)
    _put_reasoning(draft, fit, members)
    _put_output(fit.output, members)
    _put_stream(draft, fit, members)
    _put_account(draft, fit, members)
    draft.put_extra(members, fit.extra)
    _refuse(draft, members)
    return Written(
        msgspec.json.encode(members), frozenset(draft.lost), draft.naming.names, tuple(draft.added)
    )


def _put_limit(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    limit, most = conversation.max_tokens, draft.target.max_output
    if limit is None:
        return
    if most is not None and limit > most:
        draft.added.append(f"The answer's limit was lowered from {limit} to {most} tokens.")
        limit = most
    members[draft.target.max_tokens_field] = limit


def _put_sampling(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    for name in _SAMPLING:
        value = getattr(conversation, name)
        if value is not None:
            members[name] = value
    if conversation.top_k is not None:
        if draft.own:
            members["top_k"] = conversation.top_k
        else:
            draft.lost.add(Loss.TOP_K)
    if conversation.stop:
        members["stop"] = conversation.stop[:MOST_STOPS]
        if len(conversation.stop) > MOST_STOPS:
            draft.lost.add(Loss.STOP)


def _put_reasoning(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    reasoning = conversation.reasoning
    if reasoning is None:
        return
    members |= written_reasoning(reasoning, draft.target.thinks)
    if not is_told(reasoning, draft.target.thinks):
        draft.lost.add(Loss.REASONING)
    draft.put_extra(members, reasoning.extra)


def _put_output(output: Output | None, members: dict[str, Any]) -> None:
    if output is None:
        return
    if output.kind is OutputKind.JSON:
        members["response_format"] = {"type": "json_object"}
        return
    schema = {
        "name": output.name or UNNAMED_OUTPUT,
        "description": output.description,
        "schema": output.schema,
        "strict": output.strict,
    }
    said = {name: value for name, value in schema.items() if value is not None}
    members["response_format"] = {"type": "json_schema", "json_schema": said}


def _put_stream(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    """Usage is always asked for: we count, whether or not the client does."""
    if not conversation.stream:
        return
    members["stream"] = True
    if draft.target.stream_usage:
        members["stream_options"] = {"include_usage": True}


def _put_account(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    """What concerns the account more than the model."""
    related = conversation.format in _OPENAI
    user = conversation.user
    told = {
        "user": (user, Loss.USER, user is not None and (draft.own or len(user) <= LONGEST_USER)),
        "prompt_cache_key": (conversation.cache_key, Loss.CACHE_KEY, True),
        "metadata": (conversation.metadata, Loss.METADATA, related),
        "service_tier": (conversation.service_tier, Loss.SERVICE_TIER, related),
        "store": (conversation.store, Loss.STORE, draft.own),
    }
    for name, (value, loss, takes) in told.items():
        if value is not None and takes:
            members[name] = value
        elif value is not None:
            draft.lost.add(loss)
    if conversation.previous_id is not None:
        draft.lost.add(Loss.PREVIOUS_ID)


def _refuse(draft: Draft, members: dict[str, Any]) -> None:
    for name in draft.target.refuses:
        if members.pop(name, None) is not None and name != "stream_options":
            draft.lost.add(_LOSSES.get(name, Loss.UNKNOWN_FIELDS))
