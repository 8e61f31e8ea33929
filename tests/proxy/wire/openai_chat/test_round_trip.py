"""What is written in this format and read again is the same, but for what `carries` lists."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    Conversation,
    Event,
    Failed,
    Finish,
    RedactedThinking,
    Refusal,
    Stop,
    StopReason,
    Thinking,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.read_answer import read_answer
from proxy.wire.openai_chat.read_request import read_request
from proxy.wire.openai_chat.read_stream import stream_reader
from proxy.wire.openai_chat.write_answer import write_answer
from proxy.wire.openai_chat.write_request import write_request
from proxy.wire.openai_chat.write_stream import StreamWriter
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.normal import Everything, normal
from tests.proxy.wire.openai_chat.carries import carried
from tests.proxy.wire.strategies import answers, chunkings, conversations

TARGET = Target(model="asked-for", issued=Everything())
REPLY = Reply(id="req_1", model="served", created=1_700_000_000)
thorough = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@thorough
@given(conversations())
def test_a_request_keeps_what_the_format_can_carry(conversation: Conversation) -> None:
    read = read_request(write_request(conversation, TARGET).body)
    assert normal(read) == normal(carried(conversation))


@thorough
@given(conversations(Format.OPENAI_CHAT))
def test_a_request_that_was_carried_once_is_carried_unchanged(conversation: Conversation) -> None:
    once = write_request(conversation, TARGET).body
    assert write_request(read_request(once), TARGET).body == once


@given(answers())
def test_an_answer_keeps_all_but_the_reason_for_stopping_in_detail(answer: Answer) -> None:
    read = read_answer(write_answer(answer, REPLY), Expecting())
    assert _plain(read) == _plain(_told(answer))


@given(answers())
def test_a_streamed_answer_keeps_the_same(answer: Answer) -> None:
    assert _plain(collected(_read([_stream(answer)]), Format.OPENAI_CHAT)) == _plain(_told(answer))


@given(answers(), st.data())
def test_events_do_not_depend_on_the_pieces_in_which_bytes_arrive(
    answer: Answer, data: st.DataObject
) -> None:
    stream = _stream(answer)
    assert _read(data.draw(chunkings(stream))) == _read([stream])
    other_ends = stream.replace(b"\n", b"\r\n")
    assert _read(data.draw(chunkings(other_ends))) == _read([stream])


@given(answers(), st.data())
def test_a_stream_cut_anywhere_ends_in_one_finish_or_failure(answer: Answer, data: st.DataObject) -> None:
    stream = _stream(answer)
    events = _read([stream[: data.draw(st.integers(0, len(stream)))]])
    assert sum(isinstance(event, Finish | Failed) for event in events) == 1
    assert isinstance(events[-1], Finish | Failed)


def _stream(answer: Answer) -> bytes:
    writer = StreamWriter(REPLY)
    return b"".join(writer.write(event) for event in spread(answer))


def _read(chunks: list[bytes]) -> list[Event]:
    reader = stream_reader(Expecting())
    return [*(event for chunk in chunks for event in reader.feed(chunk)), *reader.end()]


def _told(answer: Answer) -> Answer:
    """A refusal is its own reason for stopping; that it was one is not said again."""
    refuses = any(isinstance(block, Refusal) for block in answer.content)
    stop = Stop(StopReason.REFUSAL) if refuses and answer.stop.reason is StopReason.END_TURN else answer.stop
    return msgspec.structs.replace(answer, format=Format.OPENAI_CHAT, model="served", stop=stop)


def _plain(answer: Answer) -> Answer:
    """Without the details that thinking was read from."""
    content = tuple(
        msgspec.structs.replace(block, extra=None)
        if isinstance(block, Thinking | RedactedThinking)
        else block
        for block in answer.content
    )
    return msgspec.structs.replace(answer, content=content)
