"""The shapes of the format that are read: what they name is understood, what else is there is kept.

A member that is JSON to carry along is `Raw`; missing and null are told apart from values by `given`.

Requests are large and nearly always hold nothing that is not named here, so they are read in one go where
that is so. The shapes that hold others are generic for that: over blocks that are known, or over JSON of
which each piece is then read by itself and may be anything.
"""

from typing import Generic, Literal, TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import ABSENT, Shapes, given

T = TypeVar("T")
Inner = TypeVar("Inner")


def with_member(extra: Extra | None, name: str, raw: Raw) -> Extra | None:
    """What is carried along, with a member that has a name in its shape for speed alone."""
    return {**(extra or {}), name: raw} if given(raw) is not None else extra


class Block(Struct, tag_field="type", forbid_unknown_fields=True, omit_defaults=True):
    """A block of content, told apart by its type."""


class TextBlock(Block, tag="text"):
    text: str
    citations: list[Raw] | None = None
    cache_control: Raw = ABSENT


class ImageBlock(Block, tag="image"):
    source: Raw
    cache_control: Raw = ABSENT


class DocumentBlock(Block, tag="document"):
    source: Raw
    title: str | None = None
    context: str | None = None
    citations: Raw = ABSENT
    cache_control: Raw = ABSENT


class SearchResultBlock(Block, tag="search_result"):
    source: Raw
    title: str
    content: Raw
    citations: Raw = ABSENT
    cache_control: Raw = ABSENT


class ThinkingBlock(Block, tag="thinking"):
    thinking: str
    signature: str | None = None


class RedactedThinkingBlock(Block, tag="redacted_thinking"):
    data: str


class ToolUseBlock(Block, tag="tool_use"):
    name: str
    id: str = ""
    input: Raw = ABSENT
    cache_control: Raw = ABSENT
    caller: Raw = ABSENT
    """Carried along; it has a name here because every current model gives it."""


class ToolResultBlock(Block, Generic[Inner], tag="tool_result"):
    tool_use_id: str
    content: str | list[Inner] | None = None
    is_error: bool | None = None
    cache_control: Raw = ABSENT


class LooseToolResultBlock(ToolResultBlock[Raw], tag="tool_result"):
    """A result that may hold anything."""


InnerBlock = TextBlock | ImageBlock | DocumentBlock | SearchResultBlock
KnownBlock = InnerBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock | ToolResultBlock[InnerBlock]

INNER_BLOCKS: Shapes[Block] = Shapes(TextBlock, ImageBlock, DocumentBlock, SearchResultBlock)
BLOCKS: Shapes[Block] = Shapes(
    TextBlock,
    ImageBlock,
    DocumentBlock,
    SearchResultBlock,
    ThinkingBlock,
    RedactedThinkingBlock,
    ToolUseBlock,
    LooseToolResultBlock,
)


class Source(Struct, tag_field="type", forbid_unknown_fields=True):
    """Where an image or a document is found."""


class Base64Source(Source, tag="base64"):
    media_type: str
    data: str


class UrlSource(Source, tag="url"):
    url: str


class FileSource(Source, tag="file"):
    file_id: str


class TextSource(Source, tag="text"):
    data: str
    media_type: Literal["text/plain"] = "text/plain"


class ContentSource(Source, tag="content"):
    content: str | list[Raw]


SOURCES: Shapes[Source] = Shapes(Base64Source, UrlSource, FileSource, TextSource, ContentSource)


class Message(Struct, Generic[Inner], forbid_unknown_fields=True):
    role: Literal["user", "assistant", "system"]
    content: str | list[Inner] | None = None


class LooseMessage(Message[Raw]):
    """A message that may hold anything."""


MESSAGES = Shapes(LooseMessage)


class Tool(Struct, forbid_unknown_fields=True):
    """A tool of the client's own. Those that the provider runs have a type of their own."""

    name: str
    type: str | None = None
    description: str | None = None
    input_schema: Raw = ABSENT
    strict: bool | None = None
    cache_control: Raw = ABSENT


TOOLS = Shapes(Tool)


class ToolChoice(Struct):
    type: str
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class Request(Struct, Generic[Inner], forbid_unknown_fields=True):
    messages: list[Inner]
    model: str | None = None
    max_tokens: int | None = None
    system: str | list[Raw] | None = None
    tools: list[Raw] | None = None
    tool_choice: Raw = ABSENT
    thinking: Raw = ABSENT
    output_config: Raw = ABSENT
    output_format: Raw = ABSENT
    """Where the form of the answer stood before `output_config` came."""
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    metadata: Raw = ABSENT
    service_tier: str | None = None
    context_management: Raw = ABSENT
    """Carried along; it has a name here because Claude Code always sends it."""


class LooseRequest(Request[Raw]):
    """A request that may hold anything."""


KNOWN_REQUEST = msgspec.json.Decoder(Request[Message[KnownBlock]])
REQUESTS = Shapes(LooseRequest)


class Answer(Struct, forbid_unknown_fields=True):
    content: list[Raw] | None
    id: str | None = None
    type: str | None = None
    role: str | None = None
    model: str | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: Raw = ABSENT
    usage: Raw = ABSENT


ANSWERS = Shapes(Answer)
