"""What reading and writing the wire formats costs, beside what msgspec alone needs for the same bytes.

    python -m benchmarks.wire [--rounds 15]

The body is shaped like a long turn of Claude Code: 24 tools, 20 KB of instructions, and a history of
thinking, calls, results and text that makes it 1 MB; every run measures the same bytes. What is compared
takes turns within a round, and a ratio is the median over the rounds, for machines are noisy. The same
conversation from clients of the other formats is measured for the record.

Streams are fed event by event, as they come from the network while a model writes, and in pieces of 16 KB,
as they come from a fast one. An event is one of the provider's.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from benchmarks.traffic import STREAMS, body_of_a_long_turn
from proxy.wire.canonical import Finish
from proxy.wire.format import Format
from proxy.wire.peek import asked
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.splice import Body, Set
from proxy.wire.tap import Tap
from proxy.wire.target import Expecting, Reply, Target

BYTE_PATH_MS = 2.0
BYTE_PATH_RATIO = 5.0
CANONICAL_RATIO = 3.0
EVENTS_PER_SECOND = 100_000

PIECE = 16 * 1024

TRANSLATIONS = [
    ("openai_chat", "anthropic"),
    ("anthropic", "openai_chat"),
    ("anthropic", "responses"),
    ("responses", "anthropic"),
    ("gemini", "anthropic"),
]


def in_pieces(stream: list[bytes]) -> list[bytes]:
    whole = b"".join(stream)
    return [whole[start : start + PIECE] for start in range(0, len(whole), PIECE)]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """The seconds each of them took, round by round."""
    for work in works:
        work()
    gc.collect()
    gc.disable()
    try:
        return [[seconds(work) for work in works] for _ in range(rounds)]
    finally:
        gc.enable()


@dataclass
class Line:
    """One row of the report: how good it is, how good it must be."""

    name: str
    figure: str
    bar: str
    met: bool


def beside(name: str, rounds: list[list[float]], bar: float | None, most_ms: float | None = None) -> Line:
    """A line for the first of two works, measured by the second; without a bar it is for the record."""
    ours, theirs = (statistics.median(times) * 1e3 for times in zip(*rounds, strict=True))
    ratio = statistics.median(mine / other for mine, other in rounds)
    figure = f"{ours:8.2f} ms   beside {theirs:6.2f} ms   ratio {ratio:5.2f}"
    if bar is None:
        return Line(name, figure, "none", met=True)
    bars = f"< {bar:g}x" + (f", < {most_ms:g} ms" if most_ms is not None else "")
    return Line(name, figure, bars, ratio < bar and (most_ms is None or ours < most_ms))


def byte_path(data: bytes, rounds: int) -> Line:
    scan = msgspec.json.Decoder(dict[str, msgspec.Raw])
    edits = [Set(("model",), b'"claude-haiku-4-5"'), Set(("output_config", "effort"), b'"low"')]

    def ours() -> bytes:
        body = Body(data)
        asked(body)
        return body.spliced(edits)

    times = in_turns(rounds * 4, ours, lambda: scan.decode(data))
    return beside("byte path", times, BYTE_PATH_RATIO, BYTE_PATH_MS)


class Everything:
    """Signatures of the target's own, whatever they are, so that nothing is left out."""

    def __contains__(self, item: object) -> bool:
        return True


def canonical(data: bytes, source: Format, to: Format, rounds: int) -> Line:
    read, write = CLIENT[source].read_request, PROVIDER[to].write_request
    target = Target(model="other", issued=Everything())
    times = in_turns(
        rounds,
        lambda: write(read(data), target),
        lambda: msgspec.json.encode(msgspec.json.decode(data)),
    )
    bar = CANONICAL_RATIO if source is Format.ANTHROPIC else None
    return beside(f"request {source} -> {to}", times, bar)


def translation(source: str, to: str, pieces: list[bytes], events: int, how: str, rounds: int) -> Line:
    new_reader = PROVIDER[Format(source)].stream_reader
    new_writer = CLIENT[Format(to)].stream_writer

    def translate() -> None:
        reader = new_reader(Expecting(seed="x"))
        writer = new_writer(Reply(id="req_1", model="m", created=1_780_000_000))
        event = None
        for piece in pieces:
            for event in reader.feed(piece):
                writer.write(event)
        for event in reader.end():
            writer.write(event)
        if not isinstance(event, Finish):
            raise SystemExit(f"a stream of {source} did not come to its end: {event}")

    return speed(f"stream {source} -> {to}, {how}", translate, events, rounds)


def tapping(source: str, pieces: list[bytes], rounds: int, *, drops: bool) -> Line:
    def pass_on() -> object:
        tap = Tap(Format(source), streamed=True, drop_usage_chunk=drops)
        for piece in pieces:
            tap.pass_on(piece)
        tap.end()
        return tap.told

    return speed(f"tap {source}{', dropping usage' if drops else ''}", pass_on, len(pieces), rounds)


def speed(name: str, work: Callable[[], object], events: int, rounds: int) -> Line:
    rate = events / statistics.median(times[0] for times in in_turns(rounds, work))
    return Line(name, f"{rate:12,.0f} events/s", f"> {EVENTS_PER_SECOND:,}", rate >= EVENTS_PER_SECOND)


def lines(rounds: int) -> Iterator[Line]:
    """One after the other, each measured when it is asked for."""
    data = body_of_a_long_turn()
    print(f"a body of {len(data):,} bytes, {rounds} rounds\n")
    yield byte_path(data, rounds)
    for to in PROVIDER:
        yield canonical(data, Format.ANTHROPIC, to, rounds)
    conversation = CLIENT[Format.ANTHROPIC].read_request(data)
    for source in list(CLIENT)[1:]:
        same = PROVIDER[source].write_request(conversation, Target(model="other", issued=Everything()))
        yield canonical(same.body, source, Format.OPENAI_CHAT, rounds)
    streams = {name: make() for name, make in STREAMS.items()}
    for source, to in TRANSLATIONS:
        stream = streams[source]
        yield translation(source, to, stream, len(stream), "event by event", rounds)
        yield translation(source, to, in_pieces(stream), len(stream), "by 16 KB", rounds)
    for source, stream in streams.items():
        yield tapping(source, stream, rounds, drops=False)
    yield tapping("openai_chat", streams["openai_chat"], rounds, drops=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    met = True
    for line in lines(rounds):
        met &= line.met
        print(
            f"{line.name:<48}{line.figure:<52} bar {line.bar:<16}{'' if line.met else ' NOT met'}", flush=True
        )
    print("\nbars met" if met else "\nbars NOT met")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
