"""A request as it is compared with what its client usually does, and as others will be compared with it."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from proxy.routing.customs import Call
from proxy.routing.customs.opening import Opening, opening_of, together
from proxy.routing.signals.facts import cleaned_texts
from proxy.routing.signals.kind import Shape
from proxy.routing.signals.memo import Messages
from proxy.routing.signals.pieces import see_system
from proxy.routing.signals.request import Looked
from proxy.routing.signals.seen import See
from proxy.routing.signals.session import SessionId
from proxy.routing.signals.texts import Texts
from proxy.wire.reading import given

_SINGLE = 2
"""Messages: a question, and the words that some clients put into the mouth of whoever answers it."""
_GOES_ON = ("previous_response_id", "conversation")
"""Members of a request whose history the provider keeps."""
_MOST_PIECES = 4
"""Of a system prompt; of the first ones even a short text is known."""
_OUTPUTS = (1_000, 10_000)
"""Tokens. Whether an answer may be short, long or a whole file; the exact limit changes with the model."""
_SLIGHT = 2_000
"""Tokens, of the request and of what may be answered. A title is made of a screen and takes a line."""
_LONGEST = 40


def program_of(asked: Looked, shape: Shape) -> str:
    """Whose habits these are: many programs may come under one client's name."""
    if shape.harness:
        return shape.harness
    agent = shape.headers.get("user-agent", "").partition("/")[0].casefold()
    return f"{asked.client} {agent[:_LONGEST]}".rstrip()


def call_of(
    asked: Looked, shape: Shape, session: SessionId, texts: Texts, names: frozenset[str], known: Messages
) -> Call | None:
    """None where no session is told, nothing is asked, or tools have no names: nothing can be compared."""
    if session.id is None or not shape.messages or (shape.tools and not names):
        return None
    program, number = program_of(asked, shape), hash(session.id)
    if names:
        return Call(program, number, names)
    limit = -1 if shape.max_output is None else bisect_left(_OUTPUTS, shape.max_output)
    look = hash((together(_openings(asked, texts, known)), shape.is_structured, limit))
    single = _is_single(asked, shape, texts)
    return Call(program, number, shape=look, is_single=single, is_slight=_is_slight(shape))


def _is_slight(shape: Shape) -> bool:
    """Whoever sets no limit may mean to get a whole plan."""
    return shape.tokens <= _SLIGHT and shape.max_output is not None and shape.max_output <= _SLIGHT


def _is_single(asked: Looked, shape: Shape, texts: Texts) -> bool:
    if shape.messages > _SINGLE or any(one.has_tools for one in texts.facts):
        return False
    kept = () if asked.body is None else map(asked.body.value, _GOES_ON)
    return not any(given(value) for value in kept if value is not None)


def _openings(asked: Looked, texts: Texts, known: Messages) -> list[Opening]:
    """Of the system prompt, be it by itself or the first of the messages."""
    if texts.system_pieces:
        return known.openings.of(texts.system_pieces[:_MOST_PIECES], "system", _READ_SYSTEM)
    said = list(takewhile(lambda one: one.role == "system", texts.facts[:_MOST_PIECES]))
    return known.openings.of(texts.messages[: len(said)], asked.format, partial(_read, see=texts.see))


def _read(raws: Sequence[bytes], see: See) -> list[Opening]:
    return [opening_of("\n".join(cleaned_texts(seen.texts))) for seen in see(raws)]


_READ_SYSTEM = partial(_read, see=see_system)
