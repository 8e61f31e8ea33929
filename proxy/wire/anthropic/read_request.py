"""A client's request, from bytes to a conversation."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.anthropic import schema
from proxy.wire.anthropic.output import read_output_config
from proxy.wire.anthropic.read_blocks import read_content
from proxy.wire.anthropic.read_tools import read_choice, read_tool
from proxy.wire.anthropic.reasoning import read_reasoning
from proxy.wire.anthropic.schema import with_member
from proxy.wire.canonical import Conversation, Extra, Message, Role
from proxy.wire.format import Format
from proxy.wire.reading import decoded, given, read_one, reading_request

_LONGEST_USER = 64
_ROLES = {role.value: role for role in Role}


def read_request(body: bytes) -> Conversation:
    with reading_request():
        request, extra = _read(body)
        config = read_output_config(given(request.output_config), given(request.output_format))
        if config.rest:
            extra = {**(extra or {}), "output_config": Raw(msgspec.json.encode(config.rest))}
        tools = tuple(read_tool(raw) for raw in request.tools or ())
        choice, parallel = read_choice(request.tool_choice, tools)
        metadata = given(request.metadata)
        return Conversation(
            format=Format.ANTHROPIC,
            model=request.model,
            system=read_content(request.system),
            messages=tuple([_read_message(message) for message in request.messages]),
            tools=tools,
            choice=choice,
            parallel_calls=parallel,
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            top_p=request.top_p,
            top_k=request.top_k,
            stop=tuple(request.stop_sequences or ()),
            reasoning=read_reasoning(given(request.thinking), config.effort),
            output=config.output,
            stream=bool(request.stream),
            user=_user(metadata),
            metadata=metadata,
            service_tier=request.service_tier,
            extra=extra or None,
        )


def _read(body: bytes) -> tuple[schema.Request[Any], Extra | None]:
    try:
        request: schema.Request[Any] = schema.KNOWN_REQUEST.decode(body)
        extra: Extra | None = None
    except msgspec.MsgspecError:
        request, extra = read_one(schema.REQUESTS, body)  # type: ignore[arg-type] # no shape is changed
    return request, with_member(extra, "context_management", request.context_management)


def _read_message(message: Raw | schema.Message[Any]) -> Message:
    if isinstance(message, schema.Message):
        return Message(_ROLES[message.role], read_content(message.content))
    shape, extra = read_one(schema.MESSAGES, message)
    return Message(_ROLES[shape.role], read_content(shape.content), extra=extra)


def _user(metadata: Raw | None) -> str | None:
    """Who asks, if that is a plain name. Claude Code packs its device, account and session into it, which
    is for Anthropic alone."""
    if metadata is None:
        return None
    user = decoded(_METADATA, metadata).user_id
    is_plain = user is not None and len(user) <= _LONGEST_USER and not user.startswith("{")
    return user if is_plain else None


class _Metadata(Struct):
    user_id: str | None = None


_METADATA = msgspec.json.Decoder(_Metadata)
