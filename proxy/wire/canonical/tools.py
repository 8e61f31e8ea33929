"""The tools a client offers, and which of them it wants used."""

from enum import StrEnum

from msgspec import Raw, Struct

from proxy.wire.canonical.blocks import Extra
from proxy.wire.format import Format


class ToolRef(Struct, frozen=True):
    """What identifies a tool to the client that offered it."""

    name: str
    namespace: str | None = None
    custom: bool = False


class Tool(Struct, frozen=True, tag=True):
    """A function of the client. A custom tool takes free text instead of arguments by a schema."""

    name: str
    description: str | None = None
    schema: Raw | None = None
    strict: bool | None = None
    custom: bool = False
    grammar: Raw | None = None
    """What a custom tool's text must look like (`format` in the Responses format)."""
    cache: Raw | None = None
    extra: Extra | None = None


class ToolGroup(Struct, frozen=True, tag=True):
    """Tools under a common name, as Codex sends them."""

    name: str
    tools: tuple[Tool, ...]
    description: str | None = None
    extra: Extra | None = None


class OpaqueTool(Struct, frozen=True, tag=True):
    """A tool that the provider itself runs; only `format` understands it."""

    format: Format
    kind: str
    raw: Raw


AnyTool = Tool | ToolGroup | OpaqueTool


class ChoiceMode(StrEnum):
    AUTO = "auto"
    ANY = "any"
    NONE = "none"
    TOOL = "tool"
    """Exactly the one that `allowed` names."""
    OPAQUE = "opaque"
    """A choice of one of the provider's own tools, in `raw`; understood by one format alone."""


class Choice(Struct, frozen=True):
    """Whether the model may, must or must not call tools. `allowed` narrows AUTO and ANY to some."""

    mode: ChoiceMode
    allowed: tuple[ToolRef, ...] = ()
    raw: Raw | None = None
