"""The shapes of the format that are read: what they name is understood, what else is there is kept.

A member that is JSON to carry along is `Raw`; missing and null are told apart from values by `given`.
"""

from typing import Literal

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import ABSENT, Shapes


def kept(extra: Extra | None, **named: str | None) -> Extra | None:
    """The extra, and with it members that are named but not understood."""
    said = {name: Raw(msgspec.json.encode(value)) for name, value in named.items() if value is not None}
    return {**said, **(extra or {})} or None


class Kind(Struct):
    """What sort of item, part or tool this is; only messages may leave it out."""

    type: str | None = None


KIND = msgspec.json.Decoder(Kind)


# Items


class Item(Struct, tag_field="type", forbid_unknown_fields=True):
    """An item of input or output, told apart by its type.

    Members that mean nothing to us are named all the same where clients send them with every item: what is
    not named costs a second reading.
    """


class Message(Item, tag="message"):
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Raw] | None = None
    id: str | None = None
    status: str | None = None
    phase: str | None = None


class FunctionCall(Item, tag="function_call"):
    name: str
    arguments: str = ""
    call_id: str | None = None
    id: str | None = None
    namespace: str | None = None
    status: str | None = None


class CustomCall(Item, tag="custom_tool_call"):
    name: str
    input: str = ""
    call_id: str | None = None
    id: str | None = None
    namespace: str | None = None
    status: str | None = None


class FunctionOutput(Item, tag="function_call_output"):
    output: str | list[Raw] | None = None
    call_id: str | None = None
    id: str | None = None
    status: str | None = None


class CustomOutput(Item, tag="custom_tool_call_output"):
    output: str | list[Raw] | None = None
    call_id: str | None = None
    id: str | None = None
    status: str | None = None


class ReasoningItem(Item, tag="reasoning"):
    summary: Raw = ABSENT
    content: Raw = ABSENT
    encrypted_content: str | None = None
    id: str | None = None
    status: str | None = None


class UntypedMessage(Struct, forbid_unknown_fields=True):
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Raw] | None = None
    type: None = None
    id: str | None = None
    status: str | None = None
    phase: str | None = None


ITEMS: Shapes[Item] = Shapes(Message, FunctionCall, CustomCall, FunctionOutput, CustomOutput, ReasoningItem)
UNTYPED_MESSAGES = Shapes(UntypedMessage)
REASONING_ITEMS = Shapes(ReasoningItem)


# Parts of a message's content


class Part(Struct, tag_field="type", forbid_unknown_fields=True):
    """A part of content, told apart by its type."""


class InputText(Part, tag="input_text"):
    text: str


class PlainText(Part, tag="text"):
    """As clients call it that also speak the older format."""

    text: str


class OutputText(Part, tag="output_text"):
    text: str
    annotations: list[Raw] | None = None
    logprobs: list[Raw] | None = None


class RefusalPart(Part, tag="refusal"):
    refusal: str


class InputImage(Part, tag="input_image"):
    image_url: str | None = None
    file_id: str | None = None
    detail: str | None = None


class InputFile(Part, tag="input_file"):
    file_data: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    filename: str | None = None


PARTS: Shapes[Part] = Shapes(InputText, PlainText, OutputText, RefusalPart, InputImage, InputFile)


# Tools


class Function(Struct, forbid_unknown_fields=True):
    name: str
    type: str = "function"
    description: str | None = None
    parameters: Raw = ABSENT
    strict: bool | None = None


class WrappedFunction(Struct):
    """As the older format wraps it; some clients mix the two."""

    function: Raw = ABSENT


class Custom(Struct, forbid_unknown_fields=True):
    name: str
    type: str
    description: str | None = None
    format: Raw = ABSENT


class Namespace(Struct, forbid_unknown_fields=True):
    name: str
    type: str
    tools: list[Raw]
    description: str | None = None


FUNCTIONS = Shapes(Function)
WRAPPED_FUNCTION = msgspec.json.Decoder(WrappedFunction)
CUSTOMS = Shapes(Custom)
NAMESPACES = Shapes(Namespace)


# Requests and responses


class Request(Struct, forbid_unknown_fields=True):
    model: str | None = None
    input: str | list[Raw] | None = None
    instructions: str | list[Raw] | None = None
    tools: list[Raw] | None = None
    tool_choice: Raw = ABSENT
    parallel_tool_calls: bool | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    reasoning: Raw = ABSENT
    text: Raw = ABSENT
    stream: bool | None = None
    user: str | None = None
    metadata: Raw = ABSENT
    service_tier: str | None = None
    prompt_cache_key: str | None = None
    store: bool | None = None
    previous_response_id: str | None = None


class IncompleteDetails(Struct):
    reason: str | None = None


class Response(Struct):
    """What an answer says; what it repeats of the request is not read."""

    id: str | None = None
    model: str | None = None
    status: str | None = None
    error: Raw = ABSENT
    incomplete_details: IncompleteDetails | None = None
    output: list[Raw] | None = None
    usage: Raw = ABSENT


REQUESTS = Shapes(Request)
RESPONSE = msgspec.json.Decoder(Response)
