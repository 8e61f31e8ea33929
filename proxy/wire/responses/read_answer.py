"""A provider's whole answer."""

from collections.abc import Iterable, Iterator

from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import UNKNOWN, Answer, Block, Opaque, Refusal, Role, ToolCall
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.names import made_id
from proxy.wire.reading import decoded, given, members_of, reading_answer
from proxy.wire.responses.read_items import read_item
from proxy.wire.responses.repeated import REPEATED
from proxy.wire.responses.schema import RESPONSE, Response
from proxy.wire.responses.stops import read_stop
from proxy.wire.responses.usage import read_usage
from proxy.wire.target import Expecting, IdRule

_READ = frozenset((*Response.__struct_fields__, "object", "created_at", "completed_at"))


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    """The answer that the body holds; raises the Failure it tells of, or that of an unreadable answer."""
    with reading_answer():
        response = decoded(RESPONSE, body)
        if response.status == "failed" or given(response.error) is not None:
            raise read_error(None, body)
        if response.output is None:
            raise Failure(FailureKind.BAD_ANSWER, "The provider's answer holds no output.")
        content = tuple(read_output(response.output, expecting))
        told = members_of(body)
        unknown = {name: raw for name, raw in told.items() if name not in _READ and name not in REPEATED}
        return Answer(
            format=Format.RESPONSES,
            id=response.id or None,
            model=response.model or None,
            content=content,
            stop=read_stop(
                response,
                has_calls=any(isinstance(block, ToolCall) for block in content),
                has_refusal=any(isinstance(block, Refusal) for block in content),
            ),
            usage=read_usage(response.usage) if given(response.usage) is not None else UNKNOWN,
            extra=unknown or None,
        )


def read_output(raws: Iterable[Raw], expecting: Expecting) -> Iterator[Block]:
    """What the assistant says and does, under the names the client knows."""
    for place, raw in enumerate(raws):
        item = read_item(raw)
        for block in item.content:
            if isinstance(block, ToolCall):
                yield known(block, place, expecting)
            elif item.role is Role.ASSISTANT or isinstance(block, Opaque):
                yield block


def known(call: ToolCall, place: int, expecting: Expecting) -> ToolCall:
    """The call as the client knows its tool, with an id that the next request will have again."""
    id_ = call.id or made_id(IdRule(), expecting.seed, place)
    if call.namespace is not None:
        return replace(call, id=id_)
    ref = expecting.names.restored(call.name)
    return replace(call, id=id_, name=ref.name, namespace=ref.namespace, custom=call.custom or ref.custom)
