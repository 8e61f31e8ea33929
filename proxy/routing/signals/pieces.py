"""A request's body in pieces, each of which comes again as it is while the conversation grows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Raw

from proxy.routing.signals import anthropic, gemini, openai_chat, responses
from proxy.routing.signals.blocks import content_of, held_in
from proxy.routing.signals.cleaning import NONCE, without_nonce
from proxy.routing.signals.leniently import first, items, members
from proxy.routing.signals.seen import See, Seen
from proxy.wire.format import Format
from proxy.wire.splice import Body


class _Layout(NamedTuple):
    """Which members hold what; where a thing has two names, the first that is there counts."""

    system: tuple[str, ...]
    messages: tuple[str, ...]
    tools: tuple[str, ...]
    rest: tuple[str, ...] = ()
    """What a model reads besides."""


_LAYOUTS = {
    Format.ANTHROPIC: _Layout(("system",), ("messages",), ("tools",), ("output_config", "output_format")),
    Format.OPENAI_CHAT: _Layout(
        ("instructions",), ("messages",), ("tools", "functions"), ("response_format", "input")
    ),
    Format.RESPONSES: _Layout(("instructions",), ("input",), ("tools",), ("text", "prompt")),
    Format.GEMINI: _Layout(("systemInstruction", "system_instruction"), ("contents",), ("tools",)),
}
_WRAPPED = ("generateContentRequest", "generate_content_request")
"""Gemini's count of tokens takes a whole request as a member."""

SEE: dict[Format, See] = {
    Format.ANTHROPIC: anthropic.seen,
    Format.OPENAI_CHAT: openai_chat.seen,
    Format.RESPONSES: responses.seen,
    Format.GEMINI: gemini.seen,
}
_NONCE = b'"' + NONCE.encode()


class Pieces(NamedTuple):
    system: tuple[bytes, ...] = ()
    messages: tuple[bytes, ...] = ()
    tools: tuple[bytes, ...] = ()
    rest: tuple[bytes, ...] = ()


def pieces_of(body: Body, format: Format) -> Pieces:  # noqa: A002 -- it is one
    layout = _LAYOUTS.get(format)
    if layout is None:
        return Pieces()
    said = _wrapped(body) if format is Format.GEMINI else None

    def named(names: tuple[str, ...]) -> Iterator[Raw]:
        for name in names:
            value = body.value(name) if said is None else said.get(name)
            if value is not None:
                yield value

    return Pieces(
        system=tuple(_steady(piece for value in list(named(layout.system))[:1] for piece in _each(value))),
        messages=tuple(piece for value in named(layout.messages) for piece in _each(value)),
        tools=tuple(bytes(value) for value in named(layout.tools)),
        rest=tuple(bytes(value) for value in named(layout.rest)),
    )


def see_system(raws: Sequence[bytes]) -> list[Seen]:
    """Pieces of a system prompt: strings, blocks, or Gemini's content."""
    return [Seen("system", _texts(raw) or gemini.system_texts(raw)) for raw in raws]


def _texts(raw: bytes) -> tuple[str, ...]:
    return held_in(content_of(raw)).texts


def _wrapped(body: Body) -> dict[str, Raw] | None:
    value = next((value for name in _WRAPPED if (value := body.value(name)) is not None), None)
    return members(value) if value is not None else None


def _each(value: Raw) -> list[bytes]:
    """An array's values; anything else that says something is its only one."""
    match first(value):
        case "[":
            return list(map(bytes, items(value)))
        case '"' | "{":
            return [bytes(value)]
        case _:
            return []


def _steady(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The system prompt without what is another one in every request."""
    for piece in pieces:
        if _NONCE not in piece:
            yield piece
            continue
        words = "\n".join(_texts(piece))
        rest = without_nonce(words)
        if rest == words:
            yield piece
        elif rest:
            yield msgspec.json.encode(rest)
