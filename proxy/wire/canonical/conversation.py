"""A request: the conversation so far and what is asked of the model."""

from enum import StrEnum

from msgspec import Raw, Struct

from proxy.wire.canonical.blocks import Block, Extra
from proxy.wire.canonical.reasoning import Reasoning
from proxy.wire.canonical.tools import AnyTool, Choice
from proxy.wire.format import Format


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    DEVELOPER = "developer"


class Message(Struct, frozen=True):
    """One turn's worth of blocks. Tool results stand in user messages, whatever the format calls them."""

    role: Role
    content: tuple[Block, ...]
    name: str | None = None
    extra: Extra | None = None


class OutputKind(StrEnum):
    JSON = "json"
    SCHEMA = "schema"


class Output(Struct, frozen=True):
    """The form the answer must have."""

    kind: OutputKind
    schema: Raw | None = None
    name: str | None = None
    description: str | None = None
    strict: bool | None = None


class Conversation(Struct, frozen=True, kw_only=True):
    """Everything a client asks in one request. `format` is the one it was written in."""

    format: Format
    model: str | None = None
    system: tuple[Block, ...] = ()
    """Instructions that stand apart from the messages. Others keep their place among the messages."""
    messages: tuple[Message, ...] = ()
    tools: tuple[AnyTool, ...] = ()
    choice: Choice | None = None
    parallel_calls: bool | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning: Reasoning | None = None
    output: Output | None = None
    verbosity: str | None = None
    stream: bool = False
    usage_in_stream: bool = True
    """False where the client's format sends usage on streams only if asked, and it did not ask."""
    user: str | None = None
    metadata: Raw | None = None
    service_tier: str | None = None
    cache_key: str | None = None
    store: bool | None = None
    previous_id: str | None = None
    extra: Extra | None = None
