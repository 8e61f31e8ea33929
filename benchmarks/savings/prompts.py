"""A request's prompt as its vendor caches it: pieces in their order, each known by itself and all before it.

Two prompts have a prefix in common as far as their chains are equal, so no bytes are compared twice. What is
read of a message is kept for the requests that carry it again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.estimate import TOOLS_PROMPT, tokens_in

_NONCE = "x-anthropic-billing-header:"
"""How the system text begins that is another one in every request, and that its vendor leaves out."""

_FIVE_MINUTES, _HOUR = 300, 3600
_CALLS: Mapping[str, str] = {
    "tool_use": "id",
    "function_call": "call_id",
    "custom_tool_call": "call_id",
    "local_shell_call": "call_id",
}
"""The blocks and items that call a client's tool, and the member that holds the call's id."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A breakpoint behind a piece, and for how long the prompt up to it is to be kept."""

    place: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Prompt:
    chain: tuple[bytes, ...]
    """For each piece, what it and all before it are known by."""
    tokens: tuple[int, ...]
    """Of each piece and all before it, as the product estimates them: models count otherwise."""
    marks: tuple[Mark, ...]
    calls: tuple[str, ...]
    """The ids of all tool calls in the history, in their order."""

    @property
    def total(self) -> int:
        return self.tokens[-1] if self.tokens else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """A prompt as one model counts it."""

    prompt: Prompt
    ratio: float

    def to(self, place: int) -> int:
        """The tokens of this piece and all before it; -1 is before the first one."""
        return round(self.prompt.tokens[place] * self.ratio) if place >= 0 else 0

    @property
    def total(self) -> int:
        return self.to(len(self.prompt.tokens) - 1)


@dataclass(frozen=True, slots=True)
class _Piece:
    content: bytes
    """Without its mark."""
    tokens: float
    seconds: int = 0
    """Of its mark; zero without one."""
    call: str = ""


class _Messages(Struct):
    messages: list[Raw]
    tools: list[Raw] = []
    system: str | list[Any] = ""
    thinking: Any = None
    tool_choice: Any = None
    cache_control: dict[str, Any] | None = None


class _Responses(Struct):
    input: str | list[Raw]
    tools: list[Raw] = []
    instructions: str | None = None
    text: Any = None


class Prompts:
    """Reads the requests of one session."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[_Piece, ...]] = {}

    def of(self, surface: str, body: bytes) -> Prompt:
        pieces = list(_SURFACES[surface](self, body))
        marks = tuple(Mark(place, piece.seconds) for place, piece in enumerate(pieces) if piece.seconds)
        return Prompt(
            chain=tuple(_chained(pieces)),
            tokens=tuple(round(tokens) for tokens in accumulate(piece.tokens for piece in pieces)),
            marks=marks,
            calls=tuple(piece.call for piece in pieces if piece.call),
        )

    def _messages(self, body: bytes) -> Iterator[_Piece]:
        """Tools, then the system's, then the messages: so the vendor puts them before the model.

        What the messages are cached under depends on how the model is to think and to call tools.
        """
        told = msgspec.json.decode(body, type=_Messages)
        if told.tools:
            yield _Piece(b"", TOOLS_PROMPT)
        for tool in told.tools:
            yield from self._pieces_of(tool, lambda value: [_piece(value)])
        for text in _blocks(told.system):
            if not text.get("text", "").startswith(_NONCE):
                yield _piece(text)
        yield _Piece(msgspec.json.encode([told.thinking, told.tool_choice]), 0.0)
        said = [piece for message in told.messages for piece in self._pieces_of(message, _of_message)]
        if told.cache_control is not None and said:
            said[-1] = replace(said[-1], seconds=_seconds(told.cache_control))
        yield from said

    def _responses(self, body: bytes) -> Iterator[_Piece]:
        told = msgspec.json.decode(body, type=_Responses)
        items = [msgspec.json.encode(told.input)] if isinstance(told.input, str) else told.input
        begins = [each for each in (told.text, told.instructions) if each]
        for item in (*told.tools, *map(msgspec.json.encode, begins), *items):
            yield from self._pieces_of(item, lambda value: [_piece(value)])

    def _pieces_of(self, raw: bytes | Raw, read: Callable[[Any], Iterable[_Piece]]) -> tuple[_Piece, ...]:
        data = bytes(raw)
        known = self._known.get(data)
        if known is None:
            known = self._known[data] = tuple(read(msgspec.json.decode(data)))
        return known


_SURFACES: Mapping[str, Callable[[Prompts, bytes], Iterator[_Piece]]] = {
    "messages": Prompts._messages,  # noqa: SLF001 -- its own, by the name that recordings give it
    "responses": Prompts._responses,  # noqa: SLF001 -- the same
}


def _of_message(message: dict[str, Any]) -> Iterator[_Piece]:
    """Its blocks. Who says them goes with the first of them, and is part of what each is known by."""
    role = str(message["role"]).encode()
    around = tokens_in(msgspec.json.encode({**message, "content": []}))
    for block in _blocks(message["content"]):
        piece = _piece(block)
        yield replace(piece, content=role + b"\n" + piece.content, tokens=piece.tokens + around)
        around = 0.0


def _blocks(content: str | list[Any]) -> list[dict[str, Any]]:
    """A text by itself is one block of text: clients that mark it have to write it as one."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return content


def _piece(value: Any) -> _Piece:
    if not isinstance(value, dict):
        data = msgspec.json.encode(value)
        return _Piece(data, tokens_in(data))
    mark = value.get("cache_control")
    data = msgspec.json.encode({name: inner for name, inner in value.items() if name != "cache_control"})
    call = str(value.get(_CALLS.get(str(value.get("type")), ""), ""))
    return _Piece(data, tokens_in(data), 0 if mark is None else _seconds(mark), call)


def _seconds(mark: Mapping[str, Any]) -> int:
    return _HOUR if mark.get("ttl") == "1h" else _FIVE_MINUTES


def _chained(pieces: Iterable[_Piece]) -> Iterator[bytes]:
    before = b""
    for piece in pieces:
        before = blake2b(before + piece.content, digest_size=16).digest()
        yield before
