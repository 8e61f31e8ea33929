"""Tools that a client tells in its input instead of beside it, as Codex does for its newer models.

They are tools like any other, so they are told where every format looks for them, and the items that told
them are gone.
"""

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from proxy.wire.canonical import AnyTool, Block, Message, Opaque
from proxy.wire.reading import decoded
from proxy.wire.responses.read_tools import read_tools

_KIND = "additional_tools"


class _Told(Struct):
    tools: list[Raw] = []


_TOLD = msgspec.json.Decoder(_Told)


def told_tools(messages: tuple[Message, ...]) -> tuple[tuple[AnyTool, ...], tuple[Message, ...]]:
    """The tools that stand among the messages, and the messages without them."""
    if not any(_tells(block) for message in messages for block in message.content):
        return (), messages
    tools: list[AnyTool] = []
    kept: list[Message] = []
    for message in messages:
        content = tuple(block for block in message.content if not _tells(block))
        if content or not message.content:
            kept.append(replace(message, content=content))
        for block in message.content:
            if isinstance(block, Opaque) and _tells(block):
                tools += read_tools(decoded(_TOLD, block.raw).tools)
    return tuple(tools), tuple(kept)


def _tells(block: Block) -> bool:
    return isinstance(block, Opaque) and block.kind == _KIND
