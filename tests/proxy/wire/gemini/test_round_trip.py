"""What is written and read again is the same, but for what `carries` lists."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    Block,
    Conversation,
    Failed,
    Finish,
    RedactedThinking,
    Refusal,
    Text,
)
from proxy.wire.format import Format
from proxy.wire.gemini.read_answer import read_answer
from proxy.wire.gemini.read_request import read_request
from proxy.wire.gemini.read_stream import stream_reader
from proxy.wire.gemini.write_answer import write_answer
from proxy.wire.gemini.write_request import write_request
from proxy.wire.gemini.write_stream import StreamWriter
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.gemini.carries import carried
from tests.proxy.wire.normal import Everything, normal
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
@given(conversations(Format.GEMINI))
def test_what_was_written_once_is_written_the_same_again(conversation: Conversation) -> None:
    once = write_request(conversation, TARGET)
    assert write_request(read_request(once.body), TARGET).body == once.body


@thorough
@given(answers())
def test_an_answer_means_the_same_when_it_is_read_again(answer: Answer) -> None:
    assert read_answer(write_answer(answer, REPLY), Expecting()) == _as_read(answer)


@thorough
@given(answers(), st.data())
def test_a_stream_in_any_pieces_means_the_same_when_it_is_read_again(
    answer: Answer, data: st.DataObject
) -> None:
    reader = stream_reader(Expecting())
    chunks = data.draw(chunkings(_streamed(answer)))
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    streamed = collected([*events, *reader.end()], Format.GEMINI)
    assert msgspec.structs.replace(streamed, id=None) == msgspec.structs.replace(_as_read(answer), id=None)


@thorough
@given(answers(), st.data())
def test_line_endings_and_pieces_change_no_event(answer: Answer, data: st.DataObject) -> None:
    stream = _streamed(answer) + b'{"error":{"code":503,"message":"caf\xc3\xa9","status":"UNAVAILABLE"}}'
    whole = stream_reader(Expecting())
    expected = [*whole.feed(stream), *whole.end()]
    assert isinstance(expected[-1], Failed)
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
    assert isinstance(events[-1], Finish | Failed)
    assert b'"finishReason":"' in stream[:cut] or isinstance(events[-1], Failed)
    assert [*reader.feed(stream), *reader.end()] == []


def _streamed(answer: Answer) -> bytes:
    writer = StreamWriter(REPLY)
    return b"".join(writer.write(event) for event in spread(answer))


def _as_read(answer: Answer) -> Answer:
    """What is left of an answer when a client has it."""
    content: tuple[Block, ...] = tuple(
        # A refusal is text.
        Text(block.text) if isinstance(block, Refusal) else block
        for block in answer.content
        # Thinking that only its provider can read cannot be handed on.
        if not isinstance(block, RedactedThinking)
    )
    # The client hears the model it asked for, and the exchange's own id.
    id_ = answer.id if answer.format is Format.GEMINI else "req_1"
    return msgspec.structs.replace(answer, format=Format.GEMINI, id=id_, model="asked-for", content=content)
