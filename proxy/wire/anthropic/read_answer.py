"""A provider's whole answer, from bytes to canonical values."""

import msgspec

from proxy.wire.anthropic import schema
from proxy.wire.anthropic.read_blocks import read_content
from proxy.wire.anthropic.stops import read_stop
from proxy.wire.anthropic.usage import read_usage
from proxy.wire.canonical import Answer, Block, ToolCall
from proxy.wire.errors import read_error
from proxy.wire.format import Format
from proxy.wire.names import made_id
from proxy.wire.reading import given, members_of, read_one, reading_answer
from proxy.wire.target import Expecting, IdRule

_IDS = IdRule(prefix="toolu_")


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    with reading_answer():
        members = members_of(body)
        if "error" in members and "content" not in members:
            # Some servers say so under status 200.
            raise read_error(None, body)
        answer, extra = read_one(schema.ANSWERS, body)
        content = tuple(
            named(block, place, expecting) for place, block in enumerate(read_content(answer.content))
        )
        stop = read_stop(answer.stop_reason, answer.stop_sequence, given(answer.stop_details))
        return Answer(
            format=Format.ANTHROPIC,
            id=answer.id,
            model=answer.model,
            content=content,
            stop=stop.given(content),
            usage=read_usage(answer.usage),
            extra=extra,
        )


def named(block: Block, place: int, expecting: Expecting) -> Block:
    """The block; a call by the name that the client knows the tool by, and with an id."""
    if not isinstance(block, ToolCall):
        return block
    tool = expecting.names.restored(block.name)
    return msgspec.structs.replace(
        block,
        id=block.id or made_id(_IDS, expecting.seed, place),
        name=tool.name,
        namespace=tool.namespace,
        custom=tool.custom,
    )
