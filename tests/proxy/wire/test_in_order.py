"""Blocks one after the other, with nothing held that need not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Event,
    Failed,
    Finish,
    Stop,
    StopReason,
    Text,
    TextDelta,
    ToolCall,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.in_order import InOrder
from tests.proxy.wire.strategies import answers

FINISH = Finish(Stop(StopReason.TOOL_USE))


def ordered(events: list[Event]) -> list[Event]:
    order = InOrder()
    return [event for given_ in events for event in order.feed(given_)]


@given(answers())
def test_a_stream_that_is_in_order_passes_event_by_event(answer: Answer) -> None:
    order = InOrder()
    assert all(order.feed(event) == [event] for event in spread(answer))


def test_interleaved_fragments_of_parallel_calls_land_in_their_block() -> None:
    events: list[Event] = [
        BlockBegin(0, ToolCall("a", "Read", "")),
        BlockBegin(1, ToolCall("b", "Read", "")),
        ArgumentsDelta(1, '{"x"'),
        ArgumentsDelta(0, '{"y"'),
        ArgumentsDelta(1, ":1}"),
        ArgumentsDelta(0, ":2}"),
        BlockEnd(1),
        BlockEnd(0),
    ]
    assert ordered([*events, FINISH]) == [
        events[0],
        events[3],
        events[5],
        events[7],
        events[1],
        events[2],
        events[4],
        events[6],
        FINISH,
    ]


def test_what_waited_streams_on_as_soon_as_it_may() -> None:
    order = InOrder()
    assert order.feed(BlockBegin(0, Text(""))) == [BlockBegin(0, Text(""))]
    assert order.feed(BlockBegin(1, ToolCall("b", "Read", ""))) == []
    assert order.feed(ArgumentsDelta(1, "{")) == []
    assert len(order.feed(BlockEnd(0))) == 3
    assert order.feed(ArgumentsDelta(1, "}")) == [ArgumentsDelta(1, "}")]


@pytest.mark.parametrize("last", [FINISH, Failed(Failure(FailureKind.BROKEN_OFF, "gone"))])
def test_what_still_waits_at_the_end_comes_before_it(last: Event) -> None:
    order = InOrder()
    for event in (Begin(), BlockBegin(0, Text("")), BlockBegin(1, Text("")), TextDelta(1, "late")):
        order.feed(event)
    assert order.feed(last) == [BlockBegin(1, Text("")), TextDelta(1, "late"), last]


@given(answers(), st.randoms(use_true_random=False))
def test_any_interleaving_means_the_same(answer: Answer, random: object) -> None:
    events = spread(answer)
    streams: dict[int, list[Event]] = {}
    for event in events[1:-1]:
        streams.setdefault(event.index, []).append(event)  # type: ignore[union-attr] # all between the ends have one
    mixed: list[Event] = [streams[index].pop(0) for index in sorted(streams)]
    while any(streams.values()):
        index = random.choice([i for i, left in streams.items() if left])  # type: ignore[attr-defined] # it is a Random
        mixed.append(streams[index].pop(0))
    result = ordered([events[0], *mixed, events[-1]])
    assert collected(result, answer.format) == answer
    open_blocks: set[int] = set()
    for event in result:
        if isinstance(event, BlockBegin):
            assert not open_blocks
            open_blocks.add(event.index)
        elif isinstance(event, BlockEnd):
            open_blocks.remove(event.index)


def test_the_formats_name_does_not_matter_here() -> None:
    answer = Answer(format=Format.GEMINI, stop=Stop(StopReason.END_TURN))
    assert collected(ordered(spread(answer)), Format.GEMINI) == answer
