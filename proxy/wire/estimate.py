"""How many tokens a request is, about: counted from its bytes, without a tokenizer.

Every byte of what the model reads is text, except what lies inside pictures, files and sealed thinking;
those are found by their keys and estimated for themselves. Text costs by kinds of characters: letters and
spaces make long tokens, digits and punctuation short ones, and a Chinese character is about one. The rates
are set so that English prose comes to 3.8 bytes a token and code and JSON to about 3, a little above what
the vendors' tokenizers say: a client that believes it has room left is worse off than one that compacts
early. JSON's own braces and quotes are counted as text, which makes very short requests look twice as large.
"""

import binascii
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from math import ceil
from typing import NamedTuple

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.picture import is_picture, size_of
from proxy.wire.splice import Body
from proxy.wire.text_cost import tokens_of_each

_READ = {
    Format.ANTHROPIC: ("system", "tools", "messages", "output_config", "output_format"),
    Format.OPENAI_CHAT: ("messages", "tools", "functions", "response_format", "input", "instructions"),
    Format.RESPONSES: ("instructions", "input", "tools", "text", "prompt"),
    Format.GEMINI: (
        "systemInstruction",
        "system_instruction",
        "contents",
        "tools",
        "generateContentRequest",
        "generate_content_request",
    ),
}
"""The members of a request that a model reads."""

TOOLS_PROMPT = 350
"""Anthropic puts instructions of its own before tools."""

_PIXELS, _SMALLEST, _LARGEST, _UNSEEN = 750, 258, 4784, 1600
"""Pixels per token of a picture, its bounds, and what one is taken for whose size is not known."""

_SEALED = 5.0
"""Characters per token of thinking that only its vendor can read: base64 of about the text itself."""

_BYTES = (
    (re.compile(rb"%PDF"), 12.0),
    (re.compile(rb"ID3|OggS|fLaC|\xff[\xf2-\xfb]|RIFF....WAVE|....ftyp|\x1aE\xdf\xa3", re.DOTALL), 400.0),
    (re.compile(rb"[\t\n\r -~]{24}"), 3.0),
)
"""What the bytes of a file begin with, and how many make a token."""
_OTHER_BYTES = 12.0
_SMALLEST_FILE = 1000

_LONGEST_HEAD = 256 * 1024
"""So much base64 is decoded in search of a picture's size; cameras put much before it."""
_LEAST = 32
_NEAR = 200

# Every repetition gives nothing back or is short, so no input makes them slow.
_PLACES = re.compile(
    rb'"[destf](?:ata(?:"\s*+:\s*+"(?P<file>)|:[^"\\,]{0,200};base64,(?P<url>))'
    rb'|(?:ignature|ncrypted_content|hought(?:S|_s)ignature)"\s*+:\s*+"(?P<sealed>)'
    rb'|ype"\s*+:\s*+"(?:(?:image_url|input_image)"(?P<picture>)|url"(?P<linked>))'
    rb'|ile(?:_(?:id|url)"\s*+:\s*+"|(?:D|_d)ata"\s*+:\s*+\{)(?P<linked_file>))'
)
"""A class of letters behind the quote turns most quotes away for little: bodies are full of them."""
_WITHOUT_DATA = frozenset({"picture", "linked", "linked_file"})
_BACKSLASH = ord("\\")

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]|\\/){32}")
_TELLS_TYPE = re.compile(rb'"(?:media_type|mimeType|mime_type|format)"')


def estimate_tokens(body: bytes, format: Format, *, ratio: float = 1.0) -> int:  # noqa: A002 -- it is one
    """The tokens of a request; `ratio` is how much more the model at hand was seen to count.

    Raises the Failure of a bad request for what is no JSON object, and for Anthropic's format where
    `messages` is no array, for that is what its own endpoint refuses.
    """
    members = Body(body)
    if format is Format.ANTHROPIC and not bytes(members.value("messages") or b"").startswith(b"["):
        raise Failure(FailureKind.BAD_REQUEST, "messages: an array of messages is expected.")
    names = _READ.get(format)
    values = [body] if names is None else [bytes(value) for name in names if (value := members.value(name))]
    prompt = TOOLS_PROMPT if format is Format.ANTHROPIC and len(members.value("tools") or b"") > 2 else 0
    return max(1, ceil(ratio * (prompt + sum(map(tokens_in, values)))))


