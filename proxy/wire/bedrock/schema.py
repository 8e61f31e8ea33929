"""The shapes of the format that are read. They name what is understood; the rest is passed over.

A block, and likewise what begins or adds to one, is an object whose one member says what it is.
"""

from msgspec import Raw, Struct

NOTHING = Raw()


class Object(Struct, rename="camel"):
    """The format writes its names like this."""


class ToolUse(Object):
    name: str
    tool_use_id: str = ""
    input: Raw = NOTHING
    type: str | None = None
    """Calls that the provider itself runs have one."""


class ReasoningText(Object):
    text: str = ""
    signature: str | None = None


class Reasoning(Object):
    reasoning_text: ReasoningText | None = None
    redacted_content: str | None = None


class Words(Object):
    text: str = ""


class Cited(Object):
    content: list[Words] = []
    citations: list[Raw] = []


class Web(Object):
    url: str | None = None


class Location(Object):
    web: Web | None = None


class Citation(Object):
    title: str | None = None
    source: str | None = None
    source_content: list[Words] | None = None
    location: Location | None = None


class Bytes(Object):
    bytes: str


class Image(Object):
    format: str
    source: Bytes


class Message(Object):
    content: list[Raw] = []


class Output(Object):
    message: Message


class Router(Object):
    invoked_model_id: str | None = None


class Trace(Object):
    prompt_router: Router | None = None


class Answer(Object):
    output: Output
    stop_reason: str | None = None
    usage: Raw = NOTHING
    additional_model_response_fields: Raw = NOTHING
    trace: Trace | None = None


class BlockStart(Object):
    content_block_index: int = 0
    start: dict[str, Raw] | None = None


class InputDelta(Object):
    input: str = ""


class ReasoningDelta(Object):
    text: str | None = None
    signature: str | None = None
    redacted_content: str | None = None


class Delta(Object):
    text: str | None = None
    tool_use: InputDelta | None = None
    reasoning_content: ReasoningDelta | None = None
    citation: Raw = NOTHING


class BlockDelta(Object):
    content_block_index: int = 0
    delta: Delta | None = None


class BlockStop(Object):
    content_block_index: int = 0


class MessageStop(Object):
    stop_reason: str | None = None
    additional_model_response_fields: Raw = NOTHING


class Metadata(Object):
    usage: Raw = NOTHING
