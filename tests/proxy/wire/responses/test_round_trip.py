"""What is written and read again is the same, but for what `carries` lists."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    Block,
    Conversation,
    Failed,
    Finish,
    Refusal,
    Stop,
    StopReason,
    ToolCall,
    Usage,
)
from proxy.wire.format import Format
from proxy.wire.responses.read_answer import read_answer
from proxy.wire.responses.read_request import read_request
from proxy.wire.responses.read_stream import stream_reader
from proxy.wire.responses.write_answer import write_answer
from proxy.wire.responses.write_request import write_request
from proxy.wire.responses.write_stream import StreamWriter
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.normal import Everything, normal
from tests.proxy.wire.responses.carries import carried
from tests.proxy.wire.strategies import answers, chunkings, conversations

TARGET = Target(model="asked-for", issued=Everything())
REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000)
thorough = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@thorough
@given(conversations())
def test_a_request_means_the_same_when_it_is_read_again(conversation: Conversation) -> None:
    written = write_request(conversation, TARGET)
    assert normal(read_request(written.body)) == normal(carried(conversation))


@thorough
@given(conversations(Format.RESPONSES))
def test_what_was_written_once_is_written_the_same_again(conversation: Conversation) -> None:
    once = write_request(conversation, TARGET)
    assert write_request(read_request(once.body), TARGET).body == once.body


@thorough
@given(answers())
def test_an_answer_means_the_same_when_it_is_read_again(answer: Answer) -> None:
    assert _comparable(read_answer(write_answer(answer, REPLY), Expecting())) == _as_read(answer)


@thorough
@given(answers(), st.data())
def test_a_stream_in_any_pieces_means_the_same_when_it_is_read_again(
    answer: Answer, data: st.DataObject
) -> None:
    reader = stream_reader(Expecting())
    events = [e for chunk in data.draw(chunkings(_streamed(answer))) for e in reader.feed(chunk)]
    assert _comparable(collected([*events, *reader.end()], Format.RESPONSES)) == _as_read(answer)


@thorough
@given(answers(), st.data())
def test_line_endings_and_pieces_change_no_event(answer: Answer, data: st.DataObject) -> None:
    stream = _streamed(answer)
    whole = stream_reader(Expecting())
    expected = [*whole.feed(stream), *whole.end()]
    for text in (stream, stream.replace(b"\n", b"\r\n"), stream.replace(b"\n", b"\r")):
        reader = stream_reader(Expecting())
        events = [event for chunk in data.draw(chunkings(text)) for event in reader.feed(chunk)]
        assert [*events, *reader.end()] == expected


@thorough
@given(answers(), st.data())
def test_a_stream_cut_anywhere_ends_once_and_says_so(answer: Answer, data: st.DataObject) -> None:
    stream = _streamed(answer)
    cut = data.draw(st.integers(0, len(stream)))
    reader = stream_reader(Expecting())
    events = [*reader.feed(stream[:cut]), *reader.end()]
    assert sum(isinstance(event, Finish | Failed) for event in events) == 1
    last_event_is_whole = len(stream) - cut <= 2
    assert isinstance(events[-1], Finish if last_event_is_whole else Failed)
    assert [*reader.feed(stream), *reader.end()] == []


def _streamed(answer: Answer) -> bytes:
    writer = StreamWriter(REPLY)
    return b"".join(writer.write(event) for event in spread(answer))


def _as_read(answer: Answer) -> Answer:
    """What is left of an answer when a client has it."""
    return replace(
        _comparable(answer),
        format=Format.RESPONSES,
        # The client hears the model it asked for.
        model="asked-for",
        usage=_counted(answer.usage),
        # That the model stopped because it refuses is said by the refusal.
        stop=Stop(StopReason.REFUSAL) if _is_refusal(answer) else answer.stop,
    )


def _is_refusal(answer: Answer) -> bool:
    refuses = any(isinstance(block, Refusal) for block in answer.content)
    return refuses and answer.stop.reason is StopReason.END_TURN


def _comparable(answer: Answer) -> Answer:
    """Ids of responses and items are each format's own."""
    content = tuple(_without_ids(block) for block in answer.content)
    return replace(answer, id=None, extra=None, content=content)


def _without_ids(block: Block) -> Block:
    if isinstance(block, ToolCall):
        return replace(block, item_id=None, extra=None)
    names = [name for name in ("id", "extra") if hasattr(block, name)]
    return replace(block, **dict.fromkeys(names))


def _counted(usage: Usage) -> Usage:
    """Where there are counts, clients demand all of them."""
    return replace(
        usage,
        cache_read=usage.cache_read or 0,
        cache_write=usage.cache_write or 0,
        reasoning=usage.reasoning or 0,
    )