def tokens_in(value: bytes) -> float:
    """The tokens of a JSON value that a model reads."""
    return tokens_in_each([value], [0])[0]


def tokens_in_each(values: Sequence[bytes], keyed: Sequence[int]) -> list[float]:
    """`tokens_in` of many values at one go: most are short and hold nothing but text.

    `keyed` are the places of those in which such keys may stand as tell of anything else.
    """
    texts = list(values)
    besides: dict[int, float] = {}
    looked_through = [values[place] for place in keyed]
    ends = list(accumulate(len(value) + 1 for value in looked_through))
    whole = b",".join(looked_through)
    for index, found in groupby(_PLACES.finditer(whole), lambda place: bisect_right(ends, place.start())):
        begin = ends[index] - 1 - len(looked_through[index])
        texts[keyed[index]], besides[keyed[index]] = _parted(whole, begin, ends[index] - 1, found)
    tokens = tokens_of_each(texts)
    for place, more in besides.items():
        tokens[place] += more
    return tokens


def _parted(whole: bytes, begin: int, end: int, places: Iterable[re.Match[bytes]]) -> tuple[bytes, float]:
    """The text of the value that stands from `begin` to `end`, and what all else in it costs."""
    text: list[bytes] = []
    tokens = 0.0
    read = begin
    for span in _spans(whole, begin, end, places):
        text.append(whole[read : span.start])
        read = span.end
        tokens += span.tokens
    return b"".join([*text, whole[read:end]]), tokens


class _Span(NamedTuple):
    """A piece that is no text, and what it costs."""

    start: int
    end: int
    tokens: float


def _spans(whole: bytes, begin: int, end: int, places: Iterable[re.Match[bytes]]) -> Iterator[_Span]:
    """What is no text, in order; at the end comes one for all that is only linked to."""
    pictures = linked = read = 0
    for place in places:
        key, start = place.span()
        if key < read or (key > begin and whole[key - 1] == _BACKSLASH):
            continue
        kind = place.lastgroup
        if kind in _WITHOUT_DATA:
            pictures += kind == "picture"
            linked += kind != "picture"
            continue
        over = whole.find(b'"', start, end)
        if over < 0 or (kind == "file" and not _is_file(whole, begin, end, place, over)):
            continue
        if kind == "sealed":
            yield _Span(start, over, (over - start) / _SEALED)
        else:
            head = _decoded(whole[start : min(over, start + _LONGEST_HEAD)])
            pictures -= kind == "url" and is_picture(head)
            yield _Span(start, over, _file_tokens(head, (over - start) * 3 / 4))
        read = over
    yield _Span(end, end, (linked + max(0, pictures)) * _UNSEEN)


def _is_file(whole: bytes, begin: int, end: int, place: re.Match[bytes], over: int) -> bool:
    """Whether the member `data` holds base64 and a neighbour tells of what: others have such a member too."""
    key, start = place.span()
    if over - start < _LEAST or not _BASE64.match(whole, start):
        return False
    before = _TELLS_TYPE.search(whole, max(begin, key - _NEAR), key)
    return bool(before or _TELLS_TYPE.search(whole, over, min(end, over + _NEAR)))


def _file_tokens(head: bytes, size: float) -> float:
    if is_picture(head):
        pixels = size_of(head)
        return _UNSEEN if pixels is None else min(_LARGEST, max(_SMALLEST, pixels[0] * pixels[1] / _PIXELS))
    rate = next((rate for begins, rate in _BYTES if begins.match(head)), _OTHER_BYTES)
    return max(_SMALLEST_FILE, size / rate)


def _decoded(text: bytes) -> bytes:
    plain = text.translate(_STANDARD, b"\\")
    try:
        return binascii.a2b_base64(plain[: len(plain) // 4 * 4])
    except binascii.Error:
        return b""


_STANDARD = bytes.maketrans(b"-_", b"+/")
