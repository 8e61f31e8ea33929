"""A provider's whole answer."""

from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Answer, Block, Extra, Refusal, Text, Thinking, ToolCall, Usage
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.names import made_id
from proxy.wire.openai_chat.calls import read_call, read_function_call
from proxy.wire.openai_chat.citations import read_citation
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.openai_chat.said import thoughts_and_texts
from proxy.wire.openai_chat.stops import read_stop
from proxy.wire.openai_chat.thinking import read_thinking
from proxy.wire.openai_chat.usage import read_timings, read_usage
from proxy.wire.reading import ABSENT, Shapes, decoded, given, read_one, reading_answer
from proxy.wire.target import Expecting, IdRule


class _Body(Struct, forbid_unknown_fields=True):
    id: str | int | None = None
    object: Raw = ABSENT
    created: Raw = ABSENT
    model: str | None = None
    choices: list[Raw] | None = None
    usage: Raw = ABSENT
    timings: Raw = ABSENT
    error: Raw = ABSENT


class _Choice(Struct, forbid_unknown_fields=True):
    index: int | None = None
    message: Raw = ABSENT
    finish_reason: str | None = None
    stop_reason: str | int | None = None
    error: Raw = ABSENT


class _Message(Struct, forbid_unknown_fields=True):
    role: str | None = None
    content: str | list[Raw] | None = None
    refusal: str | None = None
    annotations: list[Raw] | None = None
    tool_calls: list[Raw] | None = None
    function_call: Raw = ABSENT
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_details: Raw = ABSENT


class _Place(Struct):
    index: int | None = None


_BODY = Shapes(_Body)
_CHOICE = Shapes(_Choice)
_MESSAGE = Shapes(_Message)
_PLACE = msgspec.json.Decoder(_Place)


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    """The answer that the body holds; raises the Failure that it tells of or that it is."""
    with reading_answer():
        told, extra = read_one(_BODY, body)
        if given(told.error) is not None or (not told.choices and extra):
            raise read_error(None, body)
        if not told.choices:
            raise Failure(FailureKind.BAD_ANSWER, "The provider's answer holds no choice.")
        choice, more = read_one(_CHOICE, _first_choice(told.choices))
        if given(choice.error) is not None:
            raise read_error(None, b'{"error":%s}' % bytes(choice.error))
        if given(choice.message) is None:
            raise Failure(FailureKind.BAD_ANSWER, "The provider's answer holds no message.")
        message, more = read_inner(_MESSAGE, choice.message, "message", more)
        if more:
            extra = {**(extra or {}), "choices": Raw(msgspec.json.encode(more))}
        return _answer(told, choice, message, extra, expecting)


def _answer(
    told: _Body, choice: _Choice, message: _Message, extra: Extra | None, expecting: Expecting
) -> Answer:
    content = (*_words(message), *_calls(message, expecting))
    stop = read_stop(
        choice.finish_reason,
        sequence=choice.stop_reason,
        has_calls=any(isinstance(block, ToolCall) for block in content),
        has_refusal=any(isinstance(block, Refusal) for block in content),
    )
    return Answer(
        format=Format.OPENAI_CHAT,
        id=str(told.id) if told.id else None,
        model=told.model or None,
        content=content,
        stop=stop,
        usage=_usage(told),
        extra=extra or None,
    )


def _first_choice(choices: list[Raw]) -> Raw:
    """Further choices are other answers to the same question, and one is what other formats can tell."""
    return next((raw for raw in choices if decoded(_PLACE, raw).index in (0, None)), choices[0])


def _words(message: _Message) -> Iterator[Block]:
    yield from read_thinking(message.reasoning_content or message.reasoning, message.reasoning_details)
    citations = tuple(read_citation(raw) for raw in message.annotations or ())
    content = message.content
    if isinstance(content, str):
        content_pieces = [(False, content)] if content else []
    else:
        content_pieces = list(thoughts_and_texts(content or []))
    for is_thought, words in content_pieces:
        if is_thought:
            yield Thinking(words)
        else:
            yield Text(words, citations)
            citations = ()
    if message.refusal:
        yield Refusal(message.refusal)


def _calls(message: _Message, expecting: Expecting) -> Iterator[ToolCall]:
    """The calls under the names the client knows, each with an id of its own."""
    calls = [
        read_call(raw, made_id(IdRule(), expecting.seed, place))
        for place, raw in enumerate(message.tool_calls or ())
    ]
    if given(message.function_call) is not None and not calls:
        calls.append(read_function_call(message.function_call, made_id(IdRule(), expecting.seed, 0)))
    seen: set[str] = set()
    for place, call in enumerate(calls):
        id_ = call.id if call.id not in seen else made_id(IdRule(), expecting.seed, place, call.id)
        seen.add(id_)
        ref = expecting.names.restored(call.name)
        yield msgspec.structs.replace(
            call, id=id_, name=ref.name, namespace=ref.namespace, custom=call.custom or ref.custom
        )


def _usage(told: _Body) -> Usage:
    if given(told.usage) is not None:
        return read_usage(told.usage)
    return read_timings(told.timings) if given(told.timings) is not None else UNKNOWN
