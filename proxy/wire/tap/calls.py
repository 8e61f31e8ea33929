"""The ids of the tool calls that an answer makes: those that its client sends back with their results.

Tools that the provider runs itself are not among them, and a call without an id tells none.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from proxy.wire.format import Format
from proxy.wire.reading import UNREADABLE, decoded

_MOST_CALLS = 256

S = TypeVar("S", bound=Struct)

_RUN_BY_THE_CLIENT = frozenset(
    (
        "function_call",
        "custom_tool_call",
        "local_shell_call",
        "shell_call",
        "apply_patch_call",
        "computer_call",
    )
)


def add_calls(known: list[str], more: Iterable[str]) -> None:
    """Each id once, in the order of the calls, however often the answer repeats it."""
    for id_ in more:
        if id_ and len(known) < _MOST_CALLS and id_ not in known:
            known.append(id_)


class _Block(Struct):
    type: Any = None
    id: Any = None


class _Message(Struct):
    content: list[_Block] | None = None


class _BlockStart(Struct):
    content_block: _Block | None = None


class _Call(Struct):
    id: Any = None


class _Said(Struct):
    tool_calls: list[_Call] | None = None


class _Choice(Struct):
    delta: _Said | None = None
    message: _Said | None = None


class _Completion(Struct):
    choices: list[_Choice] | None = None


class _Item(Struct):
    type: Any = None
    call_id: Any = None


class _ItemEvent(Struct):
    item: _Item | None = None


class _Response(Struct):
    output: list[_Item] | None = None


class _Part(Struct, rename="camel"):
    function_call: _Call | None = None


class _Content(Struct):
    parts: list[_Part] | None = None


class _Candidate(Struct):
    content: _Content | None = None


class _Chunk(Struct):
    candidates: list[_Candidate] | None = None


class _Reading(Generic[S]):
    """The ids in one piece of JSON; none in what is of another shape, for it is not ours to judge."""

    def __init__(self, shape: type[S], found: Callable[[S], Iterator[Any]]) -> None:
        self._decoder = msgspec.json.Decoder(shape)
        self._found = found

    def __call__(self, data: bytes) -> list[str]:
        try:
            read = decoded(self._decoder, data)
        except UNREADABLE:
            return []
        return [id_ for id_ in self._found(read) if isinstance(id_, str)]


def _of_blocks(blocks: Iterable[_Block | None]) -> Iterator[Any]:
    return (block.id for block in blocks if block is not None and block.type == "tool_use")


def _of_items(items: Iterable[_Item | None]) -> Iterator[Any]:
    return (
        item.call_id
        for item in items
        if item is not None and isinstance(item.type, str) and item.type in _RUN_BY_THE_CLIENT
    )


def _of_completion(completion: _Completion) -> Iterator[Any]:
    for choice in completion.choices or ():
        for said in (choice.delta, choice.message):
            if said is not None:
                yield from (call.id for call in said.tool_calls or ())


def _of_chunk(chunk: _Chunk) -> Iterator[Any]:
    for candidate in chunk.candidates or ():
        parts = candidate.content.parts if candidate.content is not None else None
        yield from (part.function_call.id for part in parts or () if part.function_call is not None)


calls_in_block_start = _Reading(_BlockStart, lambda event: _of_blocks((event.content_block,)))
calls_in_item_event = _Reading(_ItemEvent, lambda event: _of_items((event.item,)))
calls_in_completion = _Reading(_Completion, _of_completion)
"""Of Chat, whether it is a chunk or the whole answer."""
calls_in_gemini = _Reading(_Chunk, _of_chunk)

_IN_WHOLE: dict[Format, Callable[[bytes], list[str]]] = {
    Format.ANTHROPIC: _Reading(_Message, lambda message: _of_blocks(message.content or ())),
    Format.OPENAI_CHAT: calls_in_completion,
    Format.RESPONSES: _Reading(_Response, lambda response: _of_items(response.output or ())),
    Format.GEMINI: calls_in_gemini,
}


def calls_in_whole(format_: Format, body: bytes) -> tuple[str, ...]:
    """Those of an answer in one piece."""
    calls: list[str] = []
    add_calls(calls, _IN_WHOLE[format_](body))
    return tuple(calls)
