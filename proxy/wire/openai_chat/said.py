"""What a model said, where the content of its answer is a list of parts, as Mistral's is when it thinks."""

from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from proxy.wire.reading import decoded


class _Words(Struct):
    text: str = ""


class _Part(Struct):
    type: str | None = None
    text: str | None = None
    thinking: str | list[_Words] | None = None


_PART = msgspec.json.Decoder(_Part)


def thoughts_and_texts(content: list[Raw]) -> Iterator[tuple[bool, str]]:
    """Each piece and whether it is a thought. References and the like hold no words."""
    for raw in content:
        part = decoded(_PART, raw)
        thinking = part.thinking
        if thinking:
            words = thinking if isinstance(thinking, str) else "".join(piece.text for piece in thinking)
            yield True, words
        if part.text:
            yield False, part.text
