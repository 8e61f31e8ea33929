"""A client's request, read. Which model is asked, and whether for a stream, stands in its address."""

import msgspec
from msgspec import Raw

from proxy.wire.canonical import Conversation, Extra, Output, OutputKind
from proxy.wire.format import Format
from proxy.wire.gemini.openapi import from_openapi
from proxy.wire.gemini.read_contents import read_contents, read_instruction
from proxy.wire.gemini.read_tools import read_choice, read_tools
from proxy.wire.gemini.reasoning import read_reasoning
from proxy.wire.gemini.schema import GENERATION_CONFIG, REQUEST, GenerationConfig, Request
from proxy.wire.gemini.shape import whole
from proxy.wire.reading import given, members_of, reading_request

JSON_TYPE = "application/json"
_PLAIN_TYPE = "text/plain"
_EMPTY = Raw(b"{}")


def read_request(body: bytes) -> Conversation:
    """The conversation that the body holds; raises the Failure of a bad request."""
    with reading_request():
        request, extra = REQUEST.read(body)
        return _conversation(request, extra)


def _conversation(request: Request, extra: Extra | None) -> Conversation:
    said = given(request.generation_config) or _EMPTY
    config, extra = GENERATION_CONFIG.read_inner(said, "generationConfig", extra)
    output, extra = _output(config, extra)
    choice, extra = read_choice(request.tool_config, extra)
    instruction = given(request.system_instruction)
    thinking = given(config.thinking_config)
    return Conversation(
        format=Format.GEMINI,
        system=read_instruction(instruction) if instruction is not None else (),
        messages=read_contents(request.contents or []),
        tools=read_tools(request.tools or []),
        choice=choice,
        max_tokens=whole(config.max_output_tokens),
        temperature=config.temperature,
        top_p=config.top_p,
        top_k=whole(config.top_k),
        frequency_penalty=config.frequency_penalty,
        presence_penalty=config.presence_penalty,
        seed=whole(config.seed),
        stop=tuple(config.stop_sequences or ()),
        reasoning=read_reasoning(thinking) if thinking is not None else None,
        output=output,
        extra=extra,
    )


def _output(config: GenerationConfig, extra: Extra | None) -> tuple[Output | None, Extra | None]:
    """The form of the answer. Types other than JSON are known to this format alone."""
    schema = given(config.response_json_schema)
    if schema is None and (older := given(config.response_schema)) is not None:
        schema = from_openapi(older)
    kind = config.response_mime_type
    if kind in (JSON_TYPE, None) and schema is not None:
        return Output(OutputKind.SCHEMA, schema), extra
    if kind == JSON_TYPE:
        return Output(OutputKind.JSON), extra
    if kind in (_PLAIN_TYPE, None, ""):
        return None, extra
    return None, _with_form(config, extra)


def _with_form(config: GenerationConfig, extra: Extra | None) -> Extra:
    form: dict[str, Raw] = {"responseMimeType": Raw(msgspec.json.encode(config.response_mime_type))}
    if (schema := given(config.response_schema)) is not None:
        form["responseSchema"] = schema
    outer = dict(extra or {})
    form |= members_of(outer["generationConfig"]) if "generationConfig" in outer else {}
    return {**outer, "generationConfig": Raw(msgspec.json.encode(form))}
