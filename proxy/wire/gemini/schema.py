"""What a request is made of, as the format writes it."""

from typing import Any

from msgspec import Raw, Struct

from proxy.wire.gemini.shape import Shape
from proxy.wire.reading import ABSENT


class Request(Struct, rename="camel", forbid_unknown_fields=True):
    contents: list[Raw] | None = None
    system_instruction: Raw = ABSENT
    tools: list[Raw] | None = None
    tool_config: Raw = ABSENT
    generation_config: Raw = ABSENT
    model: Any = None
    """Some clients repeat it here; the one in the address counts."""


class Content(Struct, rename="camel", forbid_unknown_fields=True):
    role: str | None = None
    parts: list[Raw] | None = None


class Part(Struct, rename="camel", forbid_unknown_fields=True):
    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    inline_data: Raw = ABSENT
    file_data: Raw = ABSENT
    function_call: Raw = ABSENT
    function_response: Raw = ABSENT


class InlineData(Struct, rename="camel", forbid_unknown_fields=True):
    data: str
    mime_type: str = "application/octet-stream"
    display_name: str | None = None


class FileData(Struct, rename="camel", forbid_unknown_fields=True):
    file_uri: str
    mime_type: str | None = None
    display_name: str | None = None


class FunctionCall(Struct, rename="camel", forbid_unknown_fields=True):
    name: str
    id: str | None = None
    args: Raw = ABSENT


class FunctionResponse(Struct, rename="camel", forbid_unknown_fields=True):
    name: str = ""
    id: str | None = None
    response: Raw = ABSENT
    parts: list[Raw] | None = None


class FunctionDeclaration(Struct, rename="camel", forbid_unknown_fields=True):
    name: str
    description: str | None = None
    parameters: Raw = ABSENT
    parameters_json_schema: Raw = ABSENT


class ToolConfig(Struct, rename="camel", forbid_unknown_fields=True):
    function_calling_config: Raw = ABSENT


class CallingConfig(Struct, rename="camel", forbid_unknown_fields=True):
    mode: str | None = None
    allowed_function_names: list[str] | None = None


class GenerationConfig(Struct, rename="camel", forbid_unknown_fields=True):
    max_output_tokens: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: float | None = None
    stop_sequences: list[str] | None = None
    response_mime_type: str | None = None
    response_schema: Raw = ABSENT
    response_json_schema: Raw = ABSENT
    thinking_config: Raw = ABSENT


class ThinkingConfig(Struct, rename="camel", forbid_unknown_fields=True):
    include_thoughts: bool | None = None
    thinking_budget: float | None = None
    thinking_level: str | None = None


REQUEST = Shape(Request)
CONTENT = Shape(Content)
PART = Shape(Part)
INLINE_DATA = Shape(InlineData)
FILE_DATA = Shape(FileData)
FUNCTION_CALL = Shape(FunctionCall)
FUNCTION_RESPONSE = Shape(FunctionResponse)
FUNCTION_DECLARATION = Shape(FunctionDeclaration)
TOOL_CONFIG = Shape(ToolConfig)
CALLING_CONFIG = Shape(CallingConfig)
GENERATION_CONFIG = Shape(GenerationConfig)
THINKING_CONFIG = Shape(ThinkingConfig)
