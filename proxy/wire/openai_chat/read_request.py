"""A client's request, read."""

import msgspec
from msgspec import Raw

from proxy.wire.canonical import Choice, Conversation, Extra, Output, OutputKind
from proxy.wire.format import Format
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.openai_chat.read_messages import read_messages
from proxy.wire.openai_chat.read_tools import read_choice, read_legacy_tool, read_tool
from proxy.wire.openai_chat.reasoning import read_reasoning
from proxy.wire.openai_chat.schema import JsonSchema, Request, ResponseFormat, StreamOptions
from proxy.wire.reading import Shapes, decoded, given, read_one, reading_request

_REQUEST = Shapes(Request)
_STREAM_OPTIONS = Shapes(StreamOptions)
_RESPONSE_FORMAT = msgspec.json.Decoder(ResponseFormat)
_JSON_SCHEMA = msgspec.json.Decoder(JsonSchema)


def read_request(body: bytes) -> Conversation:
    """The conversation that the body holds; raises the Failure of a bad request."""
    with reading_request():
        request, extra = read_one(_REQUEST, body)
        return _conversation(request, extra)


def _conversation(request: Request, extra: Extra | None) -> Conversation:
    usage_in_stream, extra = _usage_in_stream(request, extra)
    output, extra = _output(request.response_format, extra)
    reasoning = read_reasoning(request.reasoning_effort, request.reasoning, request.thinking)
    tools = [read_tool(raw) for raw in request.tools or ()]
    tools += [read_legacy_tool(raw) for raw in request.functions or ()]
    return Conversation(
        format=Format.OPENAI_CHAT,
        model=request.model,
        messages=read_messages(request.messages),
        tools=tuple(tools),
        choice=_choice(request),
        parallel_calls=request.parallel_tool_calls,
        max_tokens=_first(request.max_completion_tokens, request.max_tokens),
        temperature=request.temperature,
        top_p=request.top_p,
        top_k=request.top_k,
        frequency_penalty=request.frequency_penalty,
        presence_penalty=request.presence_penalty,
        seed=request.seed,
        stop=_stop(request.stop),
        reasoning=reasoning,
        output=output,
        verbosity=request.verbosity,
        stream=request.stream or False,
        usage_in_stream=usage_in_stream,
        user=request.user,
        metadata=given(request.metadata),
        service_tier=request.service_tier,
        cache_key=request.prompt_cache_key,
        store=request.store,
        extra=extra or None,
    )


def _choice(request: Request) -> Choice | None:
    choice = read_choice(request.tool_choice)
    return choice if choice is not None else read_choice(request.function_call)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _stop(stop: str | list[str] | None) -> tuple[str, ...]:
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, str) else tuple(stop)


def _usage_in_stream(request: Request, extra: Extra | None) -> tuple[bool, Extra | None]:
    """On streams, usage is for those who ask for it; a whole answer always has it."""
    if given(request.stream_options) is None:
        return not request.stream, extra
    options, extra = read_inner(_STREAM_OPTIONS, request.stream_options, "stream_options", extra)
    return bool(options.include_usage) or not request.stream, extra


def _output(raw: Raw, extra: Extra | None) -> tuple[Output | None, Extra | None]:
    """The form of the answer; one that only some servers know is kept as it came."""
    said = given(raw)
    if said is None:
        return None, extra
    try:
        form = decoded(_RESPONSE_FORMAT, said)
    except msgspec.ValidationError:
        return None, {**(extra or {}), "response_format": said}
    if form.type == "json_schema" and given(form.json_schema) is not None:
        asked = decoded(_JSON_SCHEMA, form.json_schema)
        schema = given(asked.schema)
        return Output(OutputKind.SCHEMA, schema, asked.name, asked.description, asked.strict), extra
    if form.type == "json_object":
        schema = given(form.schema)
        return Output(OutputKind.JSON if schema is None else OutputKind.SCHEMA, schema), extra
    if form.type == "text":
        return None, extra
    return None, {**(extra or {}), "response_format": said}
