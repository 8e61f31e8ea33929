"""A client's request, from bytes to a conversation."""

from collections.abc import Iterable

import msgspec
from msgspec import Raw

from proxy.wire.canonical import Block, Conversation, Extra
from proxy.wire.format import Format
from proxy.wire.reading import given, read_one, reading_request
from proxy.wire.responses import schema
from proxy.wire.responses.parameters import packed, read_reasoning, read_text
from proxy.wire.responses.read_items import read_input
from proxy.wire.responses.read_parts import read_content
from proxy.wire.responses.read_tools import read_choice, read_tools
from proxy.wire.responses.told_tools import told_tools

_INPUT_ELSEWHERE = ("prompt", "conversation")
"""Stored at the provider; a request with one of them needs no input of its own."""


def read_request(body: bytes) -> Conversation:
    """The conversation that the body holds; raises the Failure of a bad request."""
    with reading_request():
        request, extra = read_one(schema.REQUESTS, body)
        _demand_input(request, extra)
        output, verbosity, rest = read_text(request.text)
        told, messages = told_tools(read_input(request.input))
        tools = (*read_tools(request.tools or ()), *told)
        return Conversation(
            format=Format.RESPONSES,
            model=request.model,
            system=_instructions(request.instructions),
            messages=messages,
            tools=tools,
            choice=read_choice(request.tool_choice, tools),
            parallel_calls=request.parallel_tool_calls,
            max_tokens=request.max_output_tokens,
            temperature=request.temperature,
            top_p=request.top_p,
            reasoning=read_reasoning(request.reasoning),
            output=output,
            verbosity=verbosity,
            stream=bool(request.stream),
            user=request.user,
            metadata=given(request.metadata),
            service_tier=request.service_tier,
            cache_key=request.prompt_cache_key,
            store=request.store,
            previous_id=request.previous_response_id,
            extra={**(extra or {}), **packed(rest)} or None,
        )


def _demand_input(request: schema.Request, extra: Extra | None) -> None:
    elsewhere = request.previous_response_id or any(name in (extra or {}) for name in _INPUT_ELSEWHERE)
    if request.input is None and not elsewhere:
        raise msgspec.ValidationError("Object missing required field `input`")


def _instructions(said: str | Iterable[Raw] | None) -> tuple[Block, ...]:
    """A string; a response that a client sends back repeats them as items."""
    if said is None or isinstance(said, str):
        return read_content(said)
    return tuple(block for message in read_input(said) for block in message.content)
