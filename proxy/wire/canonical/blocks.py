"""What a message is made of."""

from msgspec import Raw, Struct

from proxy.wire.format import Format

Extra = dict[str, Raw]
"""Members that the format knows and we do not, by name; written back towards the same format only."""


class Data(Struct, frozen=True, tag=True):
    """The thing itself, in base64 as it came."""

    media_type: str
    base64: str


class Url(Struct, frozen=True, tag=True):
    """An address that the provider fetches."""

    url: str
    media_type: str | None = None


class FileId(Struct, frozen=True, tag=True):
    """A file that was uploaded to one provider and means nothing to another."""

    id: str
    media_type: str | None = None


class PlainText(Struct, frozen=True, tag=True):
    """A document that is just text."""

    text: str


Source = Data | Url | FileId | PlainText


class Citation(Struct, frozen=True):
    """Where a statement comes from. `raw` is the citation as `format` writes it."""

    format: Format
    raw: Raw
    url: str | None = None
    title: str | None = None
    quote: str | None = None


class Text(Struct, frozen=True, tag=True):
    text: str
    citations: tuple[Citation, ...] = ()
    cache: Raw | None = None
    """The client's mark that the prompt up to here may be cached (`cache_control`)."""
    extra: Extra | None = None


class Image(Struct, frozen=True, tag=True):
    source: Source
    detail: str | None = None
    cache: Raw | None = None
    extra: Extra | None = None


class Document(Struct, frozen=True, tag=True):
    """A PDF or another file."""

    source: Source
    name: str | None = None
    context: str | None = None
    citable: bool | None = None
    cache: Raw | None = None
    extra: Extra | None = None


class Thinking(Struct, frozen=True, tag=True):
    """What the model thought. The signature is only valid with the provider that gave it."""

    text: str
    signature: str | None = None
    id: str | None = None
    extra: Extra | None = None


class RedactedThinking(Struct, frozen=True, tag=True):
    """Thinking that only the provider can read."""

    data: str
    extra: Extra | None = None


class Refusal(Struct, frozen=True, tag=True):
    """The model says that it will not, apart from its ordinary text."""

    text: str


class ToolCall(Struct, frozen=True, tag=True):
    """The model asks the client to run a tool."""

    id: str
    name: str
    arguments: str
    """JSON text. A custom tool's free text T is the object {"input": T}."""
    namespace: str | None = None
    custom: bool = False
    signature: str | None = None
    """Gemini signs calls as well as thoughts."""
    item_id: str | None = None
    """The Responses format names the item that holds the call apart from the call itself."""
    cache: Raw | None = None
    extra: Extra | None = None


class ToolResult(Struct, frozen=True, tag=True):
    """What the client's tool answered."""

    call_id: str
    content: tuple["Block", ...] = ()
    is_error: bool = False
    custom: bool = False
    cache: Raw | None = None
    extra: Extra | None = None


class Opaque(Struct, frozen=True, tag=True):
    """A block that only `format` understands, a server's own tool call for example: kept as it came."""

    format: Format
    kind: str
    raw: Raw


Block = Text | Image | Document | Thinking | RedactedThinking | Refusal | ToolCall | ToolResult | Opaque
