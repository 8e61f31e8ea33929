"""From the first bytes of an answer to what the client is going to get: one body, or a stream.

What a provider calls its answer is not always what it is, so its first bytes have a say.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from proxy.providers.entrance import Task
from proxy.upstream.answer import Answer, StreamedAnswer, WholeAnswer
from proxy.upstream.asked import Asked, aside
from proxy.upstream.attempt import RawAnswer
from proxy.upstream.back.heard import Heard
from proxy.upstream.back.way import Terms, WayBack, stream_type
from proxy.wire.format import Format

_LONGEST_WHOLE = 64 * 1024 * 1024
_LONGEST_BEGINNING = 1024 * 1024
_STREAM_TYPES = ("text/event-stream", "application/vnd.amazon.eventstream")
_EVENT_BEGINNINGS = (b"event:", b"data:", b"id:", b"retry:", b":")
_JSON_BEGINNINGS = (b"{", b"[")


async def opened(stack: AsyncExitStack, asked: Asked, raw: RawAnswer, terms: Terms) -> Answer:
    """An answer that has begun; what else is wrong with it is raised."""
    headers = list(raw.headers.items()) if terms.same else []
    form = _form(raw, terms)
    if asked.task is not Task.ANSWER:
        body = await raw.whole(_LONGEST_WHOLE)
        heard = await aside(lambda: _heard_in_vectors(body, terms.provider_format), len(body))
        return WholeAnswer(raw.status, headers, None, body, heard)
    if not terms.streamed or form == "json":
        from proxy.upstream.back.whole import whole

        data = await raw.whole(_LONGEST_WHOLE)
        result = await aside(lambda: whole(data, terms, came_as_stream=form == "events"), len(data))
        truly = raw.content_type.endswith("json")
        content_type = result.content_type or (None if truly else "application/json")
        return WholeAnswer(raw.status, headers, content_type, result.body, result.heard)
    chunks = raw.chunks()
    stack.push_async_callback(chunks.aclose)  # type: ignore[attr-defined] # it is a generator
    back = _way_back(terms)
    begun, is_over = await _opening(back, chunks)
    raw.has_begun()
    told_truly = terms.same and raw.content_type == stream_type(terms)
    content_type = None if told_truly else stream_type(terms)
    return StreamedAnswer(headers, content_type, back, begun, None if is_over else chunks)


def _form(raw: RawAnswer, terms: Terms) -> str:
    """Whether events or one object come: by what it says, and by its first bytes where that is not true."""
    first = raw.first.lstrip()
    if raw.content_type in _STREAM_TYPES or first.startswith(_EVENT_BEGINNINGS):
        return "json" if first.startswith(_JSON_BEGINNINGS) else "events"
    in_frames = terms.framed or (terms.provider_format is Format.BEDROCK and terms.streamed)
    if in_frames and first and not first.startswith(_JSON_BEGINNINGS):
        return "events"
    if terms.provider_format is Format.OLLAMA and terms.streamed:
        return "events"
    return "json"


def _way_back(terms: Terms) -> WayBack:
    from proxy.upstream.back.passed import Passed
    from proxy.upstream.back.translated import Translated

    return Passed(terms) if terms.same else Translated(terms)


async def _opening(back: WayBack, chunks: AsyncIterator[bytes]) -> tuple[bytes, bool]:
    """What stands before and in the answer's first real event, and whether it was its last as well."""
    pieces: list[bytes] = []
    size = 0
    async for chunk in chunks:
        pieces.append(back.feed(chunk))
        size += len(chunk)
        if back.has_begun or size > _LONGEST_BEGINNING:
            return b"".join(pieces), back.is_over
    pieces.append(back.end())
    return b"".join(pieces), True


def _heard_in_vectors(body: bytes, format_: Format) -> Heard:
    from proxy.upstream.back.whole import judged
    from proxy.wire.openai_chat.embeddings import usage_of

    judged(body, format_)
    return Heard(usage=usage_of(body))
