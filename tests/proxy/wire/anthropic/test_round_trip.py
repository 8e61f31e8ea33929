"""What is written and read again is the same, but for what `carries` lists."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.wire.anthropic.read_answer import read_answer
from proxy.wire.anthropic.read_request import read_request
from proxy.wire.anthropic.read_stream import stream_reader
from proxy.wire.anthropic.write_answer import write_answer
from proxy.wire.anthropic.write_request import write_request
from proxy.wire.anthropic.write_stream import StreamWriter
from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import Answer, Block, Conversation, Failed, Finish, Refusal, Text
from proxy.wire.format import Format
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.anthropic.carries import carried
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
@given(conversations(Format.ANTHROPIC))
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
    stream = _streamed(answer)
    reader = stream_reader(Expecting())
    chunks = data.draw(chunkings(stream))
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    assert collected([*events, *reader.end()], Format.ANTHROPIC) == _as_read(answer)


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
    assert isinstance(events[-1], Finish | Failed)
    told_why = stream[:cut].rfind(b'"stop_reason":"') >= 0
    assert told_why or isinstance(events[-1], Failed)
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
    )
    # The client hears the model it asked for, and ids as they are here.
    return msgspec.structs.replace(
        answer, format=Format.ANTHROPIC, id="msg_req_1", model="asked-for", content=content
    )
