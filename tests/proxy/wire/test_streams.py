"""The rules that hold for every stream, whatever its format: one terminal event, and none after it."""

from collections.abc import Iterable, Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.canonical import Begin, Event, Failed, Finish, Stop, StopReason, TextDelta
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.lines import Lines
from proxy.wire.reading import decoded, members_of
from proxy.wire.streams import StreamReader, broken_off
from tests.proxy.wire.strategies import chunkings

_TEXT = msgspec.json.Decoder(str)
FINISH = Finish(Stop(StopReason.END_TURN))
OVERLOADED = Failure(FailureKind.OVERLOADED, "Busy.")
BROKEN_OFF = Failed(broken_off())


class Machine:
    """A format of lines: `end` ends the answer, `stop` says that it may, `fail` and `error` tell of failures,
    what begins with a brace must be JSON, and everything else is text."""

    def __init__(self) -> None:
        self._may_end = False

    def take(self, frame: bytes) -> list[Event]:
        match frame:
            case b"end":
                return [TextDelta(0, "last"), FINISH]
            case b"stop":
                self._may_end = True
                return []
            case b"error":
                return [Failed(OVERLOADED)]
            case b"fail":
                raise OVERLOADED
            case b"bad":
                raise Failure(FailureKind.BAD_ANSWER, "Bad.")
            case b"nothing":
                return []
        if frame.startswith(b"{"):
            return [Begin(decoded(_TEXT, members_of(frame)["id"]))]
        return [TextDelta(0, frame.decode())]

    def close(self) -> list[Event]:
        return [FINISH] if self._may_end else []


def read(*pieces: bytes) -> list[Event]:
    reader = StreamReader(Lines(), Machine())
    return [*(event for piece in pieces for event in reader.feed(piece)), *reader.end()]


def texts(*told: str) -> list[Event]:
    return [TextDelta(0, text) for text in told]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"a\nend\n", [*texts("a", "last"), FINISH]),
        (b"a\nend", [*texts("a", "last"), FINISH]),
        (b"a\nend\nb\nend\nfail\n", [*texts("a", "last"), FINISH]),
        (b"a\nerror\nb\nend\n", [*texts("a"), Failed(OVERLOADED)]),
        (b"a\nfail\nb\nend\n", [*texts("a"), Failed(OVERLOADED)]),
        (b"a\nstop\n", [*texts("a"), FINISH]),
        (b"a\nstop\nb", [*texts("a", "b"), FINISH]),
        (b"a\n", [*texts("a"), BROKEN_OFF]),
        (b"", [BROKEN_OFF]),
        (b"nothing\n", [BROKEN_OFF]),
        (b"a\nfail", [*texts("a"), Failed(OVERLOADED)]),
        (b"stop\nfail", [Failed(OVERLOADED)]),
        (b"a\nerror", [*texts("a"), Failed(OVERLOADED)]),
    ],
    ids=[
        "an end", "an end without its line's end", "more after the end", "an error told", "a failure",
        "complete at the end of the stream", "complete with a last line", "broken off", "nothing at all",
        "nothing said", "a failure in the last line", "a failure after all was said", "a last error",
    ],
)  # fmt: skip
def test_a_stream_ends_once(stream: bytes, expected: list[Event]) -> None:
    assert read(stream) == expected
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == expected


@pytest.mark.parametrize("last", [b"end\n", b"fail\n", b"error\n", b"bad\n", b"{\n"])
def test_nothing_follows_the_terminal_event(last: bytes) -> None:
    reader = StreamReader(Lines(), Machine())
    assert isinstance(reader.feed(last)[-1], Finish | Failed)
    assert reader.feed(b"a\nend\n") == []
    assert reader.end() == []
    assert reader.end() == []


def test_the_end_of_the_stream_is_told_once() -> None:
    reader = StreamReader(Lines(), Machine())
    assert reader.end() == [BROKEN_OFF]
    assert reader.end() == []
    assert reader.feed(b"end\n") == []


@pytest.mark.parametrize("line", [b"{", b'{"id":7}', b"\xff", b'{"a":' * 100_000])
def test_what_cannot_be_read_is_the_providers_failure(line: bytes) -> None:
    events = read(b"a\n" + line + b"\nb\nend\n")
    assert events[:-1] == texts("a")
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.BAD_ANSWER


@pytest.mark.parametrize("line", [b'{"id":"x', b"bad", b"\xc3"])
def test_half_a_frame_at_the_end_is_the_streams_breaking_off(line: bytes) -> None:
    assert read(b"a\n" + line) == [*texts("a"), BROKEN_OFF]


@pytest.mark.parametrize("line", [b'{"id":"x', b"bad", b"\xc3"])
def test_half_a_frame_after_all_was_said_takes_nothing_away(line: bytes) -> None:
    assert read(b"stop\n" + line) == [FINISH]


def test_a_frame_without_end_is_given_up() -> None:
    reader = StreamReader(Lines(limit=100), Machine())
    events = [event for _ in range(20) for event in reader.feed(b"x" * 10)]
    assert len(events) == 1
    assert isinstance(events[0], Failed)
    assert events[0].failure.kind is FailureKind.BAD_ANSWER


class Failing:
    """A framing that finds a bad frame behind a good one."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk
        raise Failure(FailureKind.BAD_ANSWER, "Bad frame.")

    def end(self) -> Iterable[bytes]:
        return ()


def test_what_came_before_a_bad_frame_in_one_chunk_is_told() -> None:
    events = StreamReader(Failing(), Machine()).feed(b"a")
    assert events == [*texts("a"), Failed(Failure(FailureKind.BAD_ANSWER, "Bad frame."))]


def test_a_bug_of_ours_is_no_failure_of_the_provider() -> None:
    class Buggy(Machine):
        def take(self, frame: bytes) -> list[Event]:
            raise KeyError(frame)

    with pytest.raises(KeyError):
        StreamReader(Lines(), Buggy()).feed(b"a\n")


lines = st.lists(
    st.sampled_from(
        [b"a", b"b", b"end", b"stop", b"fail", b"error", b"bad", b"{", b'{"id":"x"}', b"nothing"]
    ),
    max_size=6,
)


@given(lines, st.sampled_from([b"", b"\n"]), st.data())
def test_any_chunking_gives_the_same_events_and_one_end(
    told: list[bytes], ending: bytes, data: st.DataObject
) -> None:
    stream = b"\n".join(told) + ending
    events = read(*data.draw(chunkings(stream)))
    assert events == read(stream)
    assert [isinstance(event, Finish | Failed) for event in events] == [False] * (len(events) - 1) + [True]
