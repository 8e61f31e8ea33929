"""A request as this format writes it down, dialects included."""

from msgspec import Raw, Struct

from proxy.wire.reading import ABSENT


class Request(Struct, forbid_unknown_fields=True):
    """The members we know; all others are kept as they came."""

    messages: list[Raw]
    model: str | None = None
    tools: list[Raw] | None = None
    functions: list[Raw] | None = None
    tool_choice: Raw = ABSENT
    function_call: Raw = ABSENT
    parallel_tool_calls: bool | None = None
    max_completion_tokens: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    reasoning_effort: str | None = None
    reasoning: Raw = ABSENT
    thinking: Raw = ABSENT
    response_format: Raw = ABSENT
    verbosity: str | None = None
    stream: bool | None = None
    stream_options: Raw = ABSENT
    user: str | None = None
    metadata: Raw = ABSENT
    service_tier: str | None = None
    prompt_cache_key: str | None = None
    store: bool | None = None


class StreamOptions(Struct, forbid_unknown_fields=True):
    include_usage: bool | None = None


class ResponseFormat(Struct, forbid_unknown_fields=True):
    type: str
    json_schema: Raw = ABSENT
    schema: Raw = ABSENT
    """Together and llama.cpp take it here."""


class JsonSchema(Struct):
    name: str | None = None
    description: str | None = None
    schema: Raw = ABSENT
    strict: bool | None = None


class SystemMessage(Struct, tag_field="role", tag="system", forbid_unknown_fields=True):
    content: str | list[Raw] | None = None
    name: str | None = None


class DeveloperMessage(Struct, tag_field="role", tag="developer", forbid_unknown_fields=True):
    content: str | list[Raw] | None = None
    name: str | None = None


class UserMessage(Struct, tag_field="role", tag="user", forbid_unknown_fields=True):
    content: str | list[Raw] | None = None
    name: str | None = None


class AssistantMessage(Struct, tag_field="role", tag="assistant", forbid_unknown_fields=True):
    content: str | list[Raw] | None = None
    name: str | None = None
    refusal: str | None = None
    tool_calls: list[Raw] | None = None
    function_call: Raw = ABSENT
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_details: Raw = ABSENT


class ToolMessage(Struct, tag_field="role", tag="tool", forbid_unknown_fields=True):
    content: str | list[Raw] | None = None
    tool_call_id: str | None = None


class FunctionMessage(Struct, tag_field="role", tag="function", forbid_unknown_fields=True):
    """A tool's answer from before there were ids."""

    name: str | None = None
    content: str | list[Raw] | None = None


AnyMessage = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage
