"""An answer in one piece: judged first, then passed on or told in other words.

Providers are careless about the form of an answer: a stream was asked for and one object comes, or the
other way round; an error stands under status 200; a page of HTML comes from a proxy on the way. All that is
known before the client gets its first byte, because the answer is whole.
"""

import re
from dataclasses import dataclass, field

from proxy.upstream.back.heard import Heard, signatures_in
from proxy.upstream.back.way import Terms, stream_type, writer
from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import Answer, Event
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.splice import Body
from proxy.wire.tap import Tap
from proxy.wire.text_calls import rescued

JSON = "application/json"
_LINES = re.compile(rb"\}\r?\n\s*\{")
"""Nothing that one object can hold: its strings have no line breaks."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What the client gets in one piece."""

    body: bytes = field(repr=False)
    content_type: str | None
    """None: what the provider said."""
    heard: Heard


def whole(data: bytes, terms: Terms, *, came_as_stream: bool) -> Whole:
    """The answer for the client; raises the Failure that it turns out to be."""
    if not data.strip():
        raise Failure(FailureKind.BAD_ANSWER, "The provider sent an empty answer.")
    came_as_stream = came_as_stream or _holds_many(data, terms.provider_format)
    if not came_as_stream:
        judged(data, terms.provider_format)
    if terms.same and not terms.streamed and not came_as_stream:
        return _as_it_is(data, terms.provider_format)
    answer = _streamed_answer(data, terms) if came_as_stream else _read(data, terms)
    if terms.tools:
        answer = rescued(answer, terms.tools, terms.exchange_id, schemas=terms.tools, names=terms.names)
    heard = Heard(usage=answer.usage, model=answer.model, id=answer.id)
    for block in answer.content:
        heard.note_block(block)
    if not terms.streamed:
        return Whole(CLIENT[terms.client_format].write_answer(answer, terms.reply), JSON, heard)
    telling = writer(terms)
    return Whole(b"".join(telling.write(event) for event in spread(answer)), stream_type(terms), heard)


def _holds_many(data: bytes, format_: Format) -> bool:
    """A stream that is called JSON: Google's list of chunks, Ollama's lines."""
    if format_ is Format.GEMINI:
        return data.lstrip().startswith(b"[")
    return format_ is Format.OLLAMA and _LINES.search(data) is not None


def is_page(first: bytes) -> bool:
    """HTML or XML, which no provider answers with."""
    return first.lstrip()[:1] == b"<"


def judged(data: bytes, format_: Format) -> None:
    """Raises the Failure of what is no answer, whatever its status says."""
    if not data.strip():
        raise Failure(FailureKind.BAD_ANSWER, "The provider sent an empty answer.")
    if is_page(data):
        raise Failure(
            FailureKind.BAD_ANSWER, "The provider's address answers with a web page, not with JSON."
        )
    try:
        body = Body(data)
    except Failure as failure:
        raise Failure(
            FailureKind.BAD_ANSWER, "The provider answered with something that is not JSON."
        ) from failure
    error = body.value("error")
    if format_ is Format.ANTHROPIC:
        kind = body.value("type")
        is_error = kind is not None and bytes(kind) == b'"error"'
    else:
        is_error = error is not None and bytes(error) not in (b"null", b"{}")
    if is_error and not (format_ is Format.RESPONSES and body.value("output") is not None):
        raise read_error(None, data)


def _as_it_is(data: bytes, format_: Format) -> Whole:
    tap = Tap(format_, streamed=False)
    tap.pass_on(data)
    tap.end()
    told = tap.told
    heard = Heard(
        usage=told.usage,
        model=told.model,
        id=told.id,
        signatures=list(signatures_in(data)),
        calls=list(told.calls),
    )
    return Whole(data, None, heard)


def _read(data: bytes, terms: Terms) -> Answer:
    return PROVIDER[terms.provider_format].read_answer(data, terms.expecting)


def _streamed_answer(data: bytes, terms: Terms) -> Answer:
    reader = PROVIDER[terms.provider_format].stream_reader(terms.expecting)
    events: list[Event] = [*reader.feed(data), *reader.end()]
    return collected(events, terms.provider_format)
