"""What a translated request is written for: the facts on a model, as the writers of the formats ask them."""

from collections.abc import Collection, Container, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from proxy.providers.efforts import nearest
from proxy.providers.facts import Facts, taught
from proxy.providers.params import OPTIONS, joined, wishes
from proxy.providers.protected import PROTECTED
from proxy.wire.canonical import Conversation, Reasoning
from proxy.wire.format import Format
from proxy.wire.splice import Edit, Set
from proxy.wire.target import Target, Thinks

_READ_DOCUMENTS = (Format.ANTHROPIC, Format.GEMINI, Format.BEDROCK)
"""In these formats a document has a place of its own; in the others most hosts refuse it."""
_SAID_IN_ALL_FORMATS = ("max_tokens", "temperature", "top_p", "top_k", "seed")
_LEAST = "minimal"
_USUAL_FIELD = "max_tokens"
"""For the limit of an answer; whoever speaks OpenAI's format knows the older of its names."""


def target(
    facts: Facts,
    model: str,
    *,
    format: Format,  # noqa: A002 -- the word of the domain
    issued: Container[str],
    params: Mapping[str, Any],
    learned: Collection[str] = (),
) -> Target:
    """The receiving end; `learned` holds the names of parameters that this very service refused before."""
    known = taught(facts, learned, format)
    wish = wishes(params)
    documents = known.documents
    return Target(
        model=model,
        issued=issued,
        vision=known.vision is not False,
        documents=format in _READ_DOCUMENTS if documents is None else documents,
        thinks=_thinks(known, format),
        max_output=known.max_output,
        refuses=known.refused_in(format),
        system_messages=known.system_messages is True,
        keeps_billing_header=known.keeps_billing_header,
        max_tokens_field=known.max_tokens_field or _USUAL_FIELD,
        developer_role=known.developer_role,
        reasoning_field=known.reasoning_field,
        reasoning_demanded=known.reasoning_demanded,
        stream_usage=known.stream_usage and "stream_options" not in known.refused_in(format),
        parallel_parameter=known.parallel_parameter,
        named_choice=known.named_choice,
        one_leading_system=known.one_leading_system,
        schema_needs_properties=known.schema_needs_properties,
        takes_cache_marks=known.takes_cache_marks,
        blank_text=known.blank_text,
        unsigned_calls_refused=known.unsigned_calls_refused,
        context=wish.context,
        keep_alive=wish.keep_alive,
    )


def with_params(
    conversation: Conversation, params: Mapping[str, Any], facts: Facts | None = None
) -> Conversation:
    """The conversation with what the service's params wish for, and an effort that its model knows."""
    wish = wishes(params)
    said = {name: value for name in _SAID_IN_ALL_FORMATS if (value := getattr(wish, name)) is not None}
    reasoning = conversation.reasoning
    if wish.reasoning is not None:
        reasoning = joined(reasoning, wish.reasoning)
    if reasoning is not None and facts is not None:
        reasoning = _sayable(reasoning, facts)
    if not said and reasoning is conversation.reasoning:
        return conversation
    return replace(conversation, reasoning=reasoning, **said)


def _sayable(reasoning: Reasoning, facts: Facts) -> Reasoning:
    if reasoning.is_off and not facts.can_rest:
        return Reasoning(effort=facts.efforts[0] if facts.efforts else _LEAST)
    if reasoning.effort is None or nearest(reasoning.effort, facts.efforts) == reasoning.effort:
        return reasoning
    return replace(reasoning, effort=nearest(reasoning.effort, facts.efforts))


def own_params(params: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The params that only the provider knows, to be set in the request after it was written.

    Each of the `options` is set by itself, as others of them are written from what the client said.
    """
    said: dict[tuple[str, ...], Any] = {}
    for name, value in wishes(params).others.items():
        if name == OPTIONS and isinstance(value, Mapping):
            said |= {(OPTIONS, option): each for option, each in value.items()}
        elif name not in PROTECTED:
            said[(name,)] = value
    return tuple(Set(path, msgspec.json.encode(value)) for path, value in said.items())


def _thinks(known: Facts, spoken: Format) -> Thinks | None:
    thinks = known.thinks_when_asked_in(spoken)
    if spoken is Format.OPENAI_CHAT and thinks is Thinks.ADAPTIVE:
        return Thinks.EFFORT
    return thinks
